"""The formula a compiler works on: gates over the values of finite-domain symbols, as flat sequences.

There is one kind of gate, the conjunction. A disjunction is the negation of the conjunction of its
negated parts, so equal formulas become one node more often, and all that is done to a gate is
written once. Literal `+g` says that all children of gate g hold; `-g`, that some child does not.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.literals import TRUE, distinct, memberships
from nesy.compile.sorting import sort


class Source(NamedTuple):
    """A ground program's graph as it comes: see `nesy.logic.graph`. Children stand before parents.

    kinds, offsets, literals: as in `nesy.logic.flat.FlatGraph`.
    roots: the literals asked for.
    sizes: the number of values of each symbol. columns: the input column of its first value.
    family_start, family: CSR of literals, groups that may exclude one another.
    """

    kinds: Ints
    offsets: Ints
    literals: Ints
    roots: Ints
    sizes: Ints
    columns: Ints
    family_start: Ints
    family: Ints


class Gates(NamedTuple):
    """Nodes 2 to n: first the leaves, symbol by symbol, then gates, children before parents.

    start, child: CSR, the literals below each gate; none below a leaf.
    up_start, up: CSR, the gates above each node, negative where it stands negated there.
    symbol: the symbol of a leaf, -1 for a gate.
    leaf_start, leaf: CSR over symbols. A symbol whose values form two classes has one leaf, which
    stands for the first class, and its negation for the second. Others have one leaf for each class.
    class_start, column: CSR over 2 * node + negated, the input columns of the class a leaf's literal is.
    family_start, family: CSR, candidate groups of literals that exclude one another.
    member_start, member: CSR over 2 * node + negated, the families a literal is a member of.
    height: the longest way down to a leaf.
    roots: the literals asked for.
    """

    start: Ints
    child: Ints
    up_start: Ints
    up: Ints
    symbol: Ints
    leaf_start: Ints
    leaf: Ints
    class_start: Ints
    column: Ints
    family_start: Ints
    family: Ints
    member_start: Ints
    member: Ints
    height: Ints
    roots: Ints


_UNUSED, _LEAF, _AND = 0, 1, 2
_MODULUS = 2147483647


@inner
def gates(source: Source) -> Any:
    """The gates that a source's roots reach, simplified and shared; returns `Gates`.

    Simplified: constants, repetitions, complements, values of a symbol that exclude one another.
    Cost: O((nodes + edges) log(arity)).
    """
    source = borrowed(source)
    reached = _reached(source)
    symbol, leaf_start, leaf, class_start, column, literal_of = _leaves(source, reached)
    leaves = len(symbol)
    total = leaves
    edges = 0
    for node in range(2, len(source.kinds)):
        if reached[node] and source.kinds[node] >= _AND:
            total += 1
            edges += source.offsets[node + 1] - source.offsets[node]
    image = ints(len(source.kinds), TRUE)
    start = ints(total + 1, 0)
    child = ints(edges, 0)
    size = 8
    while size < 2 * total:
        size *= 2
    count = _translated(source, reached, literal_of, symbol, leaf_start, image, start, child, ints(size, 0))
    return _finished(source, image, start, child, count, symbol, leaf_start, leaf, class_start, column)


@inner
def _translated(
    source: Source,
    reached: Ints,
    literal_of: Ints,
    symbol: Ints,
    leaf_start: Ints,
    image: Ints,
    start: Ints,
    child: Ints,
    table: Ints,
) -> int:
    """Write down the gates, and the literal that each of the source's nodes is; returns the number of nodes.

    table: zeros, a power of two and twice as many as there may be nodes.
    """
    reached, literal_of, symbol, leaf_start = borrowed((reached, literal_of, symbol, leaf_start))
    image, start, child, table = borrowed((image, start, child, table))
    leaves = len(symbol)
    count = leaves
    buffer = ints(_widest(source) + 1, 0)
    for node in range(2, len(source.kinds)):
        if not reached[node]:
            continue
        first = source.offsets[node]
        if source.kinds[node] == _LEAF:
            s = source.literals[first]
            if source.sizes[s] > 1:
                image[node] = literal_of[source.columns[s] + source.literals[first + 1]]
            continue
        sign = 1 if source.kinds[node] == _AND else -1
        width = 0
        for i in range(first, source.offsets[node + 1]):
            x = source.literals[i]
            buffer[width] = sign * image[x] if x > 0 else -sign * image[-x]
            width += 1
        width = _simplified(buffer, width, symbol, leaf_start)
        if width < 0:
            image[node] = -sign * TRUE
        elif width == 0:
            image[node] = sign * TRUE
        elif width == 1:
            image[node] = sign * buffer[0]
        else:
            found, count = _shared(buffer, width, start, child, count, leaves, table)
            image[node] = sign * found
    return count


@inner
def _reached(source: Source) -> Ints:
    reached = ints(len(source.kinds), 0)
    for i in range(len(source.roots)):
        reached[abs(source.roots[i])] = 1
    for node in range(len(source.kinds) - 1, 1, -1):
        if reached[node] and source.kinds[node] >= _AND:
            for i in range(source.offsets[node], source.offsets[node + 1]):
                reached[abs(source.literals[i])] = 1
    return reached


@inner
def _widest(source: Source) -> int:
    widest = 0
    for node in range(2, len(source.kinds)):
        widest = max(widest, source.offsets[node + 1] - source.offsets[node])
    return widest


@inner
def _leaves(source: Source, reached: Ints) -> Any:
    """The leaves of all symbols; and for each input column that is mentioned, the literal it is."""
    symbols = len(source.sizes)
    width = 0
    for s in range(symbols):
        width = max(width, source.columns[s] + source.sizes[s])
    mentioned = ints(width, 0)
    for node in range(2, len(source.kinds)):
        if reached[node] and source.kinds[node] == _LEAF:
            first = source.offsets[node]
            mentioned[source.columns[source.literals[first]] + source.literals[first + 1]] = 1
    leaf_start = ints(symbols + 1, 2)
    for s in range(symbols):
        leaf_start[s + 1] = leaf_start[s] + _leaf_count(source, mentioned, s)
    count = leaf_start[symbols]
    symbol = ints(count, -1)
    class_start = ints(2 * count + 1, 0)
    column = ints(width, 0)
    literal_of = ints(width, 0)
    leaf = ints(count - 2, 0)
    top = 0
    for s in range(symbols):
        for node in range(leaf_start[s], leaf_start[s + 1]):
            symbol[node] = s
            leaf[node - 2] = node
        top = _classes(source, mentioned, s, leaf_start, class_start, column, literal_of, top)
    for s in range(symbols + 1):
        leaf_start[s] -= 2
    return symbol, leaf_start, leaf, class_start, column, literal_of


@inner
def _leaf_count(source: Source, mentioned: Ints, s: int) -> int:
    """The number of leaves of a symbol: one per class of values, but one for two classes."""
    named = 0
    for v in range(source.sizes[s]):
        named += mentioned[source.columns[s] + v]
    classes = named + (1 if named < source.sizes[s] else 0)
    if named == 0 or classes < 2:
        return 0
    return 1 if classes == 2 else classes


@inner
def _classes(
    source: Source,
    mentioned: Ints,
    s: int,
    leaf_start: Ints,
    class_start: Ints,
    column: Ints,
    literal_of: Ints,
    top: int,
) -> int:
    """The input columns of each of a symbol's leaves, value by value; what is not mentioned comes last."""
    first, size = source.columns[s], source.sizes[s]
    node, stop = leaf_start[s], leaf_start[s + 1]
    two = stop - node == 1
    if stop == node:
        return top
    if two and size == 2:
        # A fact's leaf stands for its truth, whichever way the rules mention it.
        literal_of[first], literal_of[first + 1] = -node, node
        column[top], column[top + 1] = first + 1, first
        class_start[2 * node + 1], class_start[2 * node + 2] = top + 1, top + 2
        return top + 2
    literal = node
    for v in range(size):
        if mentioned[first + v]:
            literal_of[first + v] = literal
            column[top] = first + v
            top += 1
            class_start[2 * abs(literal) + (2 if literal < 0 else 1)] = top
            if not two:
                class_start[2 * literal + 2] = top
            literal = -literal if two else literal + 1
    before = top
    for v in range(size):
        if not mentioned[first + v]:
            column[top] = first + v
            top += 1
    if top > before:
        class_start[2 * abs(literal) + (2 if literal < 0 else 1)] = top
        if not two:
            class_start[2 * literal + 2] = top
    return top


