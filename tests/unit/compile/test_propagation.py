from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nesy.compile.exclusion import Exclusion
from nesy.compile.formulas import Formulas
from nesy.compile.propagation import Propagation
from nesy.logic.graph import Kind
from tests.unit.compile.worlds import models, random_formulas, worlds


def together(formulas: Formulas, literals: tuple[int, ...] | list[int]) -> int:
    every = worlds(formulas.domains)
    result = (1 << len(every)) - 1
    for literal in literals:
        result &= models(formulas.graph, literal, every)
    return result


def propagation(rng: Random, formulas: Formulas, literals: list[int]) -> Propagation:
    exclusion = Exclusion(formulas)
    exclusion.add_families(rng.sample(literals, rng.choice([2, 2, 3])) for _ in range(30))
    return Propagation(formulas, exclusion)


def conjoin_in_steps(rng: Random) -> None:
    """Conjoin one bundle of literals after another; the models stay those of all of them together."""
    formulas, literals = random_formulas(rng, gates=16)
    work = propagation(rng, formulas, literals)
    leaves: tuple[int, ...] = ()
    group: tuple[int, ...] = ()
    for _ in range(3):
        # What is assigned is gone from what is conjoined, as in the compiler: a group is over the rest.
        free = [
            x for x in literals if not any(formulas.support(x) & formulas.support(leaf) for leaf in leaves)
        ]
        new = rng.sample(free, min(len(free), rng.randint(1, 3)))
        expected = together(formulas, [*group, *new])
        found = work.conjoin(group, new)
        if found is None:
            assert expected == 0
            return
        assert together(formulas, [*found.leaves, *found.group]) == expected
        assigned = 0
        for leaf in found.leaves:
            assert formulas.assignment(leaf) is not None
            assert not assigned & formulas.support(leaf)
            assigned |= formulas.support(leaf)
        for literal in found.group:
            assert not formulas.support(literal) & assigned
            kind = formulas.graph.kinds[abs(literal)]
            assert kind != (Kind.AND if literal > 0 else Kind.OR)
            assert not (literal > 0 and kind == Kind.LEAF)
        leaves, group = (*leaves, *found.leaves), found.group


@given(st.randoms(use_true_random=False))
def test_conjunctions_keep_their_models(rng: Random) -> None:
    conjoin_in_steps(rng)


@pytest.mark.parametrize("seed", range(250))
def test_conjunctions_of_random_formulas_keep_their_models(seed: int) -> None:
    conjoin_in_steps(Random(seed))


def test_units_are_carried_through() -> None:
    formulas = Formulas([3, 2, 2])
    a0, a1 = formulas.leaf(0, 0), formulas.leaf(0, 1)
    b, c = formulas.leaf(1, 1), formulas.leaf(2, 1)
    work = Propagation(formulas, Exclusion(formulas))
    implies = formulas.disjunction([formulas.negated(a0), b])
    found = work.conjoin((), [implies, formulas.disjunction([formulas.negated(b), c]), a0])
    assert found is not None
    assert set(found.leaves) == {a0, b, c}
    assert found.group == ()
    assert work.conjoin((), [a0, a1]) is None
    assert work.conjoin((), [implies, formulas.negated(b), a0]) is None


def test_the_last_value_left_is_forced() -> None:
    formulas = Formulas([3])
    values = [formulas.leaf(0, v) for v in range(3)]
    work = Propagation(formulas, Exclusion(formulas))
    found = work.conjoin((-values[0],), [-values[2]])
    assert found is not None
    assert found.leaves == (values[1],)
    assert found.group == ()


def test_every_value_denied_is_a_contradiction() -> None:
    formulas = Formulas([3])
    work = Propagation(formulas, Exclusion(formulas))
    assert work.conjoin((), [-formulas.leaf(0, v) for v in range(3)]) is None


def test_a_known_exclusion_cuts() -> None:
    formulas = Formulas([3, 3, 2])
    x = [formulas.leaf(0, v) for v in range(3)]
    y = [formulas.leaf(1, v) for v in range(3)]
    low = formulas.disjunction([formulas.conjunction([x[0], y[0]]), formulas.conjunction([x[1], y[0]])])
    high = formulas.disjunction([formulas.conjunction([x[0], y[2]]), formulas.conjunction([x[2], y[1]])])
    coin = formulas.leaf(2, 1)
    exclusion = Exclusion(formulas)
    exclusion.add_families([[low, high]])
    found = Propagation(formulas, exclusion).conjoin((formulas.disjunction([high, coin]),), [low])
    assert found is not None
    assert set(found.leaves) == {coin, y[0]} or found.leaves == (coin,)
    assert low in found.group or y[0] in found.leaves


def test_leaves_made_after_a_consequence_was_remembered_are_seen() -> None:
    formulas = Formulas([3, 2])
    first, coin = formulas.leaf(0, 0), formulas.leaf(1, 1)
    work = Propagation(formulas, Exclusion(formulas))
    assert work.conjoin((), [formulas.disjunction([first, coin]), first]) is not None
    late = formulas.disjunction([formulas.leaf(0, 2), coin])
    found = work.conjoin((late,), [first])
    assert found is not None
    assert set(found.leaves) == {first, coin}
