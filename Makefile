# make run   opens the dashboard        make test   runs every test, browser included
# make lint  the quick checks           make check  lint and test
# make bench speed and memory beside release 0.1.0, as ratios of one run (not a test)
# make bench-load  what 1 to 20 people at once wait, as ratios (not a test)
PYTHON ?= python3
BIN := .venv/bin
SQL := queries

.PHONY: run test lint check bench bench-load lock docs clean
run:
	@$(PYTHON) tools/bootstrap.py run >/dev/null
	$(BIN)/python -m streamlit run app.py

test:
	@$(PYTHON) tools/bootstrap.py test >/dev/null
	$(BIN)/python -m pytest -n 2 --dist worksteal

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

# Pins anew what requirements.in and requirements-dev.in ask for. Needs uv.
lock:
	uv pip compile -q requirements.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url -o requirements.txt
	uv pip compile -q requirements-dev.in --generate-hashes --universal --python-version 3.11 --no-emit-index-url -o requirements-dev.txt

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
