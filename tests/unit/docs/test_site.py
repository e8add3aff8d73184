"""The documentation's site builds without a warning, loads nothing from elsewhere, and has what it should."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest

from nesy_site.notebooks import as_page, notebooks
from nesy_site.pages import benchmarks
from nesy_site.repository import address, rewritten
from tests.unit.pages import ROOT, page

PUBLIC = (
    "nesy",
    "nesy.algebra",
    "nesy.circuit.formats",
    "nesy.circuit.passes",
    "nesy.compile.backends",
    "nesy.engines.auto",
    "nesy.engines.diffusion",
    "nesy.engines.explaining",
    "nesy.engines.pruning",
    "nesy.engines.reasoning",
    "nesy.engines.sampling",
    "nesy.engines.sat",
    "nesy.engines.surrogate",
    "nesy.engines.topk",
    "nesy.kernels",
    "nesy.nn",
    "nesy.nn.training",
    "nesy.viz",
)
"""Modules all of whose names are on the pages of the API."""


class Elements(HTMLParser):
    """What a page refers to, and the places it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places.add(given.get("id", ""))
        if tag in ("script", "img", "iframe", "source"):
            self.loaded.append(given.get("src", ""))
        if tag == "link" and given.get("rel") != "canonical":
            self.loaded.append(given.get("href", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built strictly."""
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def elements(site: Path, uri: str) -> Elements:
    return Elements((site / uri).with_suffix(".html").read_text(encoding="utf-8"))


def documented() -> Iterator[str]:
    """Full names that the API has to tell of: public ones, and those that pages import."""
    for module in PUBLIC:
        yield from (f"{module}.{n}" for n in import_module(module).__all__ if not n.startswith("__"))
    for path in (ROOT / "docs").glob("*.md"):
        for code in re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            for node in ast.walk(ast.parse(code)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "nesy":
                    yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named(full: str) -> object:
    """What a full name stands for, wherever it is imported from."""
    module, _, name = full.rpartition(".")
    return getattr(import_module(module), name)


def test_the_site(site: Path) -> None:
    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    assert len(pages) > 40
    for uri in pages:
        reached = [link for link in elements(site, uri).loaded if re.match(r"(https?:)?//", link)]
        assert not reached, f"{uri} loads {reached}"
    for path in (*benchmarks(), *notebooks()):
        assert (address(path) or "").replace(".md", ".html") in pages
    assert sum(place.startswith("rule-") for place in elements(site, "grammar").places) > 50
    assert {"nesy.ebnf", "operators.tsv"} <= {path.name for path in (site / "grammar").iterdir()}
    assert list(site.rglob("*.pyc")) == []


def test_a_notebook_is_a_page_of_its_text_and_its_code() -> None:
    text = as_page("notebooks/01_first_steps.ipynb")
    assert text.startswith("# First steps\n\n*The notebook `notebooks/01_first_steps.ipynb`")
    assert "```python\nimport matplotlib.pyplot as plt\n" in text
    assert text.count("```") % 2 == 0


def test_the_index_links_to_every_benchmark() -> None:
    assert [path for path in benchmarks() if f"(../{path})" not in page("index")] == []


def test_the_api_tells_of_every_public_name(site: Path) -> None:
    places = {
        place
        for path in (site / "api").glob("*.html")
        for place in Elements(path.read_text(encoding="utf-8")).places
        if place.startswith("nesy.")
    }
    told = {id(named(place)) for place in places if not re.search(r"[A-Z]\w*\.", place)}
    missing = {name for name in documented() if name not in places and id(named(name)) not in told}
    assert not missing, f"docs/api tells nothing of {sorted(missing)}"


@pytest.mark.parametrize(
    ("path", "link", "moved"),
    [
        ("docs/index.md", "../benchmarks/hmm/README.md", "benchmarks/hmm.md"),
        ("docs/coming_from/ltn.md", "../../benchmarks/hmm/README.md#data", "../benchmarks/hmm.md#data"),
        ("docs/language.md", "../grammar/nesy.ebnf", "grammar/nesy.ebnf"),
        ("docs/editor.md", "../grammar/vscode/README.md", "grammar/vscode.md"),
        ("docs/notebooks.md", "../notebooks/04_sudoku.ipynb", "notebooks/04_sudoku.md"),
        ("docs/training.md", "examples", "examples/index.md"),
        ("docs/training.md", "errors.md#mistakes", "errors.md#mistakes"),
        ("benchmarks/hmm/README.md", "../kinship/README.md", "kinship.md"),
        ("benchmarks/hmm/README.md", "../../docs/engines.md", "../engines.md"),
        ("benchmarks/hmm/README.md", "rules.nesy", "rules.nesy"),
        ("docs/index.md", "https://example.org/a", "https://example.org/a"),
        ("docs/index.md", "#top", "#top"),
    ],
)
def test_links_lead_to_where_things_are_on_the_site(path: str, link: str, moved: str) -> None:
    assert rewritten(f"See [this]({link}).", path) == f"See [this]({moved})."
