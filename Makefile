# make demo    on a fresh machine: everything it needs, then the demo
# make test    everything the tests need, then the linter, the type checker and the tests

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What pgretrieve is compared with has an environment of its own: it is large, and its versions are not ours to choose.
PEERS  := .venv-peers

# The encoder comes from a package; nothing here may go looking for a model on the network.
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench bench-peers clean

help: ## what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.installed ## index the documentation of Python's standard library, and search it
	@$(BIN)/pgretrieve demo

# Several at a time, each with servers of its own; a module stays in one process, for what its tests share.
test: $(VENV)/.test lint ## linter, type checker, tests
	$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadscope

lint: $(VENV)/.test ## linter and type checker
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(VENV)/.test ## put the code into the project's form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/.bench ## measure quality and speed; needs test collections
	$(BIN)/python -m benchmarks.run

# PEERS_OPTIONS="--size 20000 --only LangChain"
bench-peers: $(PEERS)/.installed ## measure pgretrieve beside its peers, which are installed for it; needs test collections
	$(PEERS)/bin/python -m benchmarks.peers $(PEERS_OPTIONS)

clean: ## remove the virtual environments and what tools leave behind
	rm -rf $(VENV) $(PEERS) .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build

# Stamps: a target is made again only when what it depends on has changed.

# `pip install --group` came with pip 25.1. Torch goes first, alone: where a machine offers a build for CPUs, it is taken.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pgretrieve needs Python 3.11 or newer: make PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all]'
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group test
	@touch $@

$(VENV)/.bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	@touch $@

$(PEERS)/.installed: pyproject.toml constraints.txt $(wildcard benchmarks/peers/requirements*.txt)
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(PEERS)/bin/python -m pip install --quiet --constraint constraints.txt torch
	$(PEERS)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[all]' --group bench \
		--requirement benchmarks/peers/requirements.txt
	$(PEERS)/bin/python -m pip install --quiet --no-deps --requirement benchmarks/peers/requirements-alone.txt
	@touch $@
