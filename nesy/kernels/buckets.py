"""Cuts ragged groups into few rectangles: nodes of similar arity, padded to the largest among them."""

from __future__ import annotations

import numpy as np

from nesy.circuit.circuit import IntArray

STEP_COST = 100
"""What a further rectangle costs, in padded entries: the overhead of a dozen array operations (about 40
microseconds) over the work on one entry at a batch of 128 (about 0.4)."""

Bucket = tuple[int, int, int]
"""(first, last, arity): the nodes `first` up to `last`, not included, padded to `arity`."""


def buckets_of(arities: IntArray) -> list[Bucket]:
    """Cut an ascending sequence of arities into buckets, so that entries plus `STEP_COST` for each are least.

    Cost: O(D^2) for D distinct arities, in numpy but for a loop over them.
    """
    distinct, counts = np.unique(arities, return_counts=True)
    ends = np.cumsum(counts)
    starts = ends - counts
    # best[j]: the least cost of the first j distinct arities; cut[j]: where the last of their buckets starts.
    best = np.zeros(len(distinct) + 1)
    cut = np.zeros(len(distinct) + 1, dtype=np.int64)
    for j in range(1, len(distinct) + 1):
        costs = best[:j] + (ends[j - 1] - starts[:j]) * distinct[j - 1] + STEP_COST
        cut[j] = int(np.argmin(costs))
        best[j] = costs[cut[j]]
    result: list[Bucket] = []
    j = len(distinct)
    while j:
        i = int(cut[j])
        result.append((int(starts[i]), int(ends[j - 1]), int(distinct[j - 1])))
        j = i
    return result[::-1]
