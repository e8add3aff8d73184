from itertools import combinations, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.kernels.buckets import STEP_COST, buckets_of


def cost(buckets):
    return sum((last - first) * arity + STEP_COST for first, last, arity in buckets)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=8).map(sorted))
def test_buckets_cover_everything_at_least_cost(arities):
    found = buckets_of(np.array(arities))
    assert found[0][0] == 0
    assert found[-1][1] == len(arities)
    assert all(a[1] == b[0] for a, b in pairwise(found))
    assert all(max(arities[first:last]) == arity for first, last, arity in found)
    cuts = (
        (0, *inner, len(arities))
        for size in range(len(arities))
        for inner in combinations(range(1, len(arities)), size)
    )
    every = ([(a, b, arities[b - 1]) for a, b in pairwise(c)] for c in cuts)
    assert cost(found) == min(map(cost, every))


def test_nothing_is_no_buckets():
    assert buckets_of(np.array([], dtype=np.int64)) == []
