"""Proofs, from structure alone, that in every world one member of a family holds.

The members' alternatives are followed like a decision table: sorted by the value of a symbol, or by
the member of a family already proven, each group must cover the worlds of its value in turn, until
an alternative in it asks for nothing more.
"""

from __future__ import annotations

from typing import Any

from nesy.compile.exclusive import EFFORT, Alternatives, Marks, by_height
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints, longer
from nesy.compile.literals import index
from nesy.compile.sorting import sort

EXCLUSIVE, COVERING = 1, 2
"""What is proven of a family; one that covers is exclusive too."""


@inner
def prove_covering(gates: Gates, proven: Ints, room: Marks) -> None:
    """Mark the exclusive families of which one member always holds; from the leaves up."""
    gates, proven, room = borrowed(gates), borrowed(proven), borrowed(room)
    families = len(proven)
    order = by_height(gates)
    for i in range(families):
        f = order[i]
        if proven[f] == EXCLUSIVE and _covers(gates, proven, room, _demands(gates, proven, f)):
            proven[f] = COVERING


@inner
def _demands(gates: Gates, proven: Ints, f: int) -> Any:
    """Each alternative of the members as pairs (discriminator, value), one for each literal it asks for."""
    count, edges = 0, 0
    for i in range(gates.family_start[f], gates.family_start[f + 1]):
        node = abs(gates.family[i])
        count += gates.start[node + 1] - gates.start[node] + 1
    start = ints(count + 1, 0)
    by, value = ints(16, 0), ints(16, 0)
    top = 0
    for i in range(gates.family_start[f], gates.family_start[f + 1]):
        x = gates.family[i]
        first, stop = gates.start[abs(x)], gates.start[abs(x) + 1]
        whole = x > 0 or first == stop
        for j in range(0 if whole else first, 1 if whole else stop):
            part = x if whole else -gates.child[j]
            node = abs(part)
            inside = part > 0 and gates.start[node + 1] > gates.start[node]
            width = gates.start[node + 1] - gates.start[node] if inside else 1
            while edges + width > len(by):
                by, value = longer(by, 2 * len(by)), longer(value, 2 * len(value))
            for k in range(width):
                literal = gates.child[gates.start[node] + k] if inside else part
                by[edges], value[edges] = _question(gates, proven, literal)
                edges += 1
            start[top + 1] = edges
            top += 1
    return Alternatives(ints(top, 0), start[: top + 1], by, value)


@inner
def _question(gates: Gates, proven: Ints, literal: int) -> Any:
    """(discriminator, value): the one question that a literal answers. Values are positive."""
    nodes, symbols = len(gates.symbol), len(gates.leaf_start)
    node = abs(literal)
    s = gates.symbol[node]
    if s >= 0 and gates.leaf_start[s + 1] - gates.leaf_start[s] > 1 and literal > 0:
        return nodes + s, node
    at = index(literal)
    for i in range(gates.member_start[at], gates.member_start[at + 1]):
        if proven[gates.member[i]] == COVERING:
            return nodes + symbols + gates.member[i], at
    return node, 1 if literal > 0 else 2


@inner
def _answers(gates: Gates, by: int) -> int:
    """How many values a discriminator can have."""
    nodes, symbols = len(gates.symbol), len(gates.leaf_start)
    if by < nodes:
        return 2
    if by < nodes + symbols:
        s = by - nodes
        return int(gates.leaf_start[s + 1] - gates.leaf_start[s])
    f = by - nodes - symbols
    return int(gates.family_start[f + 1] - gates.family_start[f])


@inner
def _covers(gates: Gates, proven: Ints, room: Marks, given: Alternatives) -> bool:
    given = borrowed(given)
    count = len(given.tag)
    budget = EFFORT * count
    # Groups wait on a stack: each alternative with what it still asks for, and above them their number.
    stack = ints(4 * count + 8, 0)
    top = 0
    for a in range(count):
        if _consistent(given, room, a):
            stack[top] = a
            stack[top + 1] = given.start[a + 1] - given.start[a]
            top += 2
    stack[top] = top // 2
    top += 1
    while top:
        size = stack[top - 1]
        first = top - 1 - 2 * size
        satisfied = False
        for i in range(size):
            if stack[first + 2 * i + 1] == 0:
                satisfied = True
        if satisfied:
            top = first
            continue
        budget -= size
        best = _best(gates, given, room, stack, first, size)
        if best < 0 or budget < 0:
            return False
        stack, top = _sorted(given, stack, first, size, best)
    return True


@inner
def _consistent(given: Alternatives, room: Marks, a: int) -> bool:
    """Whether an alternative answers no question twice: one that does may hold nowhere."""
    room.clock[0] += 1
    for j in range(given.start[a], given.start[a + 1]):
        if room.seen[given.by[j]] == room.clock[0]:
            return False
        room.seen[given.by[j]] = room.clock[0]
    return True


@inner
def _best(gates: Gates, given: Alternatives, room: Marks, stack: Ints, first: int, size: int) -> int:
    """The question that most alternatives answer, among those with all their answers in the group."""
    room.clock[0] += 1
    now = room.clock[0]
    keyed = ints(1, 0)
    best, most = -1, 0
    for i in range(size):
        a = stack[first + 2 * i]
        for j in range(given.start[a], given.start[a + 1]):
            d = given.by[j]
            if room.seen[d] != now:
                room.seen[d] = now
                room.count[d] = 0
            room.count[d] += 1
    for i in range(size):
        a = stack[first + 2 * i]
        for j in range(given.start[a], given.start[a + 1]):
            d = given.by[j]
            if room.count[d] <= most:
                continue
            n = 0
            if len(keyed) < size:
                keyed = ints(size, 0)
            for k in range(size):
                v = _answer(given, stack[first + 2 * k], d)
                if v:
                    keyed[n] = v
                    n += 1
            sort(keyed, 0, n)
            distinct = 0
            for k in range(n):
                if k == 0 or keyed[k] != keyed[k - 1]:
                    distinct += 1
            if distinct == _answers(gates, d):
                best, most = d, room.count[d]
            else:
                room.count[d] = 0
    return best


@inner
def _answer(given: Alternatives, a: int, by: int) -> int:
    for j in range(given.start[a], given.start[a + 1]):
        if given.by[j] == by:
            return int(given.value[j])
    return 0


@inner
def _sorted(given: Alternatives, stack: Ints, first: int, size: int, by: int) -> Any:
    """Replace the group on top by one for each answer; who gives none is in every group."""
    keyed, silent = ints(size, 0), ints(size, 0)
    spoken, quiet = 0, 0
    asks = ints(len(given.tag), 0)
    for i in range(size):
        a = stack[first + 2 * i]
        asks[a] = stack[first + 2 * i + 1]
        v = _answer(given, a, by)
        if v:
            keyed[spoken] = v * len(given.tag) + a
            spoken += 1
        else:
            silent[quiet] = a
            quiet += 1
    sort(keyed, 0, spoken)
    top = first
    i = 0
    while i < spoken:
        j = i
        while j < spoken and keyed[j] // len(given.tag) == keyed[i] // len(given.tag):
            j += 1
        while top + 2 * (j - i + quiet) + 1 > len(stack):
            stack = longer(stack, 2 * len(stack))
        for k in range(i, j):
            a = keyed[k] % len(given.tag)
            stack[top], stack[top + 1] = a, asks[a] - 1
            top += 2
        for k in range(quiet):
            stack[top], stack[top + 1] = silent[k], asks[silent[k]]
            top += 2
        stack[top] = j - i + quiet
        top += 1
        i = j
    return stack, top
