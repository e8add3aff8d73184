"""Proofs, from structure alone, that formulas exclude one another.

Alternatives exclude one another where a discriminator tells them apart: a symbol to which they give
different values, a node that one asserts and the other denies, or a family of formulas already proven
exclusive of which they assert different members (a carry, a state, a counter). Hundreds of
alternatives are not compared pair by pair: a discriminator sorts them into groups, and each group is
looked at in turn.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints, longer
from nesy.compile.literals import TRUE, index
from nesy.compile.sorting import sort

EFFORT = 40
"""How many looks at an alternative, on average, a proof may take before it is given up."""
DEPTH = 2_000
"""How many things an alternative may assert before the rest is left out of account."""


class Alternatives(NamedTuple):
    """Formulas to be told apart: tag of each, and CSR pairs (discriminator, value) that each asserts."""

    tag: Ints
    start: Ints
    by: Ints
    value: Ints


class Marks(NamedTuple):
    """Room for one look at a group: a stamp, a count and a value for each discriminator."""

    clock: Ints
    seen: Ints
    count: Ints
    first: Ints
    several: Ints


@inner
def marks(gates: Gates) -> Any:
    """Room for proofs over some gates. Discriminators are nodes, then symbols, then families."""
    total = len(gates.symbol) + len(gates.leaf_start) + len(gates.family_start)
    return Marks(ints(1, 0), ints(total, 0), ints(total, 0), ints(total, 0), ints(total, 0))


@inner
def prove_families(gates: Gates, room: Marks) -> Ints:
    """For each candidate family 1 if proven exclusive, else 0; from the leaves up."""
    gates, room = borrowed(gates), borrowed(room)
    families = len(gates.family_start) - 1
    proven = ints(families, 0)
    order = by_height(gates)
    for i in range(families):
        f = order[i]
        found = _alternatives_of_family(gates, proven, room, f)
        if _separated(found, room):
            proven[f] = 1
    return proven


@inner
def by_height(gates: Gates) -> Ints:
    """The candidate families, those with the lowest members first: a carry rests on the carry below it."""
    families = len(gates.family_start) - 1
    order = ints(families, 0)
    for f in range(families):
        highest = 0
        for i in range(gates.family_start[f], gates.family_start[f + 1]):
            highest = max(highest, gates.height[abs(gates.family[i])])
        order[f] = highest * families + f
    sort(order, 0, families)
    for i in range(families):
        order[i] %= families
    return order


@inner
def deterministic(gates: Gates, proven: Ints, room: Marks, gate: int) -> bool:
    """Whether the disjuncts of a negated gate are proven to exclude one another."""
    first, stop = gates.start[gate], gates.start[gate + 1]
    tag = ints(stop - first, 0)
    start = ints(stop - first + 1, 0)
    by, value = ints(8 * (stop - first), 0), ints(8 * (stop - first), 0)
    for i in range(stop - first):
        tag[i] = i
        by, value, start[i + 1] = _asserts(gates, proven, room, -gates.child[first + i], by, value, start[i])
    return _separated(Alternatives(tag, start, by, value), room)


@inner
def _alternatives_of_family(gates: Gates, proven: Ints, room: Marks, f: int) -> Any:
    count = 0
    for i in range(gates.family_start[f], gates.family_start[f + 1]):
        member = gates.family[i]
        count += max(1, gates.start[abs(member) + 1] - gates.start[abs(member)]) if member < 0 else 1
    tag, start = ints(count, 0), ints(count + 1, 0)
    by, value = ints(8 * count, 0), ints(8 * count, 0)
    top = 0
    for i in range(gates.family_start[f], gates.family_start[f + 1]):
        member = gates.family[i]
        first, stop = gates.start[abs(member)], gates.start[abs(member) + 1]
        whole = member > 0 or first == stop
        for j in range(0 if whole else first, 1 if whole else stop):
            part = member if whole else -gates.child[j]
            tag[top] = member
            by, value, start[top + 1] = _asserts(gates, proven, room, part, by, value, start[top])
            top += 1
    return Alternatives(tag, start, by, value)


@inner
def _asserts(gates: Gates, proven: Ints, room: Marks, literal: int, by: Ints, value: Ints, top: int) -> Any:
    """Append everything that plainly holds where a literal does: itself, and the parts of conjunctions."""
    room.clock[0] += 1
    now = room.clock[0]
    nodes = len(gates.symbol)
    symbols = len(gates.leaf_start)
    stack = ints(64, 0)
    stack[0] = literal
    depth = 1
    begin = top
    while depth and top - begin < DEPTH:
        depth -= 1
        x = stack[depth]
        node = abs(x)
        if room.seen[node] == now or node == TRUE:
            continue
        room.seen[node] = now
        here = index(x)
        families = gates.member_start[here + 1] - gates.member_start[here]
        while top + 2 + families > len(by):
            by, value = longer(by, 2 * len(by) + 8), longer(value, 2 * len(value) + 8)
        by[top], value[top] = node, 1 if x > 0 else 0
        top += 1
        if gates.symbol[node] >= 0 and x > 0:
            by[top], value[top] = nodes + gates.symbol[node], node
            top += 1
        for i in range(gates.member_start[here], gates.member_start[here + 1]):
            f = gates.member[i]
            if proven[f]:
                by[top], value[top] = nodes + symbols + f, x
                top += 1
        if x > 0:
            while depth + gates.start[node + 1] - gates.start[node] > len(stack):
                stack = longer(stack, 2 * len(stack) + 8)
            for i in range(gates.start[node], gates.start[node + 1]):
                stack[depth] = gates.child[i]
                depth += 1
    return by, value, top


@inner
def _separated(given: Alternatives, room: Marks) -> bool:
    """Whether alternatives with different tags exclude one another."""
    given, room = borrowed(given), borrowed(room)
    count = len(given.tag)
    budget = EFFORT * count
    # Groups wait on a stack: the alternatives of each, and above them their number.
    stack = ints(4 * count + 8, 0)
    for i in range(count):
        stack[i] = i
    stack[count] = count
    top = count + 1
    while top:
        size = stack[top - 1]
        first = top - 1 - size
        if _one_tag(given, stack, first, size):
            top = first
            continue
        budget -= size
        best = _discriminator(given, room, stack, first, size)
        if best < 0 or budget < 0:
            return False
        stack, top = _split(given, stack, first, size, best)
    return True


@inner
def _one_tag(given: Alternatives, stack: Ints, first: int, size: int) -> bool:
    for i in range(first + 1, first + size):
        if given.tag[stack[i]] != given.tag[stack[first]]:
            return False
    return True


@inner
def _discriminator(given: Alternatives, room: Marks, stack: Ints, first: int, size: int) -> int:
    """The one that most alternatives have a value for, among those that tell some of them apart."""
    room.clock[0] += 1
    now = room.clock[0]
    best, most = -1, 0
    for i in range(first, first + size):
        a = stack[i]
        for j in range(given.start[a], given.start[a + 1]):
            d, v = given.by[j], given.value[j]
            if room.seen[d] != now:
                room.seen[d] = now
                room.count[d], room.first[d], room.several[d] = 0, v, 0
            room.count[d] += 1
            if v != room.first[d]:
                # How many are told from the first, which ranks values by how many there are.
                room.several[d] += 1
            if room.several[d]:
                worth = room.count[d] * (size + 1) + room.several[d]
                if worth > most or (worth == most and d < best):
                    best, most = d, worth
    return best


@inner
def _value(given: Alternatives, a: int, by: int) -> int:
    """What an alternative asserts of a discriminator; -1 for nothing."""
    for j in range(given.start[a], given.start[a + 1]):
        if given.by[j] == by:
            # Values are nodes, literals or signs: as indices they are never negative.
            return index(given.value[j]) if given.value[j] else 0
    return -1


@inner
def _split(given: Alternatives, stack: Ints, first: int, size: int, by: int) -> Any:
    """Replace the group on top by one per value; who asserts none may share worlds with every group."""
    keyed = ints(size, 0)
    silent = ints(size, 0)
    spoken = 0
    quiet = 0
    for i in range(first, first + size):
        v = _value(given, stack[i], by)
        if v < 0:
            silent[quiet] = stack[i]
            quiet += 1
        else:
            keyed[spoken] = v * len(given.tag) + stack[i]
            spoken += 1
    sort(keyed, 0, spoken)
    top = first
    i = 0
    while i < spoken:
        j = i
        while j < spoken and keyed[j] // len(given.tag) == keyed[i] // len(given.tag):
            j += 1
        while top + (j - i) + quiet + 1 > len(stack):
            stack = longer(stack, 2 * len(stack) + 8)
        for k in range(i, j):
            stack[top] = keyed[k] % len(given.tag)
            top += 1
        for k in range(quiet):
            stack[top] = silent[k]
            top += 1
        stack[top] = j - i + quiet
        top += 1
        i = j
    return stack, top
