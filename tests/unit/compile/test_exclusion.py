from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from nesy.compile.exclusion import Exclusion
from nesy.compile.formulas import Formulas
from nesy.compile.importing import imported
from nesy.logic.graph import Kind, Lit
from tests.unit.compile.programs import addition
from tests.unit.compile.worlds import models, random_formulas, worlds


@pytest.mark.parametrize("seed", range(150))
def test_what_is_proven_shares_no_world(seed: int) -> None:
    rng = Random(seed)
    formulas, literals = random_formulas(rng)
    every = worlds(formulas.domains)
    exclusion = Exclusion(formulas)
    exclusion.add_families(rng.sample(literals, rng.choice([2, 2, 3])) for _ in range(40))
    for literal in literals:
        for partner in exclusion.partners(literal):
            assert not models(formulas.graph, literal, every) & models(formulas.graph, partner, every)
    for node in range(2, len(formulas.graph)):
        if formulas.graph.kinds[node] == Kind.OR and exclusion.deterministic(node):
            parts = [models(formulas.graph, c, every) for c in formulas.graph.children(node)]
            assert all(not a & b for a, b in combinations(parts, 2))


def test_the_random_formulas_give_it_something_to_prove() -> None:
    proven = families = 0
    for seed in range(150):
        rng = Random(seed)
        formulas, literals = random_formulas(rng)
        exclusion = Exclusion(formulas)
        exclusion.add_families(rng.sample(literals, rng.choice([2, 2, 3])) for _ in range(40))
        families += any(exclusion.partners(x) for x in literals if formulas.heights[abs(x)] > 0)
        ors = [n for n in range(2, len(formulas.graph)) if formulas.graph.kinds[n] == Kind.OR]
        proven += any(exclusion.deterministic(n) for n in ors)
    assert proven > 40
    assert families > 100


def pair() -> tuple[Formulas, Exclusion, list[Lit], list[Lit]]:
    formulas = Formulas([3, 3, 2])
    first = [formulas.leaf(0, v) for v in range(3)]
    second = [formulas.leaf(1, v) for v in range(3)]
    return formulas, Exclusion(formulas), first, second


def test_different_values_of_a_variable() -> None:
    formulas, exclusion, x, y = pair()
    node = formulas.disjunction([formulas.conjunction([x[0], y[0]]), formulas.conjunction([x[1], y[0]])])
    assert exclusion.deterministic(node)
    assert not exclusion.deterministic(formulas.disjunction([x[0], y[0]]))


def test_a_node_and_its_denial() -> None:
    formulas, exclusion, x, y = pair()
    either = formulas.disjunction([x[0], y[0]])
    coin = formulas.leaf(2, 1)
    node = formulas.disjunction([formulas.conjunction([either, coin]), formulas.conjunction([-either, y[1]])])
    assert exclusion.deterministic(node)


def test_a_value_and_its_denial() -> None:
    formulas, exclusion, x, y = pair()
    assert exclusion.deterministic(formulas.disjunction([x[0], formulas.conjunction([-x[0], y[1]])]))


def test_members_of_a_family_proven_before() -> None:
    formulas, exclusion, x, y = pair()
    same = [formulas.conjunction([x[v], y[v]]) for v in range(3)]
    low = formulas.disjunction([same[0], formulas.conjunction([x[1], y[0]])])
    high = formulas.disjunction([same[2], formulas.conjunction([x[1], y[2]])])
    coin = formulas.leaf(2, 1)
    node = formulas.disjunction([formulas.conjunction([low, coin]), high])
    assert not Exclusion(formulas).deterministic(node)
    exclusion.add_families([[low, high]])
    assert exclusion.partners(low) == {high}
    assert exclusion.deterministic(node)


def test_what_is_not_exclusive_is_no_family() -> None:
    formulas, exclusion, x, y = pair()
    exclusion.add_families(
        [[x[0], y[0]], [formulas.disjunction([x[0], x[1]]), formulas.disjunction([x[1], y[0]])]]
    )
    assert not exclusion.partners(x[0])


def test_carries_are_proven_all_along_a_chain() -> None:
    program = addition(6)
    roots = [x for o in program.outputs for x in o.literals]
    work = imported(program, roots)
    exclusion = Exclusion(work.formulas)
    candidates = [*program.families, *(o.literals for o in program.outputs)]
    exclusion.add_families([[int(work.literal(x)) for x in family] for family in candidates])
    for output in program.outputs:
        values = {int(work.literal(x)) for x in output.literals}
        for value in values:
            assert exclusion.partners(value) >= values - {value}
    graph = work.formulas.graph
    ors = [n for n in graph.reachable([work.literal(r) for r in roots]) if graph.kinds[n] == Kind.OR]
    assert len(ors) > 50
    assert all(exclusion.deterministic(n) for n in ors)
