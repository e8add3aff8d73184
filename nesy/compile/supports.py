"""The symbols below each node, as bits."""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints

WORD = 62
"""Bits of a set in one integer."""
LARGEST = 1 << 25
"""Words that the sets of all nodes may take together. Beyond, several symbols share a bit."""


class Supports(NamedTuple):
    """bits: `words` integers for each node, the symbols below it. place: the bit of each symbol.

    Parts of a program that share no symbol use the same bits; part: the part of each node. So sets
    are compared within a part only.
    shape: [words, whether each symbol of a part has a bit of its own]. Where not, sets that share no
    bit are still disjoint, and a set whose bits are not among another's is still not part of it.
    """

    bits: Ints
    place: Ints
    part: Ints
    shape: Ints


@inner
def supports(gates: Gates) -> Any:
    """The support of every node. Cost: O(words * edges)."""
    gates = borrowed(gates)
    nodes, symbols = len(gates.symbol), len(gates.leaf_start) - 1
    start, child, symbol = gates.start, gates.child, gates.symbol
    parent, part = ints(symbols, 0), ints(nodes, -1)
    _list_parts(gates, parent, part)
    place, words, own = _places(parent, nodes)
    bits = ints(words * nodes, 0)
    for node in range(2, nodes):
        base = words * node
        s = symbol[node]
        if s >= 0:
            bits[base + place[s] // WORD] = 1 << (place[s] % WORD)
        for i in range(start[node], start[node + 1]):
            below = words * abs(child[i])
            for w in range(words):
                bits[base + w] |= bits[below + w]
    shape = ints(2, words)
    shape[1] = own
    return Supports(bits, place, part, shape)


@inner
def _list_parts(gates: Gates, parent: Ints, part: Ints) -> None:
    """Write down the part of each node, a symbol that stands for it; and join the symbols of each part."""
    start, child, symbol = gates.start, gates.child, gates.symbol
    parent, part = borrowed((parent, part))
    for s in range(len(parent)):
        parent[s] = s
    for node in range(2, len(part)):
        part[node] = symbol[node]
        for i in range(start[node], start[node + 1]):
            below = part[abs(child[i])]
            if part[node] < 0:
                part[node] = below
            else:
                parent[find(parent, below)] = find(parent, part[node])
    for node in range(2, len(part)):
        part[node] = find(parent, part[node])


@inner
def _places(parent: Ints, nodes: int) -> Any:
    """(bit of each symbol, words needed, whether no two of a part share a bit)."""
    parent = borrowed(parent)
    symbols = len(parent)
    count, place = ints(symbols, 0), ints(symbols, 0)
    most = 1
    for s in range(symbols):
        root = find(parent, s)
        place[s] = count[root]
        count[root] += 1
        most = max(most, count[root])
    words = (most - 1) // WORD + 1
    allowed = max(1, LARGEST // max(1, nodes))
    if words <= allowed:
        return place, words, 1
    for s in range(symbols):
        place[s] %= allowed * WORD
    return place, allowed, 0


@inner
def find(parent: Ints, x: int) -> int:
    """The representative of x in a union-find forest; shortens the way there."""
    while parent[x] != x:
        parent[x] = parent[parent[x]]
        x = parent[x]
    return x


@inner
def overlap(left: Ints, at: int, right: Ints, other: int, words: int) -> bool:
    """Whether two sets of bits share one: `left` from `at` on, `right` from `other` on."""
    for w in range(words):
        if left[at + w] & right[other + w]:
            return True
    return False


@inner
def within(left: Ints, at: int, right: Ints, other: int, words: int) -> bool:
    """Whether the first set's bits are all in the second."""
    for w in range(words):
        if left[at + w] & ~right[other + w]:
            return False
    return True


@inner
def unite(left: Ints, at: int, right: Ints, other: int, words: int) -> None:
    """Add the second set's bits to the first."""
    for w in range(words):
        left[at + w] |= right[other + w]
