# Everything Encore does on one machine. `make` alone lists the targets.
# The variables ENCORE_HOME, ENCORE_LOGS, ENCORE_LAKE, ENCORE_COMPUTE and DATABASE_URL come from the environment or `.env`.

SHELL := /bin/sh
.DEFAULT_GOAL := help

USERS ?= 250
DAYS ?= 60
SEED ?= 1
PORT ?=
# each test process has a Spark session and a database of its own
WORKERS ?= 2
# slow tests run before a release, by `make test-all`: each says why it is slow
MARKED = -m "not slow"

# looked for when needed: the first Python that runs and is a 3.11 (a shim may exist and not run)
PYTHON311 = $(shell for name in $(ENCORE_PYTHON) python3.11 python3 python /usr/bin/python3.11 .venv/bin/python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
BIN := .venv/bin
LOCAL := $(BIN)/python -m deploy.local
RUN := $(LOCAL) run
MANAGE := python webportal/manage.py
MIGRATE := $(RUN) --no-java -- sh -c '$(MANAGE) migrate --noinput -v 0 && $(MANAGE) database_roles'
# tests get a home, an inbox, a lake and a database of their own, whatever the shell or `.env` names
TEST_SETTINGS := ENCORE_HOME=.encore/test ENCORE_LOGS= ENCORE_LAKE= ENCORE_COMPUTE=local \
	DATABASE_URL="$(TEST_DATABASE_URL)" MIGRATE_DATABASE_URL= PUBLISH_DATABASE_URL= DJANGO_SETTINGS_MODULE=webportal.config.settings.test

.PHONY: help up down status quick test test-all materialize alerts backup restore simulate check audit fix bench screenshots docs walk release portal dagster password lock clean env env-dev

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

env: # the environment that running needs
	@python="$(PYTHON311)"; if [ -z "$$python" ]; then \
		echo "Encore: there is no Python 3.11: sudo apt-get install python3.11-venv (or ENCORE_PYTHON=/path/to/python3.11)" >&2; \
		exit 1; fi; "$$python" -m deploy.local.bootstrap

env-dev: # the environment with what tests and checks need
	@python="$(PYTHON311)"; if [ -z "$$python" ]; then \
		echo "Encore: there is no Python 3.11: sudo apt-get install python3.11-venv (or ENCORE_PYTHON=/path/to/python3.11)" >&2; \
		exit 1; fi; "$$python" -m deploy.local.bootstrap --dev

up: env ## Bring up Postgres, portal and Dagster, print where they are, compute what is new
	@$(LOCAL) up

down: env ## Stop what `make up` started
	@$(LOCAL) down

status: env ## Show what runs and where
	@$(LOCAL) status

quick: env-dev ## Run the tests that need neither Spark, Postgres nor a browser, in a minute (ARGS="-k name" for some)
	@$(TEST_SETTINGS) $(RUN) --no-java --no-postgres -- pytest -q -n $(WORKERS) --dist worksteal -m "not slow and not spark and not postgres and not browser" $(ARGS)

test: env-dev ## Run every test but the slow ones, browser tests included (ARGS="-k name" for some, WORKERS=0 in one process)
	@$(LOCAL) programs
	@$(TEST_SETTINGS) $(RUN) --as-owner --stop-after -- pytest -n $(WORKERS) --dist loadfile $(MARKED) $(ARGS)

test-all: MARKED =
test-all: test ## Run every test, slow ones included

materialize: env ## Ingest what is new in ENCORE_LOGS, compute everything, publish
	@$(MIGRATE)
	@$(RUN) --for pipeline -- python -m orchestration materialize; code=$$?; \
	if [ $$code -eq 0 ] || [ $$code -eq 3 ]; then $(RUN) --no-java --for portal -- $(MANAGE) follow_snapshots --once || exit; fi; \
	exit $$code # 3: published, but damaged log files were left out

alerts: env ## Follow snapshots alone, in the foreground: count outcomes, tell who watches (EVERY=60)
	@$(MIGRATE)
	@$(RUN) --no-java --for portal -- $(MANAGE) follow_snapshots --every "$(or $(EVERY),60)"

backup: env ## Write Postgres and lake, as they are at one moment, into a folder: TO=/backups/monday
	@$(LOCAL) backup --to="$(TO)"

restore: env ## Put a backup into the place of Postgres and lake: FROM=/backups/monday CONFIRM=yes
	@$(LOCAL) restore --from="$(FROM)" --confirm="$(CONFIRM)"

simulate: env ## Write sample logs: USERS=250 DAYS=60 SEED=1 OUT=folder (default: the inbox)
	@$(RUN) --no-postgres -- sh -c 'exec python -m spark_assets.simulation \
		--users "$(USERS)" --days "$(DAYS)" --seed "$(SEED)" --out "$${1:-$$ENCORE_LOGS}"' simulate "$(OUT)"

check: env-dev ## Lint, format, types, import rules, secrets, known vulnerabilities, definitions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache --no-logo
	@if [ -f tests/test_architecture.py ]; then \
		$(TEST_SETTINGS) $(RUN) --no-java --no-postgres -- pytest -q tests/test_architecture.py tests/test_secrets.py; fi
	@$(BIN)/python -m deploy.local.requirements audit
	@if [ -f orchestration/definitions.py ]; then \
		$(TEST_SETTINGS) $(RUN) --no-java --no-postgres -- dg check defs; fi

audit: env-dev ## Look for known vulnerabilities of the pinned packages, where the advisory service can be asked
	@$(BIN)/python -m deploy.local.requirements audit

fix: env-dev ## Put right what lint and format can put right themselves
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: env-dev ## Run the benchmarks and print their figures
	@if ls tests/benchmarks/test_*.py >/dev/null 2>&1 || ls tests/benchmarks/*/test_*.py >/dev/null 2>&1; then \
		$(TEST_SETTINGS) $(RUN) --as-owner --stop-after -- python -m pytest tests/benchmarks -s $(ARGS); \
	else echo "There are no benchmarks yet in tests/benchmarks."; fi

screenshots: env-dev ## Write a picture of every page of the portal into docs/images/portal (OUT=folder)
	@$(LOCAL) programs chromium
	@$(TEST_SETTINGS) $(RUN) --as-owner --stop-after --no-java -- python -m tests.webportal.browser.screenshots "$(or $(OUT),docs/images/portal)"

docs: env-dev ## Build the documentation site into the folder site; a broken link is an error
	@$(BIN)/zensical build --strict --clean
	@echo "Read it: $(BIN)/python -m http.server --bind 127.0.0.1 --directory site 8001, then http://127.0.0.1:8001"

walk: env-dev ## Walk through an operator's first week by the commands of the docs, write its pictures (OUT=folder)
	@$(LOCAL) programs chromium
	@$(TEST_SETTINGS) $(RUN) --no-postgres --no-java -- python -m tests.e2e.first_week "$(or $(OUT),docs/images)"

release: env-dev ## Make a release of a clean main, push nothing: VERSION=0.2.0 (SKIP_TESTS=yes: tests were run)
	@if [ "$(origin VERSION)" != "command line" ]; then echo "Say which version: make release VERSION=0.2.0" >&2; exit 1; fi
	@$(BIN)/python -m deploy.local.release "$(VERSION)" --skip-tests="$(SKIP_TESTS)"

portal: env ## Run the portal alone, in the foreground, reloading on changes (PORT=8000)
	@$(MIGRATE)
	@$(RUN) --no-java --for portal -- $(MANAGE) runserver 127.0.0.1:$(or $(PORT),8000)

dagster: env ## Run Dagster alone, in the foreground (PORT=3000)
	@$(MIGRATE)
	@$(RUN) --for pipeline -- dg dev --host 127.0.0.1 --port $(or $(PORT),3000)

password: env ## Give a user a new password: USER=agent
	@if [ "$(origin USER)" != "command line" ]; then echo "Say whose: make password USER=agent" >&2; exit 1; fi
	@$(RUN) --no-java -- $(MANAGE) reset_password "$(USER)"

lock: env-dev ## Pin requirements*.txt from pyproject.toml (ARGS=--upgrade for the newest)
	@$(BIN)/python -m deploy.local.requirements lock $(ARGS)

clean: env ## Delete ENCORE_HOME with database, lake and logs (CONFIRM=yes)
	@$(LOCAL) clean --confirm="$(CONFIRM)"
