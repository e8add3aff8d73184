"""What is left of a conjunction, split into components that share no symbol, each with its key.

What is left is the asserted disjunctions that nothing known meets yet. A component's key is its
disjunctions, then every node below them that is not known, in the order of a walk, with the values
that its symbols have lost. That tells all of its formula: known children of an unknown gate change
nothing. A gate below which nothing is known stands for all of it, as a negative number. Equal keys are
equal formulas, so keys are compared by content.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.board import Board
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.sorting import sort
from nesy.compile.supports import WORD, Supports, find, overlap, unite, within

_MODULUS = 2147483647


class Memory(NamedTuple):
    """Components met so far. Component c has the key `keys[start[c]:start[c + 1]]`.

    circuit: its node in the arena, -1 while it is not known. opens: how many disjunctions its key
    begins with. table: open addressing by content, components plus one. tops: [components, keys used].
    """

    start: Ints
    keys: Ints
    circuit: Ints
    opens: Ints
    table: Ints
    tops: Ints


class Walk(NamedTuple):
    """Room for a walk: stamps, and who reached first, for nodes and for symbols.

    clock: [the stamp of this walk, how many disjunctions and nodes all walks have seen, how many gates the
    root itself asks for, the stamp of the root].
    fresh, every, whole: room for the bits of a node's symbols, for whoever needs it.
    based: for each gate 2 * stamp of a root, plus whether one of those that the root asks for may stand
    below it.
    """

    clock: Ints
    node_seen: Ints
    node_owner: Ints
    symbol_seen: Ints
    symbol_owner: Ints
    stack: Ints
    path: Ints
    fresh: Ints
    every: Ints
    whole: Ints
    based: Ints


@inner
def memory(components: int, numbers: int) -> Any:
    """Room for so many components, a power of two, and so many numbers in their keys."""
    return Memory(
        ints(components + 1, 0),
        ints(numbers, 0),
        ints(components, -1),
        ints(components, 0),
        ints(4 * components, 0),
        ints(2, 0),
    )


@inner
def walk(gates: Gates, sets: Supports) -> Any:
    """Room for walks over some gates."""
    nodes, symbols = len(gates.symbol), len(gates.leaf_start)
    room, words = 2 * nodes + symbols + 8, sets.shape[0]
    return Walk(
        ints(4, 0),
        ints(nodes, 0),
        ints(nodes, 0),
        ints(symbols, 0),
        ints(symbols, 0),
        ints(len(gates.child) + 8, 0),
        ints(room, 0),
        ints(words, 0),
        ints(words, 0),
        ints(words, 0),
        ints(nodes, 0),
    )


@inner
def remembering(old: Memory, components: int, numbers: int) -> Any:
    """The memory, grown if need be, with room for so many more components and numbers."""
    if old.tops[0] + components < len(old.circuit) and old.tops[1] + numbers < len(old.keys):
        return old
    entries, room = len(old.circuit), len(old.keys)
    while old.tops[0] + components >= entries:
        entries *= 2
    while old.tops[1] + numbers >= room:
        room *= 2
    new = memory(entries, room)
    _copy(old, new)
    return new


@inner
def _copy(old: Memory, new: Memory) -> None:
    """Copy what is remembered to an empty memory with room for it."""
    old, new = borrowed(old), borrowed(new)
    new.tops[0], new.tops[1] = old.tops[0], old.tops[1]
    for i in range(old.tops[1]):
        new.keys[i] = old.keys[i]
    for c in range(old.tops[0]):
        new.start[c + 1] = old.start[c + 1]
        new.circuit[c] = old.circuit[c]
        new.opens[c] = old.opens[c]
        slot = _digest(new.keys, new.start[c], new.start[c + 1]) & (len(new.table) - 1)
        while new.table[slot]:
            slot = (slot + 1) & (len(new.table) - 1)
        new.table[slot] = c + 1


@inner
def undisturbed(
    gates: Gates, sets: Supports, b: Board, w: Walk, gate: int, touched: Ints, first: int
) -> bool:
    """Whether nothing below a gate is known; True is certain.

    touched: bits of the symbols of which something has become known; first: where the gates begin
    that have been asked for since.
    """
    words, bits = sets.shape[0], sets.bits
    if overlap(bits, words * gate, touched, 0, words):
        return False
    newest, older, asked, highest = b.newest, b.older, b.asked, gates.height[gate]
    if first < w.clock[2]:
        # What the root asks for is asked for all the time: it is looked through once.
        if w.based[gate] // 2 != w.clock[3]:
            w.based[gate] = 2 * w.clock[3] + (1 if _stands_below(gates, sets, b, gate, 0, w.clock[2]) else 0)
        if w.based[gate] % 2:
            return False
        first = w.clock[2]
    if b.tops[2] - first < highest:
        return not _stands_below(gates, sets, b, gate, first, b.tops[2])
    # Along a chain most gates asked for stand higher, and there are many.
    for height in range(1, highest):
        place = newest[height]
        while place >= first:
            if within(bits, words * asked[place], bits, words * gate, words):
                return False
            place = older[place]
    return True


@inner
def _stands_below(gates: Gates, sets: Supports, b: Board, gate: int, first: int, stop: int) -> bool:
    """Whether one of a range of the gates asked for may stand below a gate."""
    words, bits, asked, highest = sets.shape[0], sets.bits, b.asked, gates.height[gate]
    for place in range(first, stop):
        other = asked[place]
        if gates.height[other] < highest and within(bits, words * other, bits, words * gate, words):
            return True
    return False


@inner
def split(
    gates: Gates,
    sets: Supports,
    b: Board,
    w: Walk,
    m: Memory,
    built: Ints,
    opens: Ints,
    count: int,
    parts: Ints,
) -> int:
    """Split some open disjunctions into components; writes them to `parts`, returns how many there are.

    opens: `count` gates, asserted and not met, negative where nothing below them is known; sorted here.
    Each component is written as its number in memory; or, where structure alone has built it, as
    -1 - its circuit. The memory must have room for `count` more components, and for all nodes and
    symbols in their keys. Cost: O(words * gates * components), and a walk below what is disturbed.
    """
    sort(opens, 0, count)
    w.clock[0] += 1
    words = sets.shape[0]
    bits = ints(count * words, 0)
    parent, begin = ints(count, 0), ints(count + 1, 0)
    for i in range(count):
        parent[i] = i
    _walk_all(gates, sets, b, w, opens, count, parent, begin, bits)
    _join_overlapping(sets, opens, count, parent, bits)
    last, following = ints(count, -1), ints(count, -1)
    firsts = 0
    members = ints(count, 0)
    for i in range(count):
        r = find(parent, i)
        if last[r] < 0:
            members[firsts] = i
            firsts += 1
        else:
            following[last[r]] = i
        last[r] = i
    for k in range(firsts):
        i = members[k]
        structural = built[1 - 2 * opens[i]] if opens[i] < 0 and following[i] < 0 else -1
        parts[k] = -1 - structural if structural >= 0 else _remembered(w, m, opens, i, following, begin)
    return firsts


@inner
def _join_overlapping(sets: Supports, opens: Ints, count: int, parent: Ints, bits: Ints) -> None:
    """Join the items that speak of one symbol. Overwrites their bits."""
    opens, parent, bits = borrowed((opens, parent, bits))
    words, part = sets.shape[0], sets.part
    group = ints(count, 0)
    groups = 0
    for i in range(count):
        kept = 0
        for k in range(groups):
            g = group[k]
            if part[abs(opens[g])] == part[abs(opens[i])] and overlap(
                bits, g * words, bits, i * words, words
            ):
                unite(bits, i * words, bits, g * words, words)
                parent[find(parent, g)] = find(parent, i)
            else:
                group[kept] = g
                kept += 1
        group[kept] = i
        groups = kept + 1


@inner
def _walk_all(
    gates: Gates,
    sets: Supports,
    b: Board,
    w: Walk,
    opens: Ints,
    count: int,
    parent: Ints,
    begin: Ints,
    bits: Ints,
) -> None:
    """Walk what is not known below each open gate in turn; what an earlier one has reached is left to it.

    Writes down the path of each item, the bits of the symbols on it, and joins items that meet.
    """
    opens, parent, begin, bits = borrowed((opens, parent, begin, bits))
    now, seen, owner, stack, path = w.clock[0], w.node_seen, w.node_owner, w.stack, w.path
    start, child, symbol, value = gates.start, gates.child, gates.symbol, b.value
    words, place = sets.shape[0], sets.place
    top = 0
    for item in range(count):
        begin[item + 1] = top
        gate = abs(opens[item])
        if opens[item] < 0:
            unite(bits, item * words, sets.bits, words * gate, words)
            continue
        depth = 0
        for i in range(start[gate + 1] - 1, start[gate] - 1, -1):
            stack[depth] = abs(child[i])
            depth += 1
        while depth:
            depth -= 1
            node = stack[depth]
            if value[node]:
                continue
            if seen[node] == now:
                if owner[node] != item:
                    parent[find(parent, owner[node])] = find(parent, item)
                continue
            seen[node] = now
            owner[node] = item
            s = symbol[node]
            if s >= 0:
                path[top] = node
                top += 1
                bits[item * words + place[s] // WORD] |= 1 << (place[s] % WORD)
                if w.symbol_seen[s] != now:
                    w.symbol_seen[s] = now
                    w.symbol_owner[s] = item
                    top = _losses(gates, b, path, s, top)
                elif w.symbol_owner[s] != item:
                    parent[find(parent, w.symbol_owner[s])] = find(parent, item)
                continue
            if _may_be_whole(gates, node) and undisturbed(gates, sets, b, w, node, b.touched, 0):
                path[top] = -node
                top += 1
                unite(bits, item * words, sets.bits, words * node, words)
                continue
            path[top] = node
            top += 1
            for i in range(start[node + 1] - 1, start[node] - 1, -1):
                below = abs(child[i])
                if value[below] == 0 and (seen[below] != now or owner[below] != item):
                    stack[depth] = below
                    depth += 1
        begin[item + 1] = top
    w.clock[1] += top + count


@inner
def _may_be_whole(gates: Gates, node: int) -> bool:
    """Whether it pays to ask if anything below a gate is known."""
    if gates.height[node] < 2:
        return False
    return bool(
        gates.member_start[2 * node] < gates.member_start[2 * node + 2]
        or gates.up_start[node + 1] - gates.up_start[node] > 1
    )


@inner
def _losses(gates: Gates, b: Board, path: Ints, s: int, top: int) -> int:
    """Note the values that a symbol has lost."""
    for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
        if b.value[gates.leaf[i]]:
            path[top] = -gates.leaf[i]
            top += 1
    return top


@inner
def _remembered(w: Walk, m: Memory, opens: Ints, first: int, following: Ints, begin: Ints) -> int:
    """The number of the component that some of the open gates make, an old one where there is one."""
    keys, path = m.keys, w.path
    base = m.tops[1]
    top = base
    i = first
    while i >= 0:
        keys[top] = opens[i]
        top += 1
        i = following[i]
    size = top - base
    i = first
    while i >= 0:
        for k in range(begin[i], begin[i + 1]):
            keys[top] = path[k]
            top += 1
        i = following[i]
    mask = len(m.table) - 1
    slot = _digest(keys, base, top) & mask
    while m.table[slot]:
        c = m.table[slot] - 1
        if m.opens[c] == size and m.start[c + 1] - m.start[c] == top - base:
            same = True
            for k in range(top - base):
                if keys[m.start[c] + k] != keys[base + k]:
                    same = False
                    break
            if same:
                return int(c)
        slot = (slot + 1) & mask
    c = m.tops[0]
    m.table[slot] = c + 1
    m.circuit[c] = -1
    m.opens[c] = size
    m.start[c + 1] = top
    m.tops[0] = c + 1
    m.tops[1] = top
    return int(c)


@inner
def _digest(keys: Ints, first: int, stop: int) -> int:
    mixed = stop - first
    for i in range(first, stop):
        mixed = (mixed * 1000003 + keys[i] + 12345) % _MODULUS
    return mixed
