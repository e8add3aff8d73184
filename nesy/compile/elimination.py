"""A decision order from a tree decomposition: what min-fill elimination takes out last is decided first.

The vertices are the symbols, the families proven exclusive, and large gates that are used more than
once. Two of them are joined where one gate, with the lesser gates below it, speaks of both. A vertex taken
out leaves its neighbours joined; the one that adds the fewest edges goes first. The neighbours at that
moment are a bag of a tree decomposition, and whatever is decided from the last bag to the first falls
apart along that tree.
"""

from __future__ import annotations

from typing import Any

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.supports import WORD

LARGEST = 20_000
"""Vertices beyond which no decomposition is sought."""
ENDLESS = 1 << 40
LESSER = 6
"""A gate that speaks of no more vertices than this is part of those that use it."""
CROWDED = 100
"""Neighbours of a vertex beyond which the edges it would add are not counted; a width beyond use."""
WIDEST = 60
"""A gate that speaks of more vertices is taken apart."""


@inner
def from_decomposition(gates: Gates, proven: Ints) -> Any:
    """(ranks for symbols, then families; width): none where there are too many vertices, or no narrow order.

    The width is the most neighbours that a vertex has when it is taken out.

    Cost: O(V^2 + V * w^2 * V / 62) for V vertices and width w.
    """
    vertex, count = _vertices(gates, proven)
    symbols = len(gates.leaf_start) - 1
    if count > LARGEST:
        return ints(0, 0), count
    words = count // WORD + 1
    joined = ints(count * words, 0)
    _join(gates, vertex, joined, words)
    place, width = _eliminated(joined, count, words, _heights(gates, vertex, count))
    rank = ints(symbols + len(proven) if len(place) else 0, 0)
    met = _met(gates, vertex, count)
    for d in range(len(rank)):
        # A family none of whose members is its own vertex is another one over again: it comes last.
        rank[d] = count - place[d] if met[d] else 2 * count
    return rank, width


@inner
def _met(gates: Gates, vertex: Ints, count: int) -> Ints:
    """Whether each vertex is that of a node."""
    met = ints(count, 0)
    for node in range(2, len(gates.symbol)):
        if vertex[node] >= 0:
            met[vertex[node]] = 1
    return met


@inner
def _vertices(gates: Gates, proven: Ints) -> Any:
    """(vertex of each node, number of vertices); -1 for a gate that is part of those that use it."""
    symbols = len(gates.leaf_start) - 1
    count = symbols + len(proven)
    vertex = ints(len(gates.symbol), -1)
    speaks = ints(len(gates.symbol), 1)
    for node in range(2, len(gates.symbol)):
        if gates.symbol[node] >= 0:
            vertex[node] = gates.symbol[node]
            continue
        for i in range(gates.member_start[2 * node], gates.member_start[2 * node + 2]):
            if vertex[node] < 0 and proven[gates.member[i]]:
                vertex[node] = symbols + gates.member[i]
        if vertex[node] >= 0:
            continue
        speaks[node] = 0
        for i in range(gates.start[node], gates.start[node + 1]):
            speaks[node] += speaks[abs(gates.child[i])]
        parents = gates.up_start[node + 1] - gates.up_start[node]
        if parents == 0 or (parents > 1 and speaks[node] > LESSER) or _is_asserted(gates, node):
            vertex[node], speaks[node] = count, 1
            count += 1
    return vertex, count


@inner
def _is_asserted(gates: Gates, node: int) -> bool:
    """Whether a gate's only use is in a conjunction that is a root: it is met there with nothing else."""
    for i in range(gates.up_start[node], gates.up_start[node + 1]):
        above = abs(gates.up[i])
        if gates.up_start[above] < gates.up_start[above + 1]:
            return False
    return bool(gates.up_start[node] < gates.up_start[node + 1])


@inner
def _is_root_conjunction(gates: Gates, node: int) -> bool:
    """Whether a gate is only used as a root, and only as it is."""
    if gates.up_start[node] < gates.up_start[node + 1]:
        return False
    for i in range(len(gates.roots)):
        if gates.roots[i] == -node:
            return False
    return True


@inner
def _join(gates: Gates, vertex: Ints, joined: Ints, words: int) -> None:
    """Join the vertices that each gate, with the lesser gates below it, speaks of.

    Where those are too many it is taken apart: what each gate below speaks of is joined, and to the gate.
    """
    vertex, joined = borrowed((vertex, joined))
    scope, seen = ints(WIDEST, 0), ints(words * WORD, 0)
    whole, stack = ints(len(gates.child) + 1, 0), ints(len(gates.child) + 1, 0)
    stamp = 0
    for gate in range(2, len(gates.symbol)):
        if gates.symbol[gate] >= 0 or vertex[gate] < 0 or _is_root_conjunction(gates, gate):
            continue
        depth = 1
        whole[0] = gate
        while depth:
            depth -= 1
            g = whole[depth]
            stamp += 1
            size = _scope(gates, vertex, gate, g, scope, seen, stamp, stack)
            if size <= WIDEST:
                for i in range(size):
                    for j in range(i):
                        _add(joined, words, scope[i], scope[j])
                continue
            for i in range(gates.start[g], gates.start[g + 1]):
                below = abs(gates.child[i])
                if vertex[below] >= 0:
                    _add(joined, words, vertex[gate], vertex[below])
                else:
                    whole[depth] = below
                    depth += 1


