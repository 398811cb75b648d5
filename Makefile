# make run   opens the dashboard
# make lint  the quick checks           make check  lint and test
# make test-quick  every rule and indicator case and all tests that are quick: under 2 minutes, without a browser
# make test        what a push must pass, in a real browser too: 15 minutes on 2 fast cores, longer on slow ones
# make test-long   everything, with long random runs and every option of every list in the browser: hours
# make coverage    what a push must pass without a browser, and which lines and branches it runs
# Tests are marked: browser (needs Chromium), slow (left out by test-quick), long (run by test-long alone).
# make bench speed and memory compared with release 0.1.0, as ratios of one run (not a test)
# make bench-load  what 1 to 20 people at once wait, as ratios (not a test)
PYTHON ?= python3
BIN := .venv/bin
SQL := queries

.PHONY: run test test-quick test-long coverage lint check bench bench-load lock docs clean
run:
	@$(PYTHON) tools/bootstrap.py run >/dev/null
	$(BIN)/python -m streamlit run app.py

test:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not long"

test-quick:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not slow and not long"

test-long:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	SEN2DASH_EVERY_OPTION=1 $(BIN)/python -m pytest -n 2 --dist worksteal

coverage:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not browser and not long" --cov

lint:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell -D - -D tools/british_spelling.txt
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 $(SQL)

check: lint test

bench:
	@$(PYTHON) tools/bootstrap.py run >/dev/null
	$(BIN)/python benchmarks/bench.py

bench-load:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/python benchmarks/load.py

# Makes the rule reference and its examples from the rule files and their cases; a test fails when they are stale.
docs:
	@$(PYTHON) tools/bootstrap.py run >/dev/null
	$(BIN)/python tools/make_docs.py

# Pins anew what requirements.in, requirements-server.in and requirements-dev.in ask for. Needs uv.
lock:
	uv pip compile -q requirements.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url -o requirements.txt
	uv pip compile -q requirements-server.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url -o requirements-server.txt
	uv pip compile -q requirements-dev.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url -o requirements-dev.txt

clean:
	rm -rf .venv build .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
