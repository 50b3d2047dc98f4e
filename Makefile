# Everything a newcomer or the CI does, one target each. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip install --disable-pip-version-check
LOCKED := --require-hashes --no-deps -r requirements.lock
PROJECT := --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help

.PHONY: help
help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# The stamp is renewed when the lock or the package metadata changes, so a second run starts at once.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Pingyi needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	@echo "Making .venv from requirements.lock (once; about a minute) ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) -qq $(LOCKED) || $(PIP) $(LOCKED)   # quietly; and once more aloud if it fails
	@$(PIP) -qq $(PROJECT) || $(PIP) $(PROJECT)
	@touch $@

.PHONY: install
install: $(READY) ## make .venv with the locked, hashed dependencies

.PHONY: demo
demo: $(READY) ## live a month of an evaluation in about half a minute (DEMO="--seed 8" passes options)
	@$(BIN)/pingyi demo $(DEMO)

.PHONY: test
test: lint $(READY) ## every check: style, types, room contracts, tests on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: test-long
test-long: $(READY) ## what takes minutes: the chaos run on both databases, rates over three workers
	@$(BIN)/python -m tests.chaos --residents 200 --kills 5 $(CHAOS)   # on each of two databases; `make chaos` is the whole of it
	@$(BIN)/python -m pytest tests/long -s

.PHONY: chaos
chaos: $(READY) ## kill the service in mid-campaign again and again (CHAOS="--residents 50 --kills 4" passes options)
	@$(BIN)/python -m tests.chaos $(CHAOS)

.PHONY: lint
lint: $(READY) ## ruff, mypy strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

.PHONY: bench
bench: $(READY) ## measure ratios against other engines on this machine, in one run
	@$(BIN)/python -m tests.bench

.PHONY: emulators
emulators: $(READY) ## Telegram and Twilio on this machine: run the service against them and type as a resident
	@$(BIN)/python -m tests.emulators

.PHONY: format
format: $(READY) ## lay the code out as the linter wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: golden
golden: $(READY) ## write the golden conversations anew (then read the diff)
	@$(BIN)/python -m pytest tests/dialogue/test_conversations.py tests/templates/test_template_conversations.py \
	  tests/campaign/test_plan_manual.py --write-golden -q

.PHONY: features
features: $(READY) ## write docs/xlsform.md, the table of XLSForm features, anew
	@$(BIN)/python -m surveys.questionnaire.features > docs/xlsform.md

.PHONY: wheel
wheel: $(READY) ## build the wheel and the source archive into dist/
	@$(BIN)/python -m build --no-isolation

.PHONY: lock
lock: $(READY) ## resolve requirements.lock anew (needs uv on the path)
	@uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --universal -p 3.11 -o requirements.lock

.PHONY: clean
clean: ## remove what the targets above made
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
