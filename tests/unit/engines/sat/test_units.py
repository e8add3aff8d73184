"""Simplified clauses have the models of the clauses they came from."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from nesy.engines.sat.units import without_units


def models(clauses: list[list[int]], variables: int, asked: list[int]) -> set[tuple[bool, ...]]:
    """What the literals asked about may be, all together."""
    found = set()
    for truth in product([False, True], repeat=variables):
        holds = lambda x: truth[abs(x) - 1] == (x > 0)  # noqa: E731, B023
        if all(any(map(holds, clause)) for clause in clauses):
            found.add(tuple(map(holds, asked)))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_random_clauses(seed: int) -> None:
    rng = Random(seed)
    variables = rng.randint(1, 6)
    clauses = [
        [rng.choice([1, -1]) * rng.randint(1, variables) for _ in range(rng.choice([1, 2, 2, 3]))]
        for _ in range(rng.randint(0, 8))
    ]
    asked = [rng.choice([1, -1]) * v for v in range(1, variables + 1)]
    found = without_units(clauses, variables, asked)
    expected = models(clauses, variables, asked)
    if not found.consistent:
        assert not expected
        return
    assert models(found.clauses, found.variables, found.literals) == expected
    assert [len(c) for c in found.clauses].count(1) == 1, "the constant alone"


def test_a_long_chain_is_followed_and_a_literal_that_is_absent_stays_absent() -> None:
    chain = [[1], *([-v, v + 1] for v in range(1, 20_000))]
    found = without_units(chain, 20_000, [20_000, -20_000, 0])
    assert found.clauses == [[1]]
    assert found.literals == [1, -1, 0]


def test_an_empty_clause_and_units_that_disagree_are_inconsistent() -> None:
    assert not without_units([[]], 1, []).consistent
    assert not without_units([[1], [-1, 2], [-2, -2]], 2, [1]).consistent
