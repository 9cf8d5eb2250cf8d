# One command sets up, one shows the product, one checks. CI calls the same.
PY ?= python3
BIN := .venv/bin

.PHONY: demo test check setup bench lock docs site clean

demo: .venv/.runs            ## the whole story on bundled data
	@$(BIN)/podium demo

test: check                  ## every check and every test
	@$(BIN)/pytest -n 2 -q

check: .venv/.ready          ## style, types, who imports whom
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.ready          ## speed, as ratios within one run
	@$(BIN)/python -m benchmarks

setup: .venv/.ready          ## the environment, from the lock file

.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Podium needs Python 3.11 or newer: make PY=python3.12 …")'
	@$(PY) -m venv .venv
.venv/.runs: .venv/bin/python requirements.lock pyproject.toml
	@echo "setting up .venv from requirements.lock …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
.venv/.ready: .venv/.runs requirements-dev.lock
	@echo "adding what the tests need from requirements-dev.lock …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

docs: .venv/.ready           ## the generated pages: the command line and the pictures of the README
	@$(BIN)/python -m typer podium.app.cli utils docs --name podium --output docs/cli.md >/dev/null
	@$(BIN)/python tools/make_picture.py docs/pictures

site: .venv/.ready           ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q

UV := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: .venv/bin/python       ## renew both lock files
	@$(BIN)/python -m pip install -q uv
	@$(UV) pyproject.toml --all-extras --group dev -o requirements-dev.lock
	@$(UV) pyproject.toml --group build -c requirements-dev.lock -o requirements.lock

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache podium-out site
