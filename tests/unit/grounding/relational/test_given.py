"""Facts given as columns go straight into the machine, and mean what the tabled path takes them to mean."""

from __future__ import annotations

import numpy as np

import nesy
from nesy.grounding import ground_rules
from nesy.logic.flat import FlatGraph
from tests.unit.grounding.relational.paths import agree, program_outcome

RULES = """
    edge(a, 1, 0.5). 0.5::edge(b, 2, -0.0).
    near(X, Y) :- edge(X, Y, _).
    odd(X) :- edge(X, _, W), \\+ near(X, 7), W == 0.0.
    lone(Y) :- near(X, Y), \\+ edge(X, Y, 0.25).
    query(near(_, _)). query(odd(_)). query(lone(_)). query(edge(_, _, _)). query(near(c, _)).
"""

ROWS = [("a", 1, 0.5), ("c", 7, 0.25), ("c", -3, 0.0), ("d", 8, -0.0), ("c", -3, 0.0)]


def both(program: nesy.Program) -> None:
    tabled, relational = (program_outcome(program, path) for path in ("tabled", "relational"))
    assert not isinstance(tabled, str)
    assert agree(tabled, relational), (tabled, relational)


def test_certain_columns() -> None:
    both(nesy.with_facts(nesy.parse(RULES), "edge", ROWS))


def test_columns_with_probabilities() -> None:
    rows = [(*row, p) for row, p in zip(ROWS, (0.3, 0.0, 1.0, 0.9, 0.4), strict=True)]
    both(nesy.with_facts(nesy.parse(RULES), "edge", rows, probability=3))


def test_large_tables_take_the_relational_path_by_themselves() -> None:
    pairs = np.arange(4000).reshape(2000, 2)
    program = nesy.parse("p(X) :- e(X, Y), Y < 9. query(p(_)).", facts=[nesy.facts("e", pairs)])
    rules = ground_rules(program)
    assert isinstance(rules.graph, FlatGraph)
    assert [o.name for o in rules.outputs] == ["p(0)", "p(2)", "p(4)", "p(6)"]


def test_integers_too_large_for_the_machine_are_left_to_resolution() -> None:
    program = nesy.parse("p(X) :- e(X). query(p(_)).", facts=[nesy.facts("e", [(2**61,), (3,)])])
    assert program_outcome(program, "relational") == "outside-fragment"
    assert program_outcome(program, "auto") == {"p(3)": 1.0, f"p({2**61})": 1.0}
