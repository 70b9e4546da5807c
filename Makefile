# Each target runs one command that also works by hand. A bare `make` prints this list.
SHELL := /bin/sh
PY := .venv/bin/python
STAMP := .venv/.installed
DEV := requirements-dev.txt
PYTEST_FLAGS ?=
export DJANGO_SETTINGS_MODULE = s3cop.settings
# Images for containers often forbid it, and then each of our processes compiles all sources anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help demo test e2e lint types bench lock screenshots clean
help: ## print this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(STAMP): $(DEV)
	@echo "Installing the locked dependencies into .venv"
	@if command -v uv >/dev/null 2>&1; then \
	  { test -x $(PY) || uv venv --quiet .venv; } && uv pip sync --quiet --python $(PY) $(DEV); \
	else \
	  { test -x $(PY) || python3 -m venv .venv; } && $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(DEV); \
	fi
	@touch $@

demo: $(STAMP) ## install, start database, broker, worker and web server with demo data
	@exec $(PY) manage.py demo

test: $(STAMP) ## run all tests against a real PostgreSQL; browser tests where Chromium is found
	$(PY) -m pytest -n 4 $(PYTEST_FLAGS)

e2e: $(STAMP) ## run the browser tests only
	$(PY) -m pytest -m e2e -n 4 $(PYTEST_FLAGS)

lint: $(STAMP) ## style, templates, imports, migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	git ls-files -z 'templates/*.html' '*/templates/*.html' | xargs -0 .venv/bin/djade --target-version 5.2 --check
	.venv/bin/lint-imports --no-logo
	$(PY) manage.py makemigrations --check --dry-run

types: $(STAMP) ## check types, strictly
	.venv/bin/mypy .

bench: $(STAMP) ## measure speed as ratios in one run
	$(PY) -m tests.bench

lock: ## resolve pyproject.toml into the hash-locked requirements (needs uv; UPGRADE=1 takes newer versions)
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@! grep -n '://' requirements.txt requirements-dev.txt || { echo "a lock names an address"; exit 1; }

screenshots: $(STAMP) ## picture the main pages into docs/img (needs Chromium)
	$(PY) -m tests.browser.screenshots

clean: ## stop the private servers; remove var/, caches and .venv
	@if test -x $(PY); then $(PY) -m s3cop.local clear; fi
	rm -rf var staticroot .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
