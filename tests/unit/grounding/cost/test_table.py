"""How an estimate is printed."""

import pytest

import nesy
from nesy.grounding.cost import cost_table
from nesy.grounding.cost.table import number, size

TABLE = """\
ground rules                               about       at most
  b/2                                         81            81  <text>:2:1
  a/1                                          9             9  <text>:1:1
ground atoms
  b/2                                         81            81
  a/1                                          9             9
  n/1                                          9             9
in all
  ground rules                                90            90
  ground atoms                                99            99
  memory                                  79 KiB        79 KiB"""


def test_golden() -> None:
    text = "a(X) :- n(X).\nb(X, Y) :- n(X), n(Y).\nquery(a(_)). query(b(_, _)).\n"
    program = nesy.parse(text + "".join(f"n({i}).\n" for i in range(9)))
    assert cost_table(nesy.estimate(program)) == TABLE


def test_long_tables_are_cut() -> None:
    rules = "".join(f"p{i}(X) :- n(X).\nquery(p{i}(_)).\n" for i in range(15))
    shown = cost_table(nesy.estimate(nesy.parse(rules + "n(1).")))
    assert "  and 5 more" in shown
    assert "  and 6 more" in shown


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (9999, "9,999"), (12345, "1.23e+04"), (float("inf"), "no bound")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (2048, "2 KiB"), (3e9, "3 GiB"), (5e12, "5 TiB"), (float("inf"), "no bound")],
)
def test_sizes(value: float, text: str) -> None:
    assert size(value) == text
