"""When each symbol and each family is decided."""

from __future__ import annotations

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.supports import Supports

SWEPT = 1_000
"""Symbols beyond which those used equally low are taken as they come."""


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
    """Ranks: the symbols used lowest first; families only after all symbols.

    Symbols used equally low are swept through: next is always the one that adds the fewest to those
    undecided which share a gate with one decided. Of these, the one that has waited longest.
    Cost: O(S^2) for S symbols that are used equally low, and what they share.
    """
    symbols = len(gates.leaf_start) - 1
    lowest = ints(symbols + len(proven), 1 << 30)
    for s in range(symbols):
        for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
            leaf = gates.leaf[i]
            for j in range(gates.up_start[leaf], gates.up_start[leaf + 1]):
                lowest[s] = min(lowest[s], gates.height[abs(gates.up[j])])
    if symbols > SWEPT:
        return ranked(lowest)
    return _swept(gates, lowest, symbols)


@inner
def _swept(gates: Gates, lowest: Ints, symbols: int) -> Ints:
    rank = ints(len(lowest), symbols)
    _sweep(gates, lowest, rank, ints(symbols, -1), ints(symbols, -1), ints(symbols, 0))
    return rank


@inner
def _sweep(gates: Gates, lowest: Ints, rank: Ints, waiting: Ints, seen: Ints, decided: Ints) -> None:
    """Write down the ranks of symbols. The last three: room for the symbols, -1, -1 and 0."""
    waiting, seen, symbols = borrowed(waiting), borrowed(seen), len(waiting)
    for step in range(symbols):
        best, fewest = -1, 0
        for s in range(symbols):
            if decided[s] or (best >= 0 and lowest[s] > lowest[best]):
                continue
            added = _added(gates, s, waiting, seen, step * symbols + s)
            if best < 0 or lowest[s] < lowest[best] or _sooner(added, fewest, waiting[s], waiting[best]):
                best, fewest = s, added
        decided[best] = 1
        rank[best] = step
        _meet(gates, best, waiting, step)


@inner
def _sooner(added: int, fewest: int, waiting: int, other: int) -> bool:
    """Whether a symbol goes before another used as low: it adds fewer, or has waited, and longer."""
    if added != fewest:
        return added < fewest
    return waiting >= 0 and (other < 0 or waiting < other)


@inner
def _added(gates: Gates, s: int, waiting: Ints, seen: Ints, stamp: int) -> int:
    """How many symbols that do not wait yet share a gate with one of them; less one if that waits."""
    seen[s] = stamp
    added = 0 if waiting[s] < 0 else -1
    for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
        leaf = gates.leaf[i]
        for j in range(gates.up_start[leaf], gates.up_start[leaf + 1]):
            above = abs(gates.up[j])
            for k in range(gates.start[above], gates.start[above + 1]):
                t = gates.symbol[abs(gates.child[k])]
                if t >= 0 and seen[t] != stamp:
                    seen[t] = stamp
                    if waiting[t] < 0:
                        added += 1
    return added


@inner
def _meet(gates: Gates, s: int, waiting: Ints, step: int) -> None:
    """Let the symbols that share a gate with one wait, from this step on."""
    for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
        leaf = gates.leaf[i]
        for j in range(gates.up_start[leaf], gates.up_start[leaf + 1]):
            above = abs(gates.up[j])
            for k in range(gates.start[above], gates.start[above + 1]):
                t = gates.symbol[abs(gates.child[k])]
                if t >= 0 and waiting[t] < 0:
                    waiting[t] = step


@inner
def with_leaders(gates: Gates, sets: Supports, proven: Ints, rank: Ints) -> Ints:
    """The ranks, and behind them for each node which of the symbols and families below it comes first.

    A node's own families are not below it.

    Where symbols share bits, families are left out: whether a component holds them could not be told.
    Last stands whether the rank counts (0), or only breaks ties between symbols that the most of a
    component's disjunctions speak of (1, see `busiest_first`).
    """
    symbols, decisions = len(gates.leaf_start) - 1, len(rank)
    whole = ints(decisions + len(gates.symbol) + 1, -1)
    whole[decisions + len(gates.symbol)] = 0
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
def busiest_first(rank: Ints) -> Ints:
    """The same ranks, to break ties alone: first comes what most disjunctions of a component speak of."""
    counted = ints(len(rank), 1)
    for i in range(len(rank) - 1):
        counted[i] = rank[i]
    return counted


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
