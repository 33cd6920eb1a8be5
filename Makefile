# The six verbs. Each sets up what it needs; nothing else has to be done by hand.
PYTHON ?= python3
BIN := .venv/bin
# Files of tests side by side; many wait for servers and browsers more than they reckon.
PARALLEL := -q -n auto --maxprocesses 4 --dist loadfile
export UV_LINK_MODE ?= hardlink

# Browsers share the machine with the other tests and may be starved. Where nothing but tests in
# browsers failed (the tests ran, and no other one is left over), those run once more, one by one
# and named; a second failure counts.
FAILED := --last-failed --last-failed-no-failures none
define run_tests
@$(BIN)/python -m pytest $(PARALLEL) --cache-clear -m '$(1)' || { \
	test $$? -eq 1 || exit 1; \
	$(BIN)/python -m pytest $(FAILED) --collect-only -m '($(1)) and not browser' >/dev/null 2>&1; \
	test $$? -eq 5 || exit 1; \
	printf '\nOnly tests in browsers failed; they run once more, one by one:\n'; \
	$(BIN)/python -m pytest -v $(FAILED) -m '($(1)) and browser'; }
endef

.DEFAULT_GOAL := help
.PHONY: help setup demo test slow check fix bench

help: ## Show the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: .venv/.done ## Make .venv with everything that is pinned in constraints.txt

.venv/.done: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep '^uv==' constraints.txt)"
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet --system-certs --constraint constraints.txt --editable '.[cpu,dev]'
	touch $@

demo: setup ## Make a few short videos, index them, search them, start API and page
	$(BIN)/shotseek demo

test: setup ## Run the tests that need no network, GPU or patience
	$(call run_tests,not slow and not gpu and not bench)

slow: setup ## Run the slow tests too
	$(call run_tests,slow and not gpu)

check: setup ## Lint, format, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup ## Mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure
	$(BIN)/shotseek bench decode --out bench-results/decode.json
	$(BIN)/shotseek bench memory --out bench-results/memory.json
