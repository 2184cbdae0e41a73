# Everything a contributor needs: make run, make test, make check.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
# Python keeps its bytecode, also where the environment says otherwise: each of the many processes
# of a run would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install run check check-types check-rest test bench format clean

install: $(VENV)/installed $(BIN)/elearn

run: install
	@$(BIN)/elearn demo --serve

check: $(VENV)/installed-dev
	@$(MAKE) --no-print-directory -j2 check-types check-rest

check-types: $(VENV)/installed-dev
	$(BIN)/mypy

check-rest: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/codespell --skip docs/penulis.md README.md CHANGELOG.md CONTRIBUTING.md docs
	$(BIN)/python -m tests.tools.course_check

test: $(VENV)/installed-dev $(BIN)/elearn
	@sh tests/tools/prepare.sh
	$(BIN)/pytest -n auto --dist loadfile
	ELEARN_TEST_DATABASE=postgresql $(BIN)/pytest -n auto --dist loadfile --ignore=tests/journeys

bench: $(VENV)/installed-dev $(BIN)/elearn
	$(BIN)/python -m bench

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	@if command -v uv >/dev/null 2>&1; then uv venv -q --python "$(PYTHON)" $(VENV); \
	else $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python lacks venv: install the package python3-venv (Debian, Ubuntu), then run this again." >&2; exit 1; }; fi

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@sh tests/tools/install.sh requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@sh tests/tools/install.sh requirements-dev.txt
	@touch $@ $(VENV)/installed

$(BIN)/elearn: Makefile | $(VENV)/bin/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(BIN)/python" -m elearn "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
