# Everything a newcomer does: make run, make test. Each sets up first; set up once, it takes no time.
PY := .venv/bin/python
UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.PHONY: run test lint types directions screens bench lab setup lock strings

run: ; @./setup.sh run && exec $(PY) -m app

setup: ; @./setup.sh test

test: export QT_QPA_PLATFORM = offscreen
test: setup lint types directions
	$(PY) -m pytest -q -n 2 --dist loadfile

lint: setup ; $(PY) -m ruff check .

types: setup ; $(PY) -m mypy

directions: setup ; .venv/bin/lint-imports

screens: export QT_QPA_PLATFORM = offscreen
screens: setup ; $(PY) -m bench.screens build/screens

bench: export QT_QPA_PLATFORM = offscreen
bench: setup ; $(PY) -m bench

strings: LANGUAGE ?= en
strings: setup ; $(PY) resources/translations/collect.py $(LANGUAGE)

lab: export QT_QPA_PLATFORM = offscreen
lab: setup
	$(PY) -m tests.lab
	JINGSHI_LAB=1 $(PY) -m pytest -q $$(grep -l 'from tests.sweeps import' -r tests --include='test_*.py')

lock:  # needs uv; raises every pin to the newest allowed one
	echo 'setuptools>=75' | $(UV) --upgrade pyproject.toml - -o requirements.lock
	echo 'setuptools>=75' | $(UV) --upgrade --extra dev -c requirements.lock pyproject.toml - -o requirements-dev.lock
