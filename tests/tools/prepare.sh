#!/bin/sh
# Find or install what browser tests and the HTML checker need, and say plainly what is missing.
# With CI=true a missing piece fails.
set -u
missing=""
vnu_version=$(cat tests/tools/vnu-version)

has() { command -v "$1" >/dev/null 2>&1; }
try_apt() {
  if [ "$(id -u)" = 0 ] && has apt-get; then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"; } >/dev/null 2>&1
  fi
}

if ! has chromium && ! has chromium-browser && ! has google-chrome; then
  try_apt chromium fonts-dejavu-core
  has chromium || missing="$missing chromium"
fi
if ! has java; then
  try_apt default-jre-headless
  has java || missing="$missing java"
fi
if [ ! -f .venv/vnu/vnu.jar ]; then
  if has npm; then
    folder=$(mktemp -d)
    (cd "$folder" && npm pack --silent "vnu-jar@$vnu_version" >/dev/null 2>&1 && tar -xzf ./*.tgz) || true
    jar=$(find "$folder" -name vnu.jar | head -n 1)
    if [ -n "$jar" ]; then mkdir -p .venv/vnu && cp "$jar" .venv/vnu/vnu.jar; fi
    rm -rf "$folder"
  fi
  [ -f .venv/vnu/vnu.jar ] || missing="$missing vnu-jar(npm)"
fi
# The provider that signing in with the agency's account is tested against, by its lock file.
if ! cmp -s tests/tools/oidc/package-lock.json .venv/oidc/package-lock.json; then
  if has npm; then
    rm -rf .venv/oidc && mkdir -p .venv/oidc
    cp tests/tools/oidc/package.json tests/tools/oidc/package-lock.json .venv/oidc/
    (cd .venv/oidc && npm ci --silent --ignore-scripts --no-audit --no-fund >/dev/null 2>&1) || rm -rf .venv/oidc
  fi
fi
[ -d .venv/oidc/node_modules/oidc-provider ] || missing="$missing oidc-provider(npm)"

if [ -n "$missing" ]; then
  echo "Not found and not installable here:$missing. Tests that need them are skipped." >&2
  [ "${CI:-}" = true ] && exit 1
fi
exit 0
