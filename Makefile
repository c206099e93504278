# Two commands on a bare checkout do everything: `make demo` and `make test`. All paths are relative, so that a
# checkout may lie in a folder with a space in its name.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
SOURCES := pyproject.toml constraints.txt CMakeLists.txt $(wildcard kernels/*)

.PHONY: demo test quick lint bench bench-peers clean help tools

help:
	@echo "make demo    install, simulate the cohort, run the whole study, print where the report is"
	@echo "make test    install and run all tests"
	@echo "make quick   the tests without whole studies"
	@echo "make lint    ruff, mypy, import contracts"
	@echo "make bench   benchmarks; make bench-peers: beside PyRadiomics in its own environment (needs Python 3.9)"
	@echo "make clean   remove what was built (not your studies)"

demo: $(STAMP)
	@"$(RUN)" -m perirad demo demo

test: $(STAMP)
	"$(RUN)" -m pytest -n 2

quick: $(STAMP)
	"$(RUN)" -m pytest -n 2 -m "not slow"

lint: $(STAMP)
	"$(RUN)" -m ruff check .
	"$(RUN)" -m ruff format --check .
	"$(RUN)" -m mypy
	"$(VENV)/bin/lint-imports"

bench: $(STAMP)
	@for file in benchmarks/bench_*.py; do echo "== $$file"; "$(RUN)" -m "benchmarks.$$(basename "$$file" .py)" || exit 1; done

bench-peers: $(STAMP)
	@"$(RUN)" -m benchmarks.peers.run

# One attempt to say plainly what is missing, before pip says it at length.
tools:
	@command -v "$(PYTHON)" >/dev/null || { echo "perirad needs Python 3.11 or newer; '$(PYTHON)' was not found. Install it, or say which: make PYTHON=/path/to/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "perirad needs Python 3.11 or newer; found $$("$(PYTHON)" --version). Say which to use: make PYTHON=python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@command -v "$${CXX:-g++}" >/dev/null || { echo "A C++ compiler is missing ('$${CXX:-g++}' was not found). On Debian or Ubuntu: apt-get install g++"; exit 1; }
	@"$(PYTHON)" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))' || { echo "Python's header files are missing. On Debian or Ubuntu: apt-get install python3-dev"; exit 1; }

$(STAMP): $(SOURCES) | tools
	@test -x "$(RUN)" || "$(PYTHON)" -m venv "$(VENV)"
	@echo "Installing into $(VENV) (a minute or two the first time) ..."
	@"$(RUN)" -m pip install --quiet --disable-pip-version-check -c constraints.txt scikit-build-core nanobind cmake ninja
	@"$(RUN)" -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e ".[dev]"
	@touch "$(STAMP)"

clean:
	rm -rf build "$(VENV)" .mypy_cache .ruff_cache .pytest_cache .hypothesis
