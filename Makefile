# Two commands do all their own set-up in .venv: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types format docs notebooks wheel packages pythons clean

demo: $(READY)
	$(BIN)/python -m benchmarks demo --out out

# Two workers, one thread each: the machine's cores are better spent on tests than on barriers.
test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The site, in out/site; warnings are errors.
docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

# For their writers: strip what running has left, put them in order, and run them.
notebooks: $(READY)
	$(BIN)/python -m tests.notebooks.stripping
	$(BIN)/ruff format notebooks
	$(BIN)/python -m pytest -q tests/notebooks

wheel: $(READY)
	$(BIN)/python -m build --wheel --outdir dist .

# The source distribution and the wheel, in dist/, compared with the checkout and with each other.
packages: $(READY)
	.ci/packages

# The wheel with the other versions of Python on this machine.
pythons: packages
	.ci/pythons dist/nesy-*.whl

clean:
	rm -rf $(VENV) dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@
