"""When each symbol and each family is decided."""

from __future__ import annotations

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, inner, ints
from nesy.compile.supports import Supports


@inner
def depths(gates: Gates) -> Ints:
    """The longest way from a root down to each node."""
    start, child = gates.start, gates.child
    depth = ints(len(gates.symbol), 0)
    for node in range(len(gates.symbol) - 1, 1, -1):
        for i in range(start[node], start[node + 1]):
            below = abs(child[i])
            depth[below] = max(depth[below], depth[node] + 1)
    return depth


@inner
def from_above(gates: Gates, proven: Ints) -> Ints:
    """Ranks: what stands nearest to the roots first, by the longest way there."""
    symbols = len(gates.leaf_start) - 1
    depth = depths(gates)
    keys = ints(symbols + len(proven), 0)
    for s in range(symbols):
        for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
            keys[s] = max(keys[s], depth[gates.leaf[i]])
    for f in range(len(proven)):
        for i in range(gates.family_start[f], gates.family_start[f + 1]):
            keys[symbols + f] = max(keys[symbols + f], depth[abs(gates.family[i])])
    return ranked(keys)


@inner
def from_below(gates: Gates, proven: Ints) -> Ints:
    """Ranks: the symbols nearest to the leaves' end first; families only after all symbols."""
    nodes, symbols = len(gates.symbol), len(gates.leaf_start) - 1
    keys = ints(symbols + len(proven), 1 << 30)
    for s in range(symbols):
        for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
            leaf = gates.leaf[i]
            for j in range(gates.up_start[leaf], gates.up_start[leaf + 1]):
                keys[s] = min(keys[s], gates.height[abs(gates.up[j])] * nodes + abs(gates.up[j]))
    return ranked(keys)


@inner
def with_leaders(gates: Gates, sets: Supports, proven: Ints, rank: Ints) -> Ints:
    """The ranks, and behind them for each node which of the symbols and families below it comes first.

    A node's own families are not below it.

    Where symbols share bits, families are left out: whether a component holds them could not be told.
    """
    symbols, decisions = len(gates.leaf_start) - 1, len(rank)
    whole = ints(decisions + len(gates.symbol), -1)
    for d in range(decisions):
        whole[d] = rank[d]
    for node in range(2, len(gates.symbol)):
        best = gates.symbol[node]
        for i in range(gates.start[node], gates.start[node + 1]):
            below = abs(gates.child[i])
            d = whole[decisions + below]
            if best < 0 or rank[d] < rank[best]:
                best = d
            for j in range(gates.member_start[2 * below], gates.member_start[2 * below + 2]):
                d = symbols + gates.member[j]
                if sets.shape[1] and proven[gates.member[j]] and rank[d] < rank[best]:
                    best = d
        whole[decisions + node] = best
    return whole


@inner
def ranked(keys: Ints) -> Ints:
    """The place of each key among all of them, in ascending order; ties in order of place."""
    count = len(keys)
    order = ints(count, 0)
    other = ints(count, 0)
    for i in range(count):
        order[i] = i
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            _merge(keys, order, other, low, min(low + width, count), min(low + 2 * width, count))
        order, other = other, order
        width *= 2
    rank = ints(count, 0)
    for i in range(count):
        rank[order[i]] = i
    return rank


@inner
def _merge(keys: Ints, order: Ints, other: Ints, low: int, middle: int, high: int) -> None:
    i, j = low, middle
    for k in range(low, high):
        if i < middle and (j >= high or keys[order[i]] <= keys[order[j]]):
            other[k] = order[i]
            i += 1
        else:
            other[k] = order[j]
            j += 1
