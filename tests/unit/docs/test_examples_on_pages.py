"""Code on the pages of docs/: rules are read, and every page with Python has a test that runs it."""

from __future__ import annotations

import re

import pytest
import torch

import nesy
from tests.unit.pages import ROOT, page

NAMES = sorted(p.relative_to(ROOT / "docs").as_posix().removesuffix(".md") for p in ROOT.glob("docs/**/*.md"))
OUTSIDE = {"file-not-found", "unknown-predicate"}
"""What pieces of programs lack, and is no mistake in them."""

PYTHON = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("errors", "mistakes")])
def test_rules_are_read_without_an_error(name: str) -> None:
    for text in re.findall(r"^```prolog\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL):
        errors = {f.code for f in nesy.check(text, base=ROOT / "docs") if f.severity == "error"}
        assert errors <= OUTSIDE, text


def test_every_page_with_python_is_read_by_a_test() -> None:
    tests = [
        p for p in (ROOT / "tests" / "unit").rglob("test_*.py") if "page" in p.name or p.parent.name == "docs"
    ]
    read = "\n".join(path.read_text(encoding="utf-8") for path in tests)
    names = [name for name in NAMES if PYTHON.search(page(name))]
    assert len(names) > 15
    assert [n for n in names if not re.search(rf'"{n.split("/")[0]}(\.md)?"', read)] == []


def test_another_compiler() -> None:
    (code,) = PYTHON.findall(page("formats"))
    names: dict[str, object] = {"nesy": nesy, "program": nesy.parse("0.5::a. b :- a. query(b).")}
    exec(code, names)
    solution = names["solution"]
    assert isinstance(solution, nesy.Solution)
    assert solution["b"].probability == pytest.approx(0.5)


def test_an_engine_with_options() -> None:
    code = PYTHON.findall(page("engines"))[0]
    program = nesy.parse("""
        nn(net, [X], D, 0..2) :: digit(X, D).
        addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
    """)
    networks = {"net": nesy.logits(torch.nn.Linear(2, 3))}
    names: dict[str, object] = {"nesy": nesy, "program": program, "networks": networks}
    exec(code, names)
    model = names["model"]
    assert isinstance(model, nesy.Model)
    assert model(a=torch.zeros(4, 2), b=torch.zeros(4, 2)).shape == (4, 5)
