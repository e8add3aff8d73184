"""The handbook names every module and sub-package of each package, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.pages import ROOT, page

PACKAGES = sorted(p.parent.name for p in (ROOT / "nesy").glob("*/__init__.py"))
FOLDERS = {
    "errors": ROOT / "nesy",
    **{name: ROOT / "nesy" / name for name in PACKAGES},
    "benchmarks": ROOT / "benchmarks",
    "documentation": ROOT / "docs" / "site" / "nesy_site",
    "tests": ROOT / "tests",
}
"""What each page is about."""
CHAPTERS = {"To keep", "Testing", "Extending"}


def modules(folder: Path) -> set[str]:
    return {p.stem for p in folder.glob("*.py") if not p.stem.startswith("__")}


def packages(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if p.is_dir() and any(p.glob("*.py"))}


def there(name: str) -> set[str]:
    """What a page has to name."""
    folder = FOLDERS[name]
    if name in ("errors", "documentation"):
        return modules(folder)
    if name == "tests":
        return packages(folder)
    if name == "benchmarks":
        return packages(folder) | {"results"}
    return modules(folder) | packages(folder)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_table_of_files_is_complete(name: str) -> None:
    table = re.search(
        r"^## (?:Files|Folders)\n\n(.*?)\n\n", page(f"handbook/{name}"), re.MULTILINE | re.DOTALL
    )
    assert table
    rows = table[1].splitlines()[2:]
    named = [module for row in rows for module in re.findall(r"`([a-z_0-9]+)`", row.split(" | ")[0])]
    assert len(named) == len(set(named)), "named twice"
    assert set(named) == there(name)


@pytest.mark.parametrize("name", FOLDERS)
def test_each_page_is_linked_and_says_what_to_keep_and_how_to_go_on(name: str) -> None:
    text = page(f"handbook/{name}")
    said = set(re.findall(r"^## (.+)$", text, re.MULTILINE))
    assert said >= CHAPTERS - ({"Testing"} if name == "tests" else set())
    assert len(text.splitlines()) <= 90
    for linking in ("index", "architecture"):
        assert f"(handbook/{name}.md)" in page(linking)


@pytest.mark.parametrize("name", FOLDERS)
def test_files_that_are_spoken_of_exist(name: str) -> None:
    """Paths from the repository, the package or its grammar; or files of the page's folder and its tests."""
    homes = (ROOT, ROOT / "nesy", ROOT / "grammar")
    within = (FOLDERS[name], ROOT / "tests")
    for path in re.findall(r"`([\w/]+\.(?:py|nesy|tsv|ebnf))`", page(f"handbook/{name}")):
        found = any((home / path).exists() for home in homes) or any(any(f.rglob(path)) for f in within)
        assert found, f"there is no {path}"


def test_every_variable_that_makes_tests_larger_is_told() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    read = {name for text in texts for name in re.findall(r'environ(?:\.get)?[(\[]"(NESY_\w+)"', text)}
    assert read - set(re.findall(r"`(NESY_\w+)[`=]", page("handbook/tests"))) == set()


def test_every_page_of_the_handbook_is_about_something_that_is_there() -> None:
    assert {path.stem for path in (ROOT / "docs" / "handbook").glob("*.md")} == set(FOLDERS)
