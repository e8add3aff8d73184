"""The notebooks run from top to bottom without an error or a warning, and hold nothing that running left."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.stripping import METADATA, notebooks, stripped, written
from tests.unit.pages import ROOT, page

FIRST_USE = 600
"""Seconds that a cell may take where code has yet to be compiled; whole notebooks take some after that."""
ALLOWED = {"matplotlib", "nesy", "numpy", "sklearn", "torch"}
"""What notebooks may import, beside modules of Python's own."""
OWN = {"collections", "copy", "dataclasses", "fractions", "io", "operator", "time", "typing"}

PATHS = notebooks()
each_notebook = pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def imported(path: Path) -> set[str]:
    """The top-level modules that a notebook's cells import."""
    found = set()
    for cell in read(path).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    found.add((node.module or "").split(".")[0])
    return found


@pytest.fixture(scope="module")
def fonts() -> None:
    """matplotlib says on standard error when it looks for fonts, which it does once on a computer."""
    import_module("matplotlib.font_manager")


@each_notebook
@pytest.mark.usefixtures("fonts")
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    notebook = read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=FIRST_USE, kernel_name="python3", resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert any(output.get("name") == "stdout" for output in outputs)


@each_notebook
def test_it_holds_nothing_that_running_leaves(path: Path) -> None:
    kept = path.read_text(encoding="utf-8")
    notebook = read(path)
    assert notebook.metadata == METADATA
    assert kept == written(stripped(notebook)), f"{path.name}: run `make notebooks`"


@each_notebook
def test_it_imports_what_comes_with_the_package(path: Path) -> None:
    assert imported(path) <= ALLOWED | OWN


@each_notebook
def test_it_checks_what_it_claims(path: Path) -> None:
    cells = [ast.parse(cell.source) for cell in read(path).cells if cell.cell_type == "code"]
    assert sum(isinstance(node, ast.Assert) for cell in cells for node in ast.walk(cell)) >= 5


def test_what_running_leaves_is_noticed() -> None:
    notebook = read(PATHS[0])
    ran = nbformat.from_dict(notebook)
    first = next(cell for cell in ran.cells if cell.cell_type == "code")
    first.execution_count = 1
    first.outputs = [nbformat.v4.new_output("stream", name="stdout", text="1\n")]
    first.metadata["scrolled"] = True
    assert written(ran) != written(stripped(ran)) == written(stripped(notebook))


def test_the_page_lists_them_all() -> None:
    linked = re.findall(r"\(\.\./notebooks/([\w.]+)\)", page("notebooks"))
    assert linked == [path.name for path in PATHS]
    assert len(PATHS) == 8


def test_pages_that_notebooks_name_are_there() -> None:
    titles = {
        path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        for path in (ROOT / "docs").glob("*.md")
    }
    for path in PATHS:
        last = read(path).cells[-1].source
        named = re.findall(r"\*([A-Z][^*]+)\*", " ".join(last.split()))
        assert named, f"{path.name} names no page at its end"
        assert set(named) <= titles