@inner
def _simplified(buffer: Ints, width: int, symbol: Ints, leaf_start: Ints) -> int:
    """Simplify a conjunction in place; returns how many literals are left, or -1 where it is false."""
    sort(buffer, 0, width)
    kept = 0
    for i in range(width):
        x = buffer[i]
        if x == -TRUE:
            return -1
        if x == TRUE or (kept and buffer[kept - 1] == x):
            continue
        if kept and buffer[kept - 1] == -x:
            return -1
        buffer[kept] = x
        kept += 1
    return _values_clash(buffer, kept, symbol, leaf_start)


@inner
def _values_clash(buffer: Ints, width: int, symbol: Ints, leaf_start: Ints) -> int:
    """As `_simplified`, for the values of one symbol among sorted literals."""
    kept = 0
    i = 0
    while i < width:
        node = abs(buffer[i])
        s = symbol[node] if node < len(symbol) else -1
        stop = i + 1
        while s >= 0 and stop < width and abs(buffer[stop]) < len(symbol) and symbol[abs(buffer[stop])] == s:
            stop += 1
        chosen = 0
        for j in range(i, stop):
            if s >= 0 and buffer[j] > 0:
                if chosen:
                    return -1
                chosen = buffer[j]
        if chosen:
            buffer[kept] = chosen
            kept += 1
        else:
            classes = leaf_start[s + 1] - leaf_start[s] if s >= 0 else 0
            if classes > 1 and stop - i == classes:
                return -1
            for j in range(i, stop):
                buffer[kept] = buffer[j]
                kept += 1
        i = stop
    return kept


