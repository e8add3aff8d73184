from math import inf

import numpy as np
from hypothesis import strategies as st

from nesy.algebra import BOOLEAN, BUILTIN, COUNTING, LOG, MAX_LOG, MAX_PRODUCT, REAL
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


class TestCounting(AlgebraLaws):
    algebra = COUNTING
    values = st.integers(0, 10**30)


class TestBoolean(AlgebraLaws):
    algebra = BOOLEAN
    values = st.booleans()


def test_every_builtin_algebra_is_held_to_the_laws():
    assert {c.algebra.name for c in AlgebraLaws.__subclasses__()} == {a.name for a in BUILTIN}


def test_counting_never_overflows():
    big = COUNTING.times(2**62, 4)
    assert big == 2**64
    assert isinstance(big, int)
    column = np.array([2**62, 1], dtype=object)
    assert COUNTING.times(column, column).tolist() == [2**124, 1]


def test_smoothness_is_needed_unless_any_value_at_all_is_one():
    assert [a.name for a in BUILTIN if not a.laws.needs_smooth] == ["boolean"]
