"""Weighted DIMACS: three dialects of one formula, counts by enumeration, and mistakes with their lines."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.compile.counting import count_models
from nesy.engines.exact import Exact
from nesy.engines.solve import prior_beliefs
from nesy.errors import DataError
from nesy.logic.cnf_program import cnf_program
from nesy.logic.program import GroundProgram, Output
from nesy.logic.weighted_cnf import WeightedCnf, read_cnf

COMPETITION = """\
c t wmc
c p weight 1 0.4 0
p cnf 4 3
c p weight -1 0.6 0
1 -2 0
c p weight 2 1/3 0
c p weight -2 2 0
2 3
0 -3 4 0
c p weight 3 3e-1 0
"""
CACHET = """\
p cnf 4 3
w 1 0.4
w -2 2
w 2 1/3
w 3 .3
w 4 -1
1 -2 0
2 3 0
-3 4 0
"""
MINIC2D = """\
c weights 0.4 0.6 1/3 2 0.3 0.7 1 1
p cnf 4 3
1 -2 0 2 3 0 -3 4 0
%
0
"""


def counted(cnf: WeightedCnf) -> Fraction:
    """The sum over all worlds, by definition."""
    total = Fraction(0)
    for world in product((0, 1), repeat=cnf.variables):
        if all(any((world[abs(x) - 1] == 1) == (x > 0) for x in clause) for clause in cnf.clauses):
            one = (Fraction(1), Fraction(1))
            total += math.prod(cnf.weights.get(v + 1, one)[value] for v, value in enumerate(world))
    return total


def random_cnf(seed: int) -> WeightedCnf:
    rng = Random(seed)
    variables = rng.randint(0, 7)
    clauses = []
    for _ in range(rng.randint(0, 8) if variables else 0):
        chosen = [rng.randint(1, variables) * rng.choice([1, -1]) for _ in range(rng.choice([1, 2, 3, 3]))]
        clauses.append(tuple(chosen))
    if rng.random() < 0.05:
        clauses.append(())
    weights = {
        v: (Fraction(rng.randint(0, 5), rng.randint(1, 4)), Fraction(rng.randint(0, 5), 3))
        for v in range(1, variables + 1)
        if rng.random() < 0.6
    }
    return WeightedCnf(variables, tuple(clauses), weights)


@pytest.mark.parametrize("text", [COMPETITION, CACHET, MINIC2D])
def test_dialects(text: str) -> None:
    cnf = read_cnf(text)
    assert cnf.variables == 4
    assert cnf.clauses == ((1, -2), (2, 3), (-3, 4))
    third = Fraction(1, 3)
    assert cnf.weights[1] == (Fraction("0.6"), Fraction("0.4"))
    assert cnf.weights[2] == (2, third)
    assert cnf.weights[3] == (Fraction("0.7"), Fraction("0.3"))
    assert cnf.weights.get(4, (1, 1)) == (1, 1)


def test_without_weights_models_are_counted() -> None:
    assert count_models(read_cnf("p cnf 6 4\n-1 -2 0\n2 3 -2 0\n4 5 0\n4 6 0\n")) == 30
    assert count_models(read_cnf("p cnf 300 0\n")) == 2**300
    assert count_models(read_cnf("p cnf 2 1\n0\n")) == 0
    assert count_models(read_cnf("p cnf 0 0\n")) == 1


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_counts_are_exact(seed: int) -> None:
    cnf = random_cnf(seed)
    assert count_models(cnf) == counted(cnf)


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_the_factor_makes_up_for_normalised_priors(seed: int) -> None:
    cnf = random_cnf(seed)
    made = cnf_program(cnf)
    program = made.program
    asked = GroundProgram(program.symbols, program.graph, (Output("sat", (1,), (_all(program),)),))
    found = Exact().prepare(asked).marginals(prior_beliefs(asked))[0].log_probs[0, 0]
    assert float(made.factor) * math.exp(found) == pytest.approx(float(counted(cnf)), rel=1e-9, abs=1e-12)


def _all(program: GroundProgram):  # type: ignore[no-untyped-def]
    return program.graph.conjunction(program.condition)  # type: ignore[union-attr]


MISTAKES = [
    ("", "malformed-cnf", None),
    ("1 2 0\n", "malformed-cnf", 1),
    ("p cnf 2\n", "malformed-cnf", 1),
    ("p cnf 2 -1\n", "malformed-cnf", 1),
    ("p cnf 99999999999 1\n", "malformed-cnf", 1),
    ("p cnf 2000000000 0\n", "malformed-cnf", 1),
    ("p dnf 2 1\n1 0\n", "malformed-cnf", 1),
    ("p cnf 2 1\np cnf 2 1\n1 0\n", "malformed-cnf", 2),
    ("p cnf 2 1\n1 3 0\n", "malformed-cnf", 2),
    ("p cnf 2 1\n1 x 0\n", "malformed-cnf", 2),
    ("p cnf 2 1\n1 2\n", "malformed-cnf", 2),
    ("c\np cnf 2 2\n1 2 0\n", "malformed-cnf", 2),
    ("p cnf 2 1\n1 0\n2 0\n", "malformed-cnf", 1),
    ("p cnf 1 0\nw 1 x\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 1 1/0\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 1 1e999999999\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 1 nan\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 2 0.5\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 1\n", "malformed-cnf", 2),
    ("p cnf 1 0\nc p weight 1 0.5 1\n", "malformed-cnf", 2),
    ("p cnf 1 0\nw 1 0.5\nw 1 0.6\n", "malformed-cnf", 3),
    ("p cnf 1 0\nw 1 1.5\n", "malformed-cnf", 1),
    ("p cnf 1 0\nc p weight -1 -0.5 0\n", "negative-weight", 2),
    ("p cnf 2 0\nc weights 1 1 1\n", "malformed-cnf", 2),
    ("p cnf 2 0\nc p show 1 0\n", "projected-cnf", 2),
    ("c ind 1 0\np cnf 2 0\n", "projected-cnf", 1),
]


@pytest.mark.parametrize(("text", "code", "line"), MISTAKES)
def test_mistakes(text: str, code: str, line: int | None) -> None:
    with pytest.raises(DataError) as caught:
        read_cnf(text)
    assert caught.value.code == code
    assert (caught.value.span.line if caught.value.span else None) == line


def test_showing_all_variables_is_no_projection() -> None:
    assert count_models(read_cnf("p cnf 2 1\nc p show 1 2 0\n1 2 0\n")) == 3