@inner
def _shared(buffer: Ints, width: int, start: Ints, child: Ints, count: int, leaves: int, table: Ints) -> Any:
    """The gate over some sorted literals, a new one where there is none; and the number of nodes."""
    mask = len(table) - 1
    mixed = width
    for i in range(width):
        mixed = (mixed * 1000003 + buffer[i] * 7919 + 12345) % _MODULUS
    slot = mixed & mask
    while table[slot]:
        found = table[slot]
        if start[found + 1] - start[found] == width:
            same = True
            for i in range(width):
                if child[start[found] + i] != buffer[i]:
                    same = False
                    break
            if same:
                return found, count
        slot = (slot + 1) & mask
    table[slot] = count
    for i in range(width):
        child[start[count] + i] = buffer[i]
    start[count + 1] = start[count] + width
    return count, count + 1


@inner
def _finished(
    source: Source,
    image: Ints,
    start: Ints,
    child: Ints,
    count: int,
    symbol: Ints,
    leaf_start: Ints,
    leaf: Ints,
    class_start: Ints,
    column: Ints,
) -> Any:
    roots = ints(len(source.roots), 0)
    for i in range(len(roots)):
        x = source.roots[i]
        roots[i] = image[x] if x > 0 else -image[-x]
    symbols = ints(count, -1)
    for node in range(2, len(symbol)):
        symbols[node] = symbol[node]
    classes = ints(2 * count + 1, class_start[len(class_start) - 1])
    for i in range(len(class_start)):
        classes[i] = class_start[i]
    height = ints(count, 0)
    for node in range(len(symbol), count):
        for i in range(start[node], start[node + 1]):
            height[node] = max(height[node], height[abs(child[i])] + 1)
    up_start, up = _parents(start, child, count)
    family_start, family = _families(source, image)
    member_start, member = memberships(family_start, family, count)
    return Gates(
        start[: count + 1],
        child[: start[count]],
        up_start,
        up,
        symbols,
        leaf_start,
        leaf,
        classes,
        column,
        family_start,
        family,
        member_start,
        member,
        height,
        roots,
    )


@inner
def _parents(start: Ints, child: Ints, count: int) -> Any:
    up_start = ints(count + 1, 0)
    for i in range(start[count]):
        up_start[abs(child[i]) + 1] += 1
    for node in range(count):
        up_start[node + 1] += up_start[node]
    up = ints(start[count], 0)
    place = ints(count, 0)
    for node in range(count):
        for i in range(start[node], start[node + 1]):
            below = abs(child[i])
            up[up_start[below] + place[below]] = node if child[i] > 0 else -node
            place[below] += 1
    return up_start, up


@inner
def _families(source: Source, image: Ints) -> Any:
    """The candidates as literals of the gates: without what is false, or not reached; two at least."""
    candidates = len(source.family_start) - 1
    family_start = ints(candidates + 1, 0)
    family = ints(len(source.family), 0)
    top = 0
    families = 0
    for f in range(candidates):
        before = top
        for i in range(source.family_start[f], source.family_start[f + 1]):
            x = source.family[i]
            literal = image[x] if x > 0 else -image[-x]
            if abs(literal) != TRUE:
                family[top] = literal
                top += 1
        top = distinct(family, before, top)
        if top - before < 2:
            top = before
        else:
            families += 1
            family_start[families] = top
    return family_start[: families + 1], family[:top]
