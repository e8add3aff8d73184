"""The circuit under construction: hash-consed nodes in growing sequences."""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.sorting import sort

ZERO = 0
ONE = 1
FLAT = 8
"""Products of more factors stay factors of their own: in a long chain each would hold all the ones below."""
INPUT, SUM, PRODUCT = 2, 3, 4
_MODULUS = 2147483647


class Arena(NamedTuple):
    """Nodes 0 (zero) and 1 (one), then others, children before parents; node n has `kind[n]` and children.

    tops: [nodes, children used]. start: where a node's children begin; for an input, `child` there is
    its column. table: open addressing by content.
    """

    tops: Ints
    kind: Ints
    start: Ints
    child: Ints
    table: Ints


@inner
def arena(room: int) -> Any:
    """An arena with room for so many nodes, a power of two, and four times as many children."""
    made = Arena(ints(2, 0), ints(room, 0), ints(room + 1, 0), ints(4 * room, 0), ints(4 * room, 0))
    made.kind[1] = 1
    made.tops[0] = 2
    return made


@inner
def grown(old: Arena) -> Any:
    """The same nodes in an arena twice as large."""
    grown_to = arena(2 * len(old.kind))
    _copy(old, grown_to)
    return grown_to


@inner
def _copy(old: Arena, new: Arena) -> None:
    """Copy the nodes of an arena to an empty one with room for them."""
    old, new = borrowed(old), borrowed(new)
    new.tops[0], new.tops[1] = old.tops[0], old.tops[1]
    for i in range(old.tops[0]):
        new.kind[i] = old.kind[i]
        new.start[i + 1] = old.start[i + 1]
    for i in range(old.tops[1]):
        new.child[i] = old.child[i]
    for node in range(2, old.tops[0]):
        mixed = _mixed(old.kind[node], old.child, old.start[node], old.start[node + 1])
        slot = mixed & (len(new.table) - 1)
        while new.table[slot]:
            slot = (slot + 1) & (len(new.table) - 1)
        new.table[slot] = node


@inner
def has_room(made: Arena, nodes: int, children: int) -> bool:
    """Whether so many more nodes and children fit."""
    return bool(made.tops[0] + nodes < len(made.kind) and made.tops[1] + children < len(made.child))


@inner
def with_room_for(made: Arena, values: Ints, first: int, stop: int) -> Any:
    """The arena, grown if need be, with room for the product or the sum of a range of nodes."""
    start = borrowed(made.start)
    children = 64
    for i in range(first, stop):
        children += 2 * FLAT + 2 * (start[values[i] + 1] - start[values[i]])
    while not has_room(made, 2 * (stop - first) + 16, children):
        made = grown(made)
    return made


@inner
def input_node(made: Arena, column: int) -> int:
    """The weight in an input column."""
    made.child[made.tops[1]] = column
    return _node(made, INPUT, 1)


@inner
def product(made: Arena, values: Ints, first: int, stop: int) -> int:
    """The product of a range of nodes over disjoint variables; small products among them are flattened."""
    base = made.tops[1]
    top = base
    for i in range(first, stop):
        x = values[i]
        if x == ZERO:
            return ZERO
        if made.kind[x] == PRODUCT and made.start[x + 1] - made.start[x] <= FLAT:
            for j in range(made.start[x], made.start[x + 1]):
                made.child[top] = made.child[j]
                top += 1
        elif x != ONE:
            made.child[top] = x
            top += 1
    if top == base:
        return ONE
    if top == base + 1:
        return int(made.child[base])
    sort(made.child, base, top)
    return _node(made, PRODUCT, top - base)


@inner
def total(made: Arena, values: Ints, first: int, stop: int) -> int:
    """The sum of a range of nodes that exclude one another; the range is overwritten.

    Products that differ only in their inputs are added before they are multiplied by what they share.
    """
    kept = first
    for i in range(first, stop):
        if values[i] != ZERO:
            values[kept] = values[i]
            kept += 1
    if kept - first > 2 or (kept - first == 2 and made.kind[values[first]] == PRODUCT):
        kept = _factored(made, values, first, kept)
    return _sum(made, values, first, kept)


@inner
def _sum(made: Arena, values: Ints, first: int, stop: int) -> int:
    if stop == first:
        return ZERO
    if stop == first + 1:
        return int(values[first])
    base = made.tops[1]
    for i in range(first, stop):
        made.child[base + i - first] = values[i]
    sort(made.child, base, base + stop - first)
    return _node(made, SUM, stop - first)


@inner
def _inputs(made: Arena, node: int) -> int:
    """How many of a product's factors are inputs."""
    found = 0
    for i in range(made.start[node], made.start[node + 1]):
        if made.kind[made.child[i]] == INPUT:
            found += 1
    return found


@inner
def _factored(made: Arena, values: Ints, first: int, stop: int) -> int:
    """Replace products with the same factors other than inputs by one; returns the new end."""
    count = stop - first
    # The products with such factors, sorted by a digest of them; equal digests are compared.
    keyed = ints(count, 0)
    candidates = 0
    for i in range(count):
        x = values[first + i]
        if made.kind[x] == PRODUCT:
            n = _inputs(made, x)
            if 0 < n < made.start[x + 1] - made.start[x]:
                keyed[candidates] = _digest(made, x) * count + i
                candidates += 1
    if candidates < 2:
        return stop
    sort(keyed, 0, candidates)
    parts = ints(count, 0)
    i = 0
    while i < candidates:
        x = values[first + keyed[i] % count]
        size = 0
        j = i
        while j < candidates and keyed[j] // count == keyed[i] // count:
            y = values[first + keyed[j] % count]
            if _same_rest(made, x, y):
                parts[size] = keyed[j] % count
                size += 1
            j += 1
        if size > 1:
            merged = _merged(made, values, first, parts, size)
            for k in range(size):
                values[first + parts[k]] = ZERO
            values[first + parts[0]] = merged
        i = j
    kept = first
    for k in range(first, stop):
        if values[k] != ZERO:
            values[kept] = values[k]
            kept += 1
    return kept


