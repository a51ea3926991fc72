# The few commands. Each does its own set-up: Python 3.11+, git and make are all that must be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SEEDS ?= 10000

.PHONY: demo test lint compare bench clean

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, found " + sys.version)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

demo: $(VENV)/.installed ## a small ledger, walked through; no broker, no network after the install
	@$(BIN)/sla-ledger demo

test: $(VENV)/.installed ## everything: style, types, import law, tests with a real broker
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

lint: $(VENV)/.installed ## style, types and the import law alone
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

compare: $(VENV)/.installed ## product against the plain reference on SEEDS random streams (RARE=1)
	$(BIN)/python -m tests.reference.compare --seeds $(SEEDS) $(if $(RARE),--rare)

bench: $(VENV)/.installed ## the speed bars as ratios, in one run (EVENTS=10000000)
	$(BIN)/python benchmarks/run.py

clean: ## forget the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache
