"""What the page about facts shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nesy
from tests.unit.pages import page

PAGE = page("facts")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("edges.csv").write_text("from,to,p\n1,2,0.5\n2,3,0.5\n")
    Path("people.csv").write_text("name,age\nann,3\ncid,4\nbob,3o\n")


def test_facts_from_a_table() -> None:
    names: dict[str, object] = {}
    exec(PYTHON[0], names)
    found = nesy.solve(names["program"])  # type: ignore[arg-type]
    assert {a: x.probability for a, x in found.items()} == pytest.approx(
        {"path(1,2)": 0.5, "path(1,3)": 0.25}
    )


def test_the_mistake_in_a_table() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.facts("person", "people.csv")
    assert f"```text\n{caught.value}\n```" in PAGE


def test_functions_as_predicates() -> None:
    class Same:
        @staticmethod
        def similarity(a: str, b: str) -> float:
            return 0.5 if a != b else 1.0

    rest = "pair(a, b). d(X) :- divisor(6, X). query(same(_, _)). query(d(_))."
    names: dict[str, object] = {"nesy": nesy, "model": Same}
    exec(PYTHON[1].replace("...", rest), names)
    found = nesy.solve(names["program"])  # type: ignore[arg-type]
    expected = {"same(a,b)": 0.5, "d(1)": 1.0, "d(2)": 1.0, "d(3)": 1.0, "d(6)": 1.0}
    assert {a: x.probability for a, x in found.items()} == expected
