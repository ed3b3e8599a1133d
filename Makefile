# Concierge from nothing: Python 3.11 or newer, make, and a package registry. `make` alone tells what there is.

.DEFAULT_GOAL := help
export UV_PYTHON_DOWNLOADS := never
export UV_NO_CONFIG := 1
# where a machine forbids it, every start of Python compiles everything anew
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough; PYTHON=/path/to/python3 chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$python -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)

PG ?= 18
# files of tests at a time: on two cores three, since some wait for processes; pages alone take as long as four need
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null)
JOBS ?= $(if $(filter-out 1 2,$(CORES)),4,3)
concierge := .venv/bin/python -m concierge
compile := .tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock'

.PHONY: help setup run simulate web worker migrate seed demo ops test test-postgres browser lint format schema openapi goldens screenshots lock bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## everything on this machine: Postgres, migrations, web, worker; SIMULATE=1 plays WhatsApp too (Ctrl-C stops it)
	@$(concierge) run $(if $(SIMULATE),--simulate)

simulate: setup ## write by WhatsApp to `make run SIMULATE=1`; SAY="a message" writes one, ARGS="next lost" does mischief
	@$(concierge) simulate $(if $(SAY),say "$(SAY)") $(ARGS)

web: setup ## the web process alone
	@$(concierge) web

worker: setup ## the worker process alone
	@$(concierge) worker

migrate: setup ## bring the database to this version's schema
	@$(concierge) migrate

seed: setup ## the first tenant with its channel accounts
	@$(concierge) seed

demo: setup ## a message becomes a reminder, told as a timeline; RUNNING=1 plays it to what `make run` started
	@$(concierge) demo $(if $(RUNNING),--running)

ops: setup ## an operator's questions; Q="NAME name=value" asks one
	@$(concierge) ops $(Q)

setup: .venv/ready ## the virtual environment, exactly as locked

# Faults and pages each stay with one process (tests/together.py).
test: setup ## all tests, on a real Postgres; ARGS="-k name" goes to pytest
	@.venv/bin/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

test-postgres: setup ## all tests on a container of another Postgres; PG=15, 16, 17 or 18
	@TEST_PG=docker TEST_PG_VERSION=$(PG) .venv/bin/python -m pytest $(ARGS)

browser: ## Debian's Chromium, for the tests of pages (as root); CHROMIUM=/path/to/one is taken instead
	@[ -n "$(CHROMIUM)" ] || command -v chromium-headless-shell >/dev/null || \
		{ apt-get -qq update && { apt-get -qq -y install chromium-headless-shell || apt-get -qq -y install chromium; }; } || \
		command -v chromium >/dev/null

lint: setup ## style, types, floors, container files and lock files
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/hadolint Dockerfile
	.venv/bin/python -c 'import sys, yaml; yaml.safe_dump(yaml.safe_load(sys.stdin), sys.stdout)' < compose.yaml \
		| .venv/bin/python -c 'import sys, compose_spec; compose_spec.PyCompose.from_yaml(sys.stdin.read())'
	! grep -nE 'https?://|^-' requirements*.txt

format: setup ## put all Python into shape
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

schema: setup ## write sql/schema.sql anew from the migrations
	@$(concierge) schema > sql/schema.sql.new && mv sql/schema.sql.new sql/schema.sql

openapi: setup ## write the description of the HTTP API and its Postman collection anew from the routes
	@$(concierge) describe > concierge/web/describing/openapi.json.new && mv concierge/web/describing/openapi.json.new concierge/web/describing/openapi.json
	@$(concierge) describe --postman > docs/api/postman.json.new && mv docs/api/postman.json.new docs/api/postman.json

goldens: setup ## write the events that the payloads in tests/payloads become anew; the diff is the review
	@.venv/bin/python -m tests.contracts.goldens

screenshots: setup browser ## take the README's pictures of the console anew (docs/images)
	@.venv/bin/python -m tests.browser.screenshots

lock: .tools/bin/uv ## write requirements*.txt anew; UPGRADE=--upgrade takes newer versions
	$(compile) $(UPGRADE) pyproject.toml -o requirements.txt
	$(compile) $(UPGRADE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(compile) $(UPGRADE) --no-annotate - -o requirements-uv.txt
	! grep -nE 'https?://|^-' requirements*.txt

bench: setup ## measured figures, as ratios to plain Postgres
	@.venv/bin/python -m bench $(ARGS)

clean: ## remove what make made, the development database too
	@if [ -L .concierge/postgres ]; then rm -rf "$$(readlink .concierge/postgres)"; fi
	rm -rf .venv .tools .concierge .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A home that cannot be written in, such as nobody's, cannot hold uv's cache; a registry told to pip is told to uv.
.venv/ready: requirements-dev.txt pyproject.toml .tools/bin/uv
	@echo "preparing .venv"
	@set -e; \
	[ -w "$$HOME" ] || export UV_CACHE_DIR="$$PWD/.tools/cache"; \
	index="$${PIP_INDEX_URL:-$$($(PYTHON) -m pip config get global.index-url 2>/dev/null || true)}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$$index}"; fi; \
	.tools/bin/uv venv --quiet --allow-existing --python "$(PYTHON)" .venv; \
	.tools/bin/uv pip sync --quiet --python .venv --require-hashes requirements-dev.txt; \
	.tools/bin/uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

# In an environment of its own; where Debian's python3-venv is missing, in a plain folder.
.tools/bin/uv: requirements-uv.txt
	@if [ -z "$(PYTHON)" ]; then echo "Concierge needs Python 3.11 or newer; none is on PATH" >&2; exit 1; fi
	@echo "fetching uv with $(PYTHON)"
	@rm -rf .tools
	@if "$(PYTHON)" -m venv .tools >/dev/null 2>&1; then \
		.tools/bin/python -m pip install --quiet --require-hashes -r requirements-uv.txt; \
	elif rm -rf .tools && "$(PYTHON)" -m pip --version >/dev/null 2>&1; then \
		"$(PYTHON)" -m pip install --quiet --target .tools --require-hashes -r requirements-uv.txt; \
	else \
		echo "$(PYTHON) has neither venv nor pip; on Debian: apt install python3-venv" >&2; exit 1; \
	fi
	@touch $@
