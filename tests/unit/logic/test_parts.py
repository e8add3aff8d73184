"""Parts share no symbol, and say of theirs what the whole says."""

from __future__ import annotations

from itertools import combinations
from math import log
from random import Random

import numpy as np
import pytest

import nesy
from nesy.grounding import Template, ground
from nesy.logic.graph import FALSE, TRUE, Graph
from nesy.logic.parts import independent_parts
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments

THREE = """
0.3::a. 0.4::b. 0.2::c; 0.5::d. 0.9::e. 0.1::unused.
q1 :- a, \\+ b.
q2 :- c.
q3 :- d, e.
:- c, \\+ e.
query(q1). query(q2). query(q3).
"""


def several(rng: Random) -> GroundProgram:
    """Random formulas over few symbols each, so that there often are several parts."""
    symbols = [rng.choice([2, 2, 3]) for _ in range(rng.randint(3, 6))]
    graph = Graph()

    def formula() -> int:
        leaves = [graph.leaf(s, v) for s in rng.sample(range(len(symbols)), 2) for v in range(symbols[s])]
        chosen = [x * rng.choice([1, 1, -1]) for x in rng.sample(leaves, 3)]
        inner = graph.disjunction(chosen[:2]) if rng.random() < 0.5 else graph.conjunction(chosen[:2])
        return graph.disjunction([inner, chosen[2]]) * rng.choice([1, -1])

    outputs = []
    for number in range(rng.randint(1, 3)):
        literal = rng.choice([formula(), formula(), formula(), TRUE])
        outputs.append(Output(f"y{number}", (False, True), (-literal, literal)))  # type: ignore[arg-type]
    condition = tuple(formula() for _ in range(rng.randint(0, 2)))
    made = tuple(Symbol(f"s{i}", tuple(map(str, range(size)))) for i, size in enumerate(symbols))
    return GroundProgram(made, graph, tuple(outputs), condition)  # type: ignore[arg-type]


def uniform(program: GroundProgram, rng: np.random.Generator) -> np.ndarray:
    scores = rng.normal(size=(1, program.width))
    blocks = [scores[:, a:b] for a, b in zip(program.offsets, program.offsets[1:], strict=False)]
    return np.hstack([b - np.log(np.exp(b).sum()) for b in blocks])


def test_what_shares_a_symbol_is_together() -> None:
    program = ground(nesy.parse(THREE))
    parts = independent_parts(program)
    assert [part.outputs for part in parts] == [(0,), (1, 2)]
    assert [len(part.symbols) for part in parts] == [2, 2]
    assert [len(part.program.condition) for part in parts] == [0, 1]


def test_conditions_alone_are_parts_too() -> None:
    program = ground(nesy.parse("0.3::a. 0.4::b. 0.5::c. :- b, c. query(a). evidence(b)."))
    parts = independent_parts(program)
    assert [part.outputs for part in parts] == [(0,), ()]
    assert parts[1].program.condition != ()


def test_constants_depend_on_nothing() -> None:
    outputs = [Output(name, (False, True), (FALSE, TRUE)) for name in ("x", "y")]
    program = GroundProgram((), Graph(), tuple(outputs), (TRUE,))
    assert [part.outputs for part in independent_parts(program)] == [(0,), (1,), ()]


def test_the_digits_of_one_sum_are_together() -> None:
    rules = "nn(net,[X],D,0..1)::bit(X,D). both(I,S) :- between(0,2,I), bit(x(I),A), bit(y(I),B), S is A+B."
    program = ground(nesy.parse(rules), Template.parse("both(I,S)", "S"))
    parts = independent_parts(program)
    assert [part.outputs for part in parts] == [(0,), (1,), (2,)]
    beliefs = np.arange(program.width)[None]
    assert sorted(c for part in parts for c in beliefs[0, part.columns(program)]) == list(
        range(program.width)
    )


@pytest.mark.parametrize("seed", range(60))
def test_probabilities_multiply(seed: int) -> None:
    rng = Random(seed)
    program = several(rng)
    beliefs = uniform(program, np.random.default_rng(seed))
    whole = Assignments(program)
    if whole.condition(beliefs)[0] < 1e-12:
        return
    parts = independent_parts(program)
    for one, other in combinations(parts, 2):
        assert not set(one.symbols) & set(other.symbols)
    targets = np.array([[rng.choice([-1, 0, 1]) for _ in program.outputs]])
    product = 0.0
    for part in parts:
        if part.outputs:
            own = beliefs[:, part.columns(program)]
            with np.errstate(divide="ignore"):
                found = Assignments(part.program).probability(own, targets[:, list(part.outputs)])[0]
            product += log(found) if found else -np.inf
    assert np.exp(product) == pytest.approx(whole.probability(beliefs, targets)[0], abs=1e-12)
