"""What the page about algebras shows is what happens."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from nesy.algebra import algebras
from tests.unit.pages import page

PAGE = page("algebras")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def shown(code: str) -> list[tuple[str, Any]]:
    """Each expression whose last line ends in `# value`, and the value; those without one are left out."""
    found = []
    for statement in ast.parse(code).body:
        line = code.splitlines()[(statement.end_lineno or 0) - 1]
        comment = re.search(r"  # ([-\d({].*)$", line)
        if comment and isinstance(statement, ast.Assign | ast.Expr) and "): of" not in comment[1]:
            found.append((ast.unparse(statement.value), ast.literal_eval(comment[1])))
    return found


def run_examples() -> tuple[dict[str, Any], list[tuple[str, Any, Any]]]:
    """What all examples define, run one after the other; and each value shown beside the one found."""
    names: dict[str, Any] = {}
    values = []
    for code in PYTHON:
        exec(code, names)
        values += [(expression, value, eval(expression, names)) for expression, value in shown(code)]
    return names, values


NAMES, VALUES = run_examples()


def test_every_value_is_the_one_shown() -> None:
    assert len(VALUES) == 9
    for expression, value, found in VALUES:
        expected = value if isinstance(value, dict) else pytest.approx(value, abs=1e-9)
        assert found == expected, expression


def test_the_gradients_of_the_last_example() -> None:
    assert NAMES["chance"].item() == pytest.approx(0.28)
    assert NAMES["reward"].item() == pytest.approx(12.0)
    assert NAMES["degrees"].shape == (2, 1)
    assert NAMES["p"].grad[:, 0].tolist() == pytest.approx([0.0, 0.8, 0.0, 0.9])


def test_every_name_is_in_the_tables() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \|", PAGE, flags=re.MULTILINE)
    assert sorted(listed) == sorted([*algebras, "top-K"])
