"""The laws of fuzzy logics, which every one of them inherits, and logics that break them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nesy.algebra import GODEL, LOGICS, LUKASIEWICZ, POSSIBILISTIC, PRODUCT, residual_negation
from tests.unit.algebra.conformance import bounded

degrees = st.floats(0, 1, allow_subnormal=False)


def same(a, b):
    return bool(np.isclose(a, b, rtol=1e-12, atol=1e-12))


class LogicLaws:
    """Inherit, and set `logic`."""

    @bounded
    @given(degrees, degrees, degrees)
    def test_norms_are_commutative_and_associative(self, a, b, c):
        for of in (self.logic.conjunction, self.logic.disjunction):
            assert same(of(a, b), of(b, a))
            assert same(of(of(a, b), c), of(a, of(b, c)))

    @bounded
    @given(degrees, degrees, degrees)
    def test_norms_grow(self, a, b, c):
        low, high = min(b, c), max(b, c)
        for of in (self.logic.conjunction, self.logic.disjunction):
            assert of(a, low) <= of(a, high) + 1e-12

    @bounded
    @given(degrees)
    def test_true_and_false_are_neutral(self, a):
        assert same(self.logic.conjunction(a, 1.0), a)
        assert same(self.logic.disjunction(a, 0.0), a)
        assert same(self.logic.conjunction(a, 0.0), 0.0)
        assert same(self.logic.disjunction(a, 1.0), 1.0)

    @bounded
    @given(degrees, degrees)
    def test_degrees_stay_between_0_and_1(self, a, b):
        for of in (self.logic.conjunction, self.logic.disjunction):
            assert 0.0 <= of(a, b) <= 1.0

    @bounded
    @given(degrees, degrees)
    def test_negation_turns_the_order_round(self, a, b):
        negation = self.logic.negation
        if negation is not None:
            assert negation(0.0) == 1.0
            assert negation(1.0) == 0.0
            assert negation(min(a, b)) >= negation(max(a, b))

    @bounded
    @given(degrees)
    def test_what_is_declared_idempotent_is(self, a):
        if self.logic.idempotent:
            assert same(self.logic.conjunction(a, a), a)
            assert same(self.logic.disjunction(a, a), a)

    def test_what_is_not_declared_idempotent_is_not(self):
        assert self.logic.idempotent == (self.logic.conjunction(0.5, 0.5) == 0.5)

    @bounded
    @given(st.lists(degrees, min_size=1, max_size=4))
    def test_probabilities_have_degrees(self, p):
        found = self.logic.from_probability(np.array(p))
        assert found.shape == (len(p),)
        assert ((found >= 0) & (found <= 1)).all()
        assert ((found == 0) == (np.array(p) == 0)).all()


class TestGodel(LogicLaws):
    logic = GODEL


class TestProduct(LogicLaws):
    logic = PRODUCT


class TestLukasiewicz(LogicLaws):
    logic = LUKASIEWICZ


class TestPossibilistic(LogicLaws):
    logic = POSSIBILISTIC


class TestResidualGodel(LogicLaws):
    logic = replace(GODEL, negation=residual_negation)


def test_every_builtin_logic_is_held_to_the_laws():
    assert {c.logic.name for c in LogicLaws.__subclasses__()} == {x.name for x in LOGICS}


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (replace(GODEL, conjunction=np.subtract), "test_norms_are_commutative_and_associative"),
        (replace(GODEL, disjunction=lambda a, b: 1 - abs(a - b)), "test_norms_grow"),
        (replace(GODEL, conjunction=np.maximum), "test_true_and_false_are_neutral"),
        (replace(GODEL, disjunction=np.add), "test_degrees_stay_between_0_and_1"),
        (replace(GODEL, negation=lambda x: x), "test_negation_turns_the_order_round"),
        (replace(PRODUCT, idempotent=True), "test_what_is_declared_idempotent_is"),
        (replace(GODEL, idempotent=False), "test_what_is_not_declared_idempotent_is_not"),
        (replace(GODEL, from_probability=lambda p: p + 1.0), "test_probabilities_have_degrees"),
    ],
)
def test_a_broken_logic_breaks_a_law(broken, law):
    class Broken:
        logic = broken

    with pytest.raises(AssertionError):
        getattr(LogicLaws, law)(Broken())


@given(degrees, degrees)
@bounded
def test_disjunction_is_dual_to_conjunction(a, b):
    for logic in (GODEL, PRODUCT, LUKASIEWICZ):
        assert same(logic.disjunction(a, b), 1 - logic.conjunction(1 - a, 1 - b))


def test_possibility_is_relative_to_the_most_probable_value():
    np.testing.assert_allclose(POSSIBILISTIC.from_probability(np.array([0.5, 0.3, 0.2])), [1, 0.6, 0.4])
    assert POSSIBILISTIC.from_probability(np.array([0.0])).tolist() == [0.0]
