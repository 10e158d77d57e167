# Two commands are enough: `make demo` opens the product, `make test` runs every check.
SHELL := /bin/bash
PYTHON ?= python3
# An environment that is switched on may have no pip (uv makes them so); the Python it came from has.
BASE = $(shell $(PYTHON) -c 'import sys; print(sys._base_executable)')
UV := .tools/bin/uv
VENV := .venv
RUN := $(VENV)/bin
export PYTHONPATH :=
# Containers often set it; then every process of the tests compiles all modules anew.
unexport PYTHONDONTWRITEBYTECODE
ARGS ?=

.PHONY: help demo test quick fmt lint hooks bench bench-peers drills release audit lock setup setup-test clean

help:
	@echo "make demo    set up and open the product, with invented people"
	@echo "make test    set up and run every check"
	@echo "make quick   the fast tests, on SQLite"
	@echo "make fmt     format the code"
	@echo "make lint    style, types and import contracts"
	@echo "make hooks   the same before every commit"
	@echo "make bench   speed as ratios; needs wrk and an idle machine"
	@echo "make bench-peers  the same beside Django, oTree and Datasette"
	@echo "make drills  kill -9, full disk, lost keys and the like; on both databases"
	@echo "make release what a server installs, with SBOM and checksums, in dist"
	@echo "make audit   known weaknesses in what we need; asks a source of advisories"
	@echo "make lock    write the hashed requirements anew"
	@echo "make clean   remove all that was made"

# What a release for researchers needs is large: it comes beside the demo, which does not wait for it.
demo: patience setup
	@$(MAKE) --silent .make/onderzoek >/dev/null 2>&1 & exec $(RUN)/kopkrakers demo $(ARGS)

# Packages are fetched in silence, and somebody waits.
.PHONY: patience
patience:
	@[ -e .make/run ] || echo "Even geduld: de eerste keer duurt dit een paar minuten."

test: setup-test
	bash .ci/checks

# Without a browser, PostgreSQL or large packages; see tests/quick.py.
quick: .make/quick
	$(RUN)/pytest --quick -q -n auto --maxprocesses 4 $(ARGS)

fmt: setup-test
	$(RUN)/ruff format --quiet .
	$(RUN)/ruff check --quiet --fix-only .

lint: setup-test
	bash .ci/lint

# A link, so that the hook is that of the checkout.
hooks: setup-test
	ln -sf "$(CURDIR)/.ci/pre-commit" "$$(git rev-parse --git-path hooks)/pre-commit"

# Speed as ratios on both databases; needs wrk and a machine with nothing else to do.
bench: setup-test
	$(RUN)/python -m tests.benchmarks $(ARGS)

# Beside the same poll in other products, which are installed for it and go again.
bench-peers: setup-test
	$(RUN)/python -m tests.benchmarks.peers $(ARGS)

# ARGS="--kills 200" kills more often, ARGS="--only disk" runs the drills with that in their name.
drills: setup-test
	$(RUN)/python -m tests.drills $(ARGS)

# Wheel, hashed requirements, SBOM, checksums and a bundle for a server without internet.
release: setup-test
	rm -rf dist
	PYTHON="$(BASE)" .ci/release dist

audit: .make/audit
	.ci/audit

setup: .make/run
setup-test: .make/test

# A bare Debian has pip but no venv module and refuses global installs (PEP 668);
# uv from a folder of our own makes the environment.
$(UV):
	@$(BASE) -m pip --version >/dev/null || { echo "Python has no pip. Type: sudo apt-get install python3-pip" >&2; exit 1; }
	$(BASE) -m pip install --quiet --disable-pip-version-check --target .tools uv

$(RUN)/python: | $(UV)
	PYTHONPATH=.tools $(UV) venv --quiet --python $(PYTHON) $(VENV)

.make/run: requirements.txt pyproject.toml | $(RUN)/python
	$(UV) pip install --quiet --compile-bytecode --python $(RUN)/python --require-hashes -r requirements.txt
	$(UV) pip install --quiet --compile-bytecode --python $(RUN)/python --no-deps -e .
	@mkdir -p .make && touch $@

.make/onderzoek: .make/run requirements-onderzoek.txt
	$(UV) pip install --quiet --python $(RUN)/python --require-hashes -r requirements-onderzoek.txt
	@touch $@

.make/quick: .make/run tests/requirements-quick.txt
	$(UV) pip install --quiet --compile-bytecode --python $(RUN)/python --require-hashes -r tests/requirements-quick.txt
	@touch $@

.make/test: .make/run tests/requirements.txt tests/requirements-chart.txt
	$(UV) pip install --quiet --compile-bytecode --python $(RUN)/python --require-hashes -r tests/requirements.txt
	$(UV) pip install --quiet --python $(RUN)/python --require-hashes --no-deps -r tests/requirements-chart.txt
	bash .ci/programs
	@touch $@

.make/audit: .make/run tests/requirements-audit.txt
	$(UV) pip install --quiet --python $(RUN)/python --require-hashes -r tests/requirements-audit.txt
	@touch $@

# Writes the hashed requirements anew; they name no registry.
lock: | $(UV)
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url pyproject.toml -o requirements.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --extra onderzoek -c requirements.txt pyproject.toml -o requirements-onderzoek.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --group test -c requirements-onderzoek.txt -o tests/requirements.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --group quick -c tests/requirements.txt -o tests/requirements-quick.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-deps --group chart -o tests/requirements-chart.txt
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --group audit -c tests/requirements.txt -o tests/requirements-audit.txt

clean:
	rm -rf .venv .tools .make dist .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
