# Everything that is typed at this project. `make demo` and `make test` need nothing but Python 3.11, make and git.
#
# One virtual environment, .venv, filled from the locked files; a stamp file in it stands for each step that
# is done, so that a second call starts at once. `make clean` takes it all away again.

PYTHON ?= python3
WORKERS ?= 2
SIMULATION ?= yes
UNITS ?=
SEEDS ?= 1000
FROM ?= 1
PLANT ?=
EVENTS ?= 1000000
# How many hours `make feeds` plays of a day from 07:30 on.
HOURS ?= 24
SEED ?= 2015
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet --quiet
# Our own code runs from this folder; only what it needs is installed from outside, and only what is locked.
INSTALL = $(PIP) install --no-deps --require-hashes --requirement
OURSELVES = $(PIP) install --no-deps --no-build-isolation --no-index --editable .
SOURCES := $(wildcard controlroom simulators benchmarks scripts tests)
CHECKS := check-types check-house check-browser check-layers check-style
VENDOR := $(wildcard scripts/vendor.py package-lock.json)

# The tests start these programs some hundreds of times: compiled once, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check programs vendor bench proofs stories feeds simulate shift chaos garbage pictures lock secrets clean recount \
	$(CHECKS)

help:  ## Say what can be made
	@grep -hE '^[a-z]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*  ## (.*)/make \1\t\2/' | expand -t 16

demo: .venv/run.stamp .venv/vendor.stamp  ## Run the whole house on this machine: broker, store, room, city
	@$(BIN)/controlroom demo

test: programs .venv/dev.stamp .venv/vendor.stamp .venv/node.stamp  ## Install what is missing, check, and run every test
	@# Both are asked, whatever the first one says: who mends the one wants to know of the other.
	@# The house's own rules are asked by the first.
	@checked=0; $(MAKE_COMMAND) --no-print-directory check || checked=$$?; \
		$(BIN)/pytest -q -n $(WORKERS) --dist worksteal --ignore tests/tidy && exit $$checked

check: .venv/dev.stamp .venv/vendor.stamp .venv/node.stamp  ## Lint, format, types, layers, and the house's own rules
	@# Side by side, and the longest first; every one is asked, whatever the others say.
	@$(MAKE_COMMAND) --no-print-directory --keep-going --jobs=$(WORKERS) $(CHECKS)
	@echo "check: all good"

check-types:
	@$(BIN)/mypy --no-error-summary $(SOURCES)

check-house:
	@$(BIN)/pytest -q -p no:cacheprovider tests/tidy

check-browser:
	@# The compiler itself, not its launcher: that one would need a Node on the path. One platform's is installed.
	@node_modules/@typescript/*/lib/tsc --project tsconfig.json

check-layers:
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo >.venv/lint-imports.log 2>&1 || { cat .venv/lint-imports.log; exit 1; }

check-style:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted; run: $(BIN)/ruff format ."; exit 1; }

programs:
	@sh scripts/programs.sh mosquitto:mosquitto mosquitto_pub:mosquitto-clients chromium:chromium \
		prometheus:prometheus promtool:prometheus

vendor: .venv/vendor.stamp  ## Fetch the browser's third-party files

# The way to the screen, with consoles open and clients that misbehave: benchmarks/console.py; the map: benchmarks/map.py.
# Parts of it: benchmarks/broker.py, benchmarks/load.py and benchmarks/floor.py. To be run by themselves:
# benchmarks/journal.py for the store, benchmarks/room.py for a room ten times a city, benchmarks/watches.py,
# benchmarks/rules.py, benchmarks/proofs.py and benchmarks/mutations.py for the rules, benchmarks/replay.py for replay,
# benchmarks/past.py for a look into the past, benchmarks/managers.py for the scorecard, benchmarks/ledger.py for a plan year,
# benchmarks/panic.py for the way from a panic to the terminal. Of replay: benchmarks/shadow.py too.
bench: .venv/dev.stamp programs  ## Measure rate and latency; the last line is one JSON object
	@$(BIN)/python -m benchmarks.route --plot docs/plots/route.png

proofs: .venv/dev.stamp  ## Prove rule tables harder: a million pairs, every mutant; the last line is one JSON object
	@RULES_PAIRS=1000000 $(BIN)/pytest -q tests/rules
	@$(BIN)/python benchmarks/mutations.py

stories: .venv/dev.stamp .venv/vendor.stamp programs  ## Perform every story against the real service; the last line is one JSON object
	@$(BIN)/python -m tests.stories

feeds: .venv/dev.stamp .venv/vendor.stamp programs  ## Play HOURS of a whole day into the real service at full speed, and count what arrived
	@FEED_HOURS=$(HOURS) $(BIN)/pytest -q -s --timeout 3600 tests/integration/feeds/test_live_room.py -k nothing_is_lost

shift: .venv/dev.stamp .venv/vendor.stamp programs  ## Show that a console page holds no more after a shift of eight hours
	@SHIFT_HOURS=8 $(BIN)/pytest -q --timeout 1200 tests/integration/console/test_shift_memory.py

simulate: .venv/dev.stamp  ## Live SEEDS simulated days from day FROM on, with a bug if PLANT names one
	@$(BIN)/python -m tests.simulation --from $(FROM) --seeds $(SEEDS) --plant "$(PLANT)"

recount: .venv/dev.stamp  ## Count a simulated plan year of EVENTS events twice; the last line is one JSON object
	@$(BIN)/python -m tests.recount --events $(EVENTS) --seed $(SEED)

chaos: .venv/dev.stamp .venv/vendor.stamp programs  ## Kill room and store under load; the last line is one JSON object
	@$(BIN)/python -m tests.chaos

pictures: .venv/dev.stamp .venv/vendor.stamp programs  ## Take a picture of every page in every theme into docs/console
	@$(BIN)/python -m tests.pictures

garbage: .venv/dev.stamp .venv/vendor.stamp programs  ## Mix garbage with good signals; the last line is one JSON object
	@$(BIN)/python -m tests.chaos.garbage_day

lock: .venv/dev.stamp  ## Write requirements/*.txt anew from pyproject.toml
	@$(PIP) install 'uv>=0.13'
	@$(BIN)/python scripts/lock.py

secrets: .venv/run.stamp  ## Make the passwords and keys that docker compose mounts, in var/secrets
	@$(BIN)/python scripts/make_secrets.py --units $(UNITS) --simulation $(SIMULATION)

clean:  ## Take away what was installed; var/ with its journal stays
	rm -rf .venv dist node_modules controlroom/console/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@echo "making .venv"
	@sh scripts/python.sh $(PYTHON)

.venv/run.stamp: requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "installing what the service runs on"
	@$(INSTALL) requirements/run.txt
	@$(OURSELVES)
	@touch $@

.venv/dev.stamp: requirements/dev.txt pyproject.toml | .venv/bin/python
	@echo "installing what the tests need"
	@$(INSTALL) requirements/dev.txt
	@$(OURSELVES)
	@touch $@ .venv/run.stamp

.venv/node.stamp: package-lock.json scripts/node_tools.py | .venv/dev.stamp
	@echo "fetching what only the tests read from npm"
	@$(BIN)/python -m scripts.node_tools
	@touch $@

.venv/vendor.stamp: $(VENDOR) | .venv/run.stamp
	@$(if $(VENDOR),echo "fetching the browser's third-party files" && $(BIN)/python $(firstword $(VENDOR)))
	@touch $@
