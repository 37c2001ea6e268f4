# Commands for developers. Each target installs its requirements, so `make run` works on a fresh clone.
PYTHON ?= $(shell command -v python3.13 || command -v python3)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
# Without the templates included inline: djade would end them with a newline, which would render as a space.
TEMPLATES := git ls-files -z -- '*.html' ':!templates/icon.html' ':!templates/time.html' ':!templates/allauth/elements/button_kind.html'

# The photos for the head finder and the mask of the head: a folder with labels.json and what it names. They are no part
# of the project.
PHOTOS ?= pet-heads

.PHONY: run test test-all lint fix messages bench chaos lock train-head-finder measure-head-finder train-head-mask measure-head-mask draw-dancer

run: .venv/runtime  ## the web app and its worker, with a demo owner and a staff user
	@DEBUG=1 $(MANAGE) run_dev

test: .venv/develop  ## lint, types and the quick tests, on SQLite and PostgreSQL
	@$(BIN)/python -m tests.run quick

test-all: .venv/develop  ## the same, and the slow tests
	@$(BIN)/python -m tests.run quick rest

lint: .venv/develop  ## check code, imports, templates, spelling, pinned versions, types, vocabulary and translations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@$(TEMPLATES) | xargs -0 $(BIN)/djade --target-version 6.1 --check
	@$(BIN)/codespell
	@$(BIN)/python tools/check_locks.py
	@DEBUG=1 $(BIN)/mypy
	@$(BIN)/python tools/check_words.py
	@$(BIN)/python tools/check_messages.py

fix: .venv/develop  ## apply automatic fixes
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	@$(TEMPLATES) | xargs -0 $(BIN)/djade --target-version 6.1 || true

messages: .venv/develop  ## after a change of marked sentences: update and compile the translations (needs gettext)
	@$(BIN)/python tools/check_messages.py --write

bench: .venv/develop  ## benchmark the studio, the pages and the admin, each against a baseline measured in the same run
	@$(BIN)/python -m bench.studio
	@$(BIN)/python -m bench.web
	@$(BIN)/python -m bench.admin

chaos: .venv/develop  ## 100 kills, 300 videos, 500 faults and a long run of the state machine, on both databases
	@$(BIN)/python -m tests.chaos
	@$(BIN)/python -m tests.chaos --postgresql
	@$(BIN)/python -m tests.stateful --examples 300
	@$(BIN)/python -m tests.stateful --examples 300 --postgresql

train-head-finder: .venv-train/installed  ## train the head finder on the photos in PHOTOS=folder, and measure it
	@.venv-train/bin/python -m tools.head_finder.train "$(PHOTOS)" var/head-finder

measure-head-finder: .venv/runtime  ## measure the head finder on the held-out photos in PHOTOS=folder
	@$(BIN)/python -m tools.head_finder.measure "$(PHOTOS)"

train-head-mask: .venv-train/installed  ## train the mask of the head on the photos in PHOTOS=folder, and measure it
	@.venv-train/bin/python -m tools.head_mask.train "$(PHOTOS)" var/head-mask

measure-head-mask: .venv/runtime  ## measure the mask of the head on the held-out photos in PHOTOS=folder
	@$(BIN)/python -m tools.head_mask.measure "$(PHOTOS)"

draw-dancer: .venv-art/installed  ## render the dancer's drawings to the atlases of the studio
	@.venv-art/bin/python -m tools.dancer_art.build

lock:  ## after a change to pyproject.toml: update uv.lock and the requirements files (needs uv)
	uv lock --default-index https://pypi.org/simple
	uv export --frozen --quiet --no-header --no-dev --format requirements.txt --output-file requirements.txt
	uv export --frozen --quiet --no-header --format requirements.txt --output-file requirements-dev.txt
	uv export --frozen --quiet --no-header --no-dev --group train --format requirements.txt --output-file requirements-train.txt
	uv export --frozen --quiet --no-header --no-dev --group art --format requirements.txt --output-file requirements-art.txt
	uv export --frozen --quiet --no-header --no-dev --group c2pa --format requirements.txt --output-file requirements-c2pa.txt
	@$(PYTHON) tools/check_locks.py

.venv/bin/python: .python-version
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 13))' || { echo "PetGroove needs Python 3.13 or newer; this machine's $(PYTHON) is $$($(PYTHON) -V 2>&1). Install Python 3.13, or specify its path: make run PYTHON=/path/to/python3.13"; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo "The virtual environment could not be created. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/runtime: .venv/bin/python requirements.txt
	@echo "Installing PetGroove's dependencies (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/develop: .venv/bin/python requirements-dev.txt
	@echo "Installing the development dependencies (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/runtime

# An environment of its own: run and test never see these packages.
.venv-train/installed: .python-version requirements-train.txt
	@echo "Installing what the training needs (once) ..."
	@$(PYTHON) -m venv --clear .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.txt
	@touch $@

# The renderer of the drawings, which neither run nor test needs.
.venv-art/installed: .python-version requirements-art.txt
	@echo "Installing what the drawings need (once) ..."
	@$(PYTHON) -m venv --clear .venv-art
	@.venv-art/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-art.txt
	@touch $@
