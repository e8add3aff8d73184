"""Our search against python-sat's own MaxSAT solver, on one solver that is kept between questions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from nesy.engines.sat.costs import FORBIDDEN, costs_of
from nesy.engines.sat.encoded import encoded
from nesy.engines.sat.search import Question, Search
from nesy.logic.cnf import encode
from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, Symbol

QUESTIONS = 12


def program_of(rng: Random) -> GroundProgram:
    """Symbols of several sizes, and random clauses over their values."""
    graph = Graph()
    sizes = [rng.choice([1, 2, 2, 3, 5, 14]) for _ in range(rng.randint(6, 14))]
    leaves = [graph.leaf(s, v) for s, size in enumerate(sizes) for v in range(size)]
    clauses = (
        graph.disjunction(x * rng.choice([1, -1]) for x in rng.sample(leaves, rng.choice([2, 2, 3])))
        for _ in range(2 * len(sizes))
    )
    symbols = tuple(Symbol(f"x{i}", tuple(map(str, range(size)))) for i, size in enumerate(sizes))
    return GroundProgram(symbols, graph, (), tuple(c for c in clauses if abs(c) != 1))


def by_rc2(program: GroundProgram, excess: np.ndarray) -> int | None:
    """The cost of the best world, from clauses as they were before anything was taken out of them."""
    encoding = encode(program, program.condition)
    formula = WCNF()
    for clause in [*encoding.clauses, *([encoding.literal(x)] for x in program.condition)]:
        formula.append(list(clause))
    for symbol, literals in encoding.values.items():
        start = program.offsets[symbol]
        for literal, cost in zip(literals, excess[start : start + len(literals)].tolist(), strict=True):
            if cost:
                formula.append([-literal], weight=None if cost == FORBIDDEN else cost)
    with RC2(formula) as solver:
        return solver.cost if solver.compute() is not None else None


@pytest.mark.parametrize("seed", range(15))
def test_costs_are_those_of_rc2(seed: int) -> None:
    rng = Random(seed)
    clauses = encoded(program := program_of(rng))
    while not Search(clauses).possible():
        clauses = encoded(program := program_of(rng))
    numbers = np.random.default_rng(seed)
    beliefs = numbers.normal(size=(QUESTIONS, program.width)).round(1)
    beliefs[numbers.random(beliefs.shape) < 0.05] = -np.inf
    costs = costs_of(beliefs, program.offsets, 100.0)
    search = Search(clauses)
    relevant = np.unique(clauses.owners[clauses.values != 0])
    starts = np.array(program.offsets[:-1])[relevant]
    possible = 0
    for row in range(QUESTIONS):
        found = search.answer(costs, row, Question([], relevant, worlds=2))
        expected = by_rc2(program, costs.excess[row])
        assert bool(found.worlds) == (expected is not None)
        assert found.proven == len(found.worlds)
        assert (found.left is None) == (len(found.worlds) < 2)
        if expected is not None:
            possible += 1
            assert costs.excess[row, starts + found.worlds[0][relevant]].sum() == expected
    assert possible, "an infeasible question tells little"