@inner
def _scope(
    gates: Gates, vertex: Ints, gate: int, part: int, scope: Ints, seen: Ints, stamp: int, stack: Ints
) -> int:
    """Write down a gate's vertex and those that a part of it speaks of; returns how many, or one too many."""
    scope[0], seen[vertex[gate]] = vertex[gate], stamp
    size, depth = 1, 1
    stack[0] = part
    while depth:
        depth -= 1
        for i in range(gates.start[stack[depth]], gates.start[stack[depth] + 1]):
            below = abs(gates.child[i])
            v = vertex[below]
            if v < 0:
                stack[depth] = below
                depth += 1
            elif seen[v] != stamp:
                if size == WIDEST:
                    return size + 1
                scope[size], seen[v] = v, stamp
                size += 1
    return size


@inner
def _joined(joined: Ints, words: int, u: int, v: int) -> bool:
    return bool((joined[u * words + v // WORD] >> (v % WORD)) & 1)


@inner
def _add(joined: Ints, words: int, u: int, v: int) -> None:
    if u != v:
        joined[u * words + v // WORD] |= 1 << (v % WORD)
        joined[v * words + u // WORD] |= 1 << (u % WORD)


@inner
def _neighbours(joined: Ints, words: int, v: int, found: Ints) -> int:
    """Write down the neighbours of a vertex; returns how many."""
    size = 0
    for w in range(words):
        bits = joined[v * words + w]
        at = w * WORD
        while bits:
            if bits & 1:
                found[size] = at
                size += 1
            bits >>= 1
            at += 1
    return size


@inner
def _missing(joined: Ints, words: int, found: Ints, size: int) -> int:
    """How many pairs of some vertices are not joined."""
    missing = 0
    for i in range(size):
        for j in range(i):
            if not _joined(joined, words, found[i], found[j]):
                missing += 1
    return missing


@inner
def _heights(gates: Gates, vertex: Ints, count: int) -> Ints:
    """How far above the leaves each vertex is first made use of."""
    height = ints(count, 1 << 30)
    for node in range(2, len(gates.symbol)):
        v = vertex[node]
        if v < 0:
            continue
        if gates.symbol[node] < 0:
            height[v] = min(height[v], gates.height[node])
        for i in range(gates.up_start[node], gates.up_start[node + 1]):
            if gates.symbol[node] >= 0:
                height[v] = min(height[v], gates.height[abs(gates.up[i])])
    return height


@inner
def _goes_before(fill: Ints, height: Ints, gone: Ints, lately: Ints, v: int, best: int) -> bool:
    if fill[v] != fill[best]:
        return bool(fill[v] < fill[best])
    if height[v] != height[best]:
        return bool(height[v] < height[best])
    if gone[v] != gone[best]:
        return bool(gone[v] > gone[best])
    return bool(lately[v] >= lately[best])


@inner
def _eliminated(joined: Ints, count: int, words: int, height: Ints) -> Any:
    """(place of each vertex in the order of elimination, width); no places if that grows too wide.

    Of those that add equally few edges the lowest goes first, so that what stands next to the roots
    is decided first and what is below it stays as it is. Then one with more neighbours gone, the latest
    of them most lately, so that elimination sweeps through what is alike in whatever order it is listed;
    then families before symbols, which tell them.
    """
    place = ints(count, -1)
    rooms = (ints(count, 0), ints(count, 0), ints(count, 0), ints(count, 1), ints(count, 0), ints(count, -1))
    width = _eliminate(joined, count, words, height, place, rooms)
    return (place if width < ENDLESS else ints(0, 0)), width


@inner
def _eliminate(joined: Ints, count: int, words: int, height: Ints, place: Ints, rooms: Any) -> int:
    """Write down the places; returns the width, `ENDLESS` if it grows too wide.

    rooms: for the edges that each vertex would add, neighbours, theirs, whether those edges are to be
    counted again (1), how many neighbours are gone, and the step the last one went at (-1).
    """
    joined, height = borrowed((joined, height))
    fill, found, near, stale, gone, lately = borrowed(rooms)
    width = 0
    for step in range(count):
        best = -1
        for v in range(count):
            if place[v] >= 0:
                continue
            if stale[v]:
                size = _neighbours(joined, words, v, found)
                fill[v] = ENDLESS if size > CROWDED else _missing(joined, words, found, size)
                stale[v] = 0
            if best < 0 or _goes_before(fill, height, gone, lately, v, best):
                best = v
        if fill[best] == ENDLESS:
            return ENDLESS
        place[best] = step
        size = _neighbours(joined, words, best, found)
        width = max(width, size)
        added = fill[best] > 0
        for i in range(size):
            u = found[i]
            gone[u] += 1
            lately[u] = step
            joined[u * words + best // WORD] &= ~(1 << (best % WORD))
            stale[u] = 1
        if added:
            for i in range(size):
                for j in range(i):
                    _add(joined, words, found[i], found[j])
            for i in range(size):
                # A pair now joined is a pair less for those who are joined to both.
                n = _neighbours(joined, words, found[i], near)
                for k in range(n):
                    stale[near[k]] = 1
    return width
