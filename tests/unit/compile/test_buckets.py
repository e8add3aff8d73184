from __future__ import annotations

from random import Random

import pytest

from nesy.compile.buckets import INDEXED_FROM, Buckets
from nesy.compile.formulas import Formulas
from nesy.logic.graph import Kind
from tests.unit.compile.worlds import models, worlds


def large_disjunction(rng: Random) -> tuple[Formulas, int]:
    """More disjuncts than are scanned: leaves, denials, conjunctions that give a variable a value or none."""
    formulas = Formulas([4, 4, 3, 2])
    leaves = [formulas.leaf(v, x) for v, size in enumerate(formulas.domains) for x in range(size)]
    disjuncts: set[int] = set()
    while len(disjuncts) < 14:
        parts = [
            formulas.negated(x) if rng.random() < 0.3 else x for x in rng.sample(leaves, rng.randint(2, 3))
        ]
        if rng.random() < 0.3:
            parts = [formulas.disjunction(parts[:2]), parts[-1]]
        disjuncts.add(formulas.conjunction(parts))
    node = formulas.disjunction(disjuncts)
    large = formulas.graph.kinds[abs(node)] == Kind.OR and len(formulas.graph.children(node)) >= INDEXED_FROM
    return (formulas, node) if large else large_disjunction(rng)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_out_is_false_under_the_assignment(seed: int) -> None:
    rng = Random(seed)
    formulas, node = large_disjunction(rng)
    children = formulas.graph.children(node)
    buckets = Buckets(formulas)
    every = worlds(formulas.domains)
    for _ in range(5):
        world = rng.choice(every)
        assigned = [(v, world[v]) for v in rng.sample(range(4), rng.randint(1, 2))]
        agreeing = sum(1 << i for i, w in enumerate(every) if all(w[v] == x for v, x in assigned))
        live = buckets.live(node, children, assigned)
        assert set(live) <= set(children)
        for dropped in set(children) - set(live):
            assert not models(formulas.graph, dropped, every) & agreeing


def test_most_disjuncts_are_left_out() -> None:
    formulas = Formulas([20, 20])
    pairs = [formulas.conjunction([formulas.leaf(0, i), formulas.leaf(1, i)]) for i in range(20)]
    node = formulas.disjunction(pairs)
    buckets = Buckets(formulas)
    assert buckets.live(node, formulas.graph.children(node), [(0, 3)]) == (pairs[3],)
    assert buckets.live(node, formulas.graph.children(node), []) == formulas.graph.children(node)


def test_few_disjuncts_and_conjunctions_are_scanned() -> None:
    formulas = Formulas([9, 2])
    few = formulas.disjunction([formulas.leaf(0, i) for i in range(INDEXED_FROM - 1)])
    children = formulas.graph.children(few)
    assert Buckets(formulas).live(few, children, [(0, 1)]) is children
