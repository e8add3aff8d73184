"""The worlds that formulas hold in, and circuits by plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from operator import and_, or_
from random import Random

import numpy as np

from nesy.logic.graph import Graph, Kind

World = tuple[int, ...]


def worlds(sizes: Sequence[int]) -> list[World]:
    return list(product(*map(range, sizes)))


def models(graph: Graph, literal: int, every: Sequence[World]) -> int:
    """The worlds a literal holds in, as a bit mask over `every`. Children come before parents."""
    everywhere = (1 << len(every)) - 1
    masks = [everywhere, everywhere]
    for kind, args in list(zip(graph.kinds, graph.args, strict=True))[2 : abs(literal) + 1]:
        if kind is Kind.LEAF:
            masks.append(sum(1 << i for i, w in enumerate(every) if w[args[0]] == args[1]))
        else:
            below = [masks[c] if c > 0 else everywhere ^ masks[-c] for c in args]
            masks.append(reduce(and_ if kind is Kind.AND else or_, below))
    return masks[abs(literal)] if literal > 0 else everywhere ^ masks[-literal]


def random_weights(rng: Random, sizes: Sequence[int]) -> list[list[float]]:
    """A distribution over each variable's values."""
    found = []
    for size in sizes:
        raw = [rng.random() + 0.01 for _ in range(size)]
        found.append([x / sum(raw) for x in raw])
    return found


def weight(mask: int, every: Sequence[World], weights: Sequence[Sequence[float]]) -> float:
    """The probability of a set of worlds."""
    return sum(
        float(np.prod([w[x] for w, x in zip(weights, world, strict=True)]))
        for i, world in enumerate(every)
        if mask >> i & 1
    )
