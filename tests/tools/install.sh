#!/bin/sh
# Install a lock file with its hashes into .venv: by uv where it is, else by pip.
set -eu
if command -v uv >/dev/null 2>&1; then
  uv pip install -q --python .venv --require-hashes -r "$1"
else
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1"
fi