@inner
def _digest(made: Arena, node: int) -> int:
    mixed = 7
    for i in range(made.start[node], made.start[node + 1]):
        if made.kind[made.child[i]] != INPUT:
            mixed = (mixed * 1000003 + made.child[i]) % _MODULUS
    return mixed


@inner
def _same_rest(made: Arena, x: int, y: int) -> bool:
    """Whether two products have the same factors but for inputs. Factors are sorted."""
    i, j = made.start[x], made.start[y]
    while True:
        while i < made.start[x + 1] and made.kind[made.child[i]] == INPUT:
            i += 1
        while j < made.start[y + 1] and made.kind[made.child[j]] == INPUT:
            j += 1
        if i == made.start[x + 1] or j == made.start[y + 1]:
            return bool(i == made.start[x + 1] and j == made.start[y + 1])
        if made.child[i] != made.child[j]:
            return False
        i += 1
        j += 1


@inner
def _merged(made: Arena, values: Ints, first: int, parts: Ints, size: int) -> int:
    """The sum of the inputs of some products, times the factors that all of them share."""
    heads = ints(size, 0)
    x = values[first + parts[0]]
    for k in range(size):
        y = values[first + parts[k]]
        factors = ints(made.start[y + 1] - made.start[y], 0)
        n = 0
        for i in range(made.start[y], made.start[y + 1]):
            if made.kind[made.child[i]] == INPUT:
                factors[n] = made.child[i]
                n += 1
        heads[k] = product(made, factors, 0, n)
    factors = ints(made.start[x + 1] - made.start[x] + 1, 0)
    n = 1
    factors[0] = _sum(made, heads, 0, size)
    for i in range(made.start[x], made.start[x + 1]):
        if made.kind[made.child[i]] != INPUT:
            factors[n] = made.child[i]
            n += 1
    return product(made, factors, 0, n)


@inner
def _mixed(kind: int, child: Ints, first: int, stop: int) -> int:
    mixed = kind
    for i in range(first, stop):
        mixed = (mixed * 1000003 + child[i] * 7919 + 12345) % _MODULUS
    return mixed


@inner
def _node(made: Arena, kind: int, size: int) -> int:
    """The node with the children that stand at the top of the arena; a new one if there is none."""
    base = made.tops[1]
    mask = len(made.table) - 1
    slot = _mixed(kind, made.child, base, base + size) & mask
    while made.table[slot]:
        found = made.table[slot]
        if made.kind[found] == kind and made.start[found + 1] - made.start[found] == size:
            same = True
            for i in range(size):
                if made.child[made.start[found] + i] != made.child[base + i]:
                    same = False
                    break
            if same:
                return int(found)
        slot = (slot + 1) & mask
    node = made.tops[0]
    made.table[slot] = node
    made.kind[node] = kind
    made.start[node] = base
    made.start[node + 1] = base + size
    made.tops[0] = node + 1
    made.tops[1] = base + size
    return int(node)


def edges_below(made: Arena, node: int) -> int:
    """The number of edges of a node's circuit."""
    made = borrowed(made)
    live = ints(node + 1, 0)
    live[node] = 1
    edges = 0
    for n in range(node, ONE, -1):
        if live[n] and made.kind[n] != INPUT:
            edges += made.start[n + 1] - made.start[n]
            for i in range(made.start[n], made.start[n + 1]):
                live[made.child[i]] = 1
    return int(edges)


@inner
def reached(made: Arena, nodes: Ints) -> Any:
    """(kinds, columns, offsets, children, roots): the circuit of some nodes, without all others."""
    made = borrowed(made)
    live = ints(made.tops[0], 0)
    for i in range(len(nodes)):
        live[nodes[i]] = 1
    edges = 0
    count = 0
    for node in range(made.tops[0] - 1, -1, -1):
        if live[node]:
            count += 1
            if made.kind[node] > INPUT:
                edges += made.start[node + 1] - made.start[node]
                for i in range(made.start[node], made.start[node + 1]):
                    live[made.child[i]] = 1
    kinds, columns, offsets = ints(count, 0), ints(count, -1), ints(count + 1, 0)
    children, roots = ints(edges, 0), ints(len(nodes), 0)
    place = ints(made.tops[0], 0)
    top = 0
    for node in range(made.tops[0]):
        if not live[node]:
            continue
        place[node] = top
        kinds[top] = made.kind[node]
        offsets[top + 1] = offsets[top]
        if made.kind[node] == INPUT:
            columns[top] = made.child[made.start[node]]
        elif made.kind[node] > INPUT:
            for i in range(made.start[node], made.start[node + 1]):
                children[offsets[top + 1]] = place[made.child[i]]
                offsets[top + 1] += 1
        top += 1
    for i in range(len(nodes)):
        roots[i] = place[nodes[i]]
    return kinds, columns, offsets, children, roots
