"""The laws of an algebra as tests. A new algebra names itself and how to draw its values."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nesy.algebra import Algebra

RELATIVE = 1e-12
"""A few roundings of float64; the values drawn are of like size."""

# Each class runs the inherited tests on values of its own; they keep no examples between them.
bounded = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.differing_executors],
)


class AlgebraLaws:
    """Inherit, and set `algebra` and `values`."""

    algebra: Algebra
    values: st.SearchStrategy[Any]

    def same(self, a: Any, b: Any) -> bool:
        if self.algebra.dtype.kind == "f":
            return bool(np.isclose(a, b, rtol=RELATIVE, atol=RELATIVE).all())
        return bool(a == b)

    @bounded
    @given(st.data())
    def test_plus_is_a_commutative_monoid(self, data):
        plus, zero = self.algebra.plus, self.algebra.zero
        a, b, c = (data.draw(self.values) for _ in range(3))
        assert self.same(plus(a, b), plus(b, a))
        assert self.same(plus(plus(a, b), c), plus(a, plus(b, c)))
        assert self.same(plus(a, zero), a)

    @bounded
    @given(st.data())
    def test_times_is_a_monoid(self, data):
        times, one = self.algebra.times, self.algebra.one
        a, b, c = (data.draw(self.values) for _ in range(3))
        assert self.same(times(times(a, b), c), times(a, times(b, c)))
        assert self.same(times(a, one), a)
        assert self.same(times(one, a), a)

    @bounded
    @given(st.data())
    def test_times_distributes_over_plus(self, data):
        plus, times = self.algebra.plus, self.algebra.times
        a, b, c = (data.draw(self.values) for _ in range(3))
        assert self.same(times(a, plus(b, c)), plus(times(a, b), times(a, c)))
        assert self.same(times(plus(b, c), a), plus(times(b, a), times(c, a)))

    @bounded
    @given(st.data())
    def test_zero_annihilates(self, data):
        times, zero = self.algebra.times, self.algebra.zero
        a = data.draw(self.values)
        assert self.same(times(a, zero), zero)
        assert self.same(times(zero, a), zero)

    @bounded
    @given(st.data())
    def test_declared_laws_hold(self, data):
        plus, times, laws = self.algebra.plus, self.algebra.times, self.algebra.laws
        a, b = (data.draw(self.values) for _ in range(2))
        if laws.commutative:
            assert self.same(times(a, b), times(b, a))
        if laws.idempotent:
            assert self.same(plus(a, a), a)
        if laws.selective:
            assert self.same(plus(a, b), a) or self.same(plus(a, b), b)

    def test_laws_not_declared_are_broken(self):
        plus, one, laws = self.algebra.plus, self.algebra.one, self.algebra.laws
        assert laws.idempotent == self.same(plus(one, one), one)
        assert laws.idempotent or not laws.selective
        assert laws.needs_deterministic == (not laws.idempotent)

    @bounded
    @given(st.data())
    def test_arrays_are_worked_on_elementwise(self, data):
        pairs = data.draw(st.lists(st.tuples(self.values, self.values), min_size=1, max_size=5))
        left, right = (np.array(side, dtype=self.algebra.dtype) for side in zip(*pairs, strict=True))
        for operation in (self.algebra.plus, self.algebra.times):
            result = operation(left, right)
            assert result.dtype == self.algebra.dtype
            assert result.shape == (len(pairs), *self.algebra.element_shape)
            for value, (a, b) in zip(result, pairs, strict=True):
                assert self.same(value, operation(a, b))

    @bounded
    @given(st.lists(st.floats(0, 1, allow_subnormal=False), max_size=4))
    def test_probabilities_have_values_and_0_is_zero(self, rest):
        assert self.algebra.from_probability is not None
        found = self.algebra.from_probability(np.array([0.0, 1.0, *rest]))
        assert found.dtype == self.algebra.dtype
        assert found.shape == (2 + len(rest), *self.algebra.element_shape)
        assert self.same(found[0], self.algebra.zero)
        assert self.same(found[1], self.algebra.one)
