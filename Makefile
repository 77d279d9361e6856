# SE2026 Field. `make help` lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
FUZZ_SECONDS ?= 60
STAMP  := $(VENV)/.installed
# uv pip compile, so that a lock file carries hashes and names no download address
LOCK   := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
          --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet

.PHONY: help setup demo serve test test-fast check format lint types lock bench fuzz spark vectors conformance

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP) ## make the virtual environment in .venv

$(STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: call make with PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## a census day in Kota Pekalongan, then the dashboard
	$(BIN)/se2026 demo

serve: setup ## serve what is there
	$(BIN)/se2026 serve

test: check ## everything: format, lint, types, floors, all tests
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

test-fast: setup ## tests without the slow and the browser ones
	$(BIN)/python -m pytest -n auto -m "not slow and not browser"

check: lint types ## format, lint, floors and types, without tests

format: setup ## write the code in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: setup ## ruff and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: setup ## mypy, strict
	$(BIN)/mypy

lock: setup ## compile the hashed requirement files from pyproject.toml
	$(LOCK) -o requirements/run.txt
	$(LOCK) --extra dev -o requirements/dev.txt
	$(LOCK) --extra dev --extra fuzz -o requirements/fuzz.txt
	$(LOCK) --extra dev --extra spark -o requirements/spark.txt

bench: setup ## speed and memory, as ratios measured side by side
	$(BIN)/python -m bench.validate
	$(BIN)/python -m bench.ingest

fuzz: setup ## every door against made and mutated bytes, FUZZ_SECONDS each, then the property tests at length
	$(BIN)/python -c 'import atheris' || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	for each in $$($(BIN)/python -m tests.fuzz.targets); do \
	    echo "== $$each"; $(BIN)/python -m tests.fuzz.run $$each $(FUZZ_SECONDS) || exit 1; done
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -p no:randomly tests/property \
	    tests/app/registry/test_fold_property.py tests/app/coverage/test_rules.py

spark: setup ## hold matching on Spark against matching on one machine (needs Java)
	$(BIN)/python -c 'import pyspark' || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
	$(BIN)/python -m pytest -p no:randomly tests/matching/batch/test_spark.py

vectors: setup ## make the vectors that gate both form engines anew (needs Java)
	$(BIN)/python -m tests.support.vectors

conformance: setup ## hold both form engines against JavaRosa, and write docs/conformance.md (needs Java)
	$(BIN)/python -m tests.support.conformance
