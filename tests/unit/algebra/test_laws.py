from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import strategies as st

from nesy.algebra import (
    BOOLEAN,
    BUILTIN,
    COUNTING,
    DUAL,
    ENTROPY,
    EXPECTATION,
    LOG,
    MAX_LOG,
    MAX_MIN,
    MAX_PRODUCT,
    REAL,
    TROPICAL,
    algebras,
    top_k,
)
from tests.unit.algebra.conformance import AlgebraLaws

weights = st.floats(0, 10, allow_subnormal=False)
log_weights = st.floats(-50, 10) | st.just(-inf)


class TestReal(AlgebraLaws):
    algebra = REAL
    values = weights


class TestLog(AlgebraLaws):
    algebra = LOG
    values = log_weights


class TestMaxProduct(AlgebraLaws):
    algebra = MAX_PRODUCT
    values = weights


class TestMaxLog(AlgebraLaws):
    algebra = MAX_LOG
    values = log_weights


class TestTropical(AlgebraLaws):
    algebra = TROPICAL
    values = st.floats(-10, 50) | st.just(inf)


class TestMaxMin(AlgebraLaws):
    algebra = MAX_MIN
    values = st.floats(0, 1)


pairs = st.tuples(weights, st.floats(-10, 10, allow_subnormal=False))


class TestDual(AlgebraLaws):
    algebra = DUAL
    values = pairs


class TestExpectation(AlgebraLaws):
    algebra = EXPECTATION
    values = pairs


class TestEntropy(AlgebraLaws):
    algebra = ENTROPY
    values = pairs


def best(k):
    return st.lists(weights, min_size=k, max_size=k).map(lambda ws: tuple(sorted(ws, reverse=True)))


class TestTop1(AlgebraLaws):
    algebra = top_k(1)
    values = best(1)


class TestTop3(AlgebraLaws):
    algebra = top_k(3)
    values = best(3)


class TestCounting(AlgebraLaws):
    algebra = COUNTING
    values = st.integers(0, 10**30)


class TestBoolean(AlgebraLaws):
    algebra = BOOLEAN
    values = st.booleans()


def test_every_builtin_algebra_is_held_to_the_laws():
    # Other tests hold algebras of their own to the laws.
    held = {c.algebra.name for c in AlgebraLaws.__subclasses__() if c.__module__ == __name__}
    assert held == {a.name for a in BUILTIN} | {"top-1", "top-3"}


def _first(a, b):
    return np.asarray(a) + 0.0 * np.asarray(b)


@pytest.mark.parametrize(
    ("broken", "law"),
    [
        (replace(REAL, plus=np.subtract), "test_plus_is_a_commutative_monoid"),
        (replace(REAL, zero=1.0), "test_plus_is_a_commutative_monoid"),
        (replace(REAL, times=np.subtract), "test_times_is_a_monoid"),
        (replace(REAL, one=0.5), "test_times_is_a_monoid"),
        (
            replace(REAL, plus=np.multiply, zero=1.0, times=np.add, one=0.0),
            "test_times_distributes_over_plus",
        ),
        (replace(REAL, plus=np.maximum, times=np.add, one=0.0), "test_zero_annihilates"),
        (replace(REAL, laws=replace(REAL.laws, idempotent=True)), "test_declared_laws_hold"),
        (replace(REAL, laws=replace(REAL.laws, selective=True)), "test_declared_laws_hold"),
        (replace(REAL, times=_first), "test_declared_laws_hold"),
        (
            replace(REAL, laws=replace(REAL.laws, needs_deterministic=False)),
            "test_laws_not_declared_are_broken",
        ),
        (replace(MAX_PRODUCT, laws=REAL.laws), "test_laws_not_declared_are_broken"),
        (replace(REAL, plus=lambda a, b: max(np.max(a), np.max(b))), "test_arrays_are_worked_on_elementwise"),
        (
            replace(REAL, from_probability=LOG.from_probability),
            "test_probabilities_have_values_and_0_is_zero",
        ),
    ],
)
def test_a_broken_algebra_breaks_a_law(broken, law):
    class Broken:
        algebra = broken
        values = weights
        same = AlgebraLaws.same

    with pytest.raises((AssertionError, AttributeError)):
        getattr(AlgebraLaws, law)(Broken())


def test_the_best_alone_chooses_and_several_count():
    assert algebras.get("top-1").laws.selective
    assert algebras.get("top-2").laws.needs_deterministic
    with pytest.raises(ValueError, match="at least one, not 0"):
        top_k(0)


def test_the_k_best_are_those_of_all_pairs():
    three = top_k(3)
    assert three.plus((0.5, 0.5, 0.1), (0.6, 0.2, 0.0)).tolist() == [0.6, 0.5, 0.5]
    np.testing.assert_allclose(three.times((0.5, 0.4, 0.0), (0.6, 0.5, 0.1)), [0.3, 0.25, 0.24])


def test_counting_never_overflows():
    big = COUNTING.times(2**62, 4)
    assert big == 2**64
    assert isinstance(big, int)
    column = np.array([2**62, 1], dtype=object)
    assert COUNTING.times(column, column).tolist() == [2**124, 1]


def test_smoothness_is_needed_unless_any_value_at_all_is_one():
    assert [a.name for a in BUILTIN if not a.laws.needs_smooth] == ["boolean"]
