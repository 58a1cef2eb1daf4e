# kiemtin: `make demo` to see it, `make test` to trust it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo run test test-services check bench lock clean

help:            ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

# One environment from the hashes of the lock; uv goes in first because it installs the rest in seconds.
$(VENV)/ready: requirements-dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/ready    ## the whole service on a local newsroom, ready to click; Ctrl-C stops it, again goes on
	@$(BIN)/kiemtin demo

run: $(VENV)/ready     ## the service on the real sources of the office's home (make one: .venv/bin/kiemtin init)
	@$(BIN)/kiemtin run

test: $(VENV)/ready    ## all tests that need no other server than the project's own
	@$(BIN)/python -m pytest -n 2 -m "not service"

test-services: $(VENV)/ready    ## the tests that need a browser or a server, starting what they find
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m service

check: $(VENV)/ready   ## lint, format, types, the plan of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_house.py

bench: $(VENV)/ready   ## measure, and tell it in docs/performance.md (`make bench NAMES=soak`: see bench/__main__.py)
	@$(BIN)/python -m bench $(NAMES)

lock: $(VENV)/ready    ## pin every dependency by hash
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra dev pyproject.toml -o requirements-dev.lock

clean:           ## forget the environment
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
