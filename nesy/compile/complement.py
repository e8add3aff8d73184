"""The negation of a circuit that a search has found, without a search of its own.

Every sum of such a circuit decides a symbol: some of its values, each with what is left to hold. The
negation decides the same symbol: each value with the negation of what was left, and the values that
were impossible alone. So it is linear in the size of the circuit. Only where a family of formulas was
decided on, not a symbol, nothing of the kind is known.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile import arena
from nesy.compile.arena import INPUT, ONE, PRODUCT, SUM, ZERO, Arena
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.sorting import sort

LOG_COUNT = 1
LOG_COLUMN = 2
LOG_RESULTS = 3
"""Where a decision's entries stand in the log: its node, its number of branches, a column of its symbol,
then the circuit of each branch."""

_UNKNOWN = -1
_NEEDED = -2
_NONE = -1


class Negations(NamedTuple):
    """What is known of negations, node by node; as long as the arena, or longer.

    other: a node's negation. place: where its decision stands in the log. listed: room for a list of
    nodes. variable: the variable of each column. tops: [how far the log has been read].
    """

    other: Ints
    place: Ints
    listed: Ints
    variable: Ints
    tops: Ints


def negations(built: Ints, offsets: Ints) -> Any:
    """What is known at first: the negations of literals that structure alone has built.

    built: circuits by literal index. offsets: where the columns of each variable begin.
    """
    highest = ONE
    for at in range(len(built)):
        highest = max(highest, built[at])
    known = Negations(
        ints(highest + 1, _UNKNOWN),
        ints(highest + 1, _NONE),
        ints(highest + 1, 0),
        _variables(offsets),
        ints(1, 0),
    )
    known.other[ZERO], known.other[ONE] = ONE, ZERO
    for at in range(4, len(built), 2):
        if built[at] >= 0 and built[at + 1] >= 0:
            known.other[built[at]], known.other[built[at + 1]] = built[at + 1], built[at]
    return known


def complement(made: Arena, known: Negations, log: Ints, used: int, offsets: Ints, node: int) -> Any:
    """(arena, known, circuit): the negation of a circuit; -1 where a search is needed to tell.

    log: the decisions of searches, `used` numbers of it. Cost: linear in what is new in the log, and in
    the part of the circuit whose negation is not known.
    """
    known = _enlarged(known, made.tops[0])
    log, offsets, seen = borrowed(log), borrowed(offsets), borrowed(known)
    other, place, listed, variable = seen.other, seen.place, seen.listed, seen.variable
    _read(log, used, seen)
    possible, count = _marked(borrowed(made), other, log, place, variable, offsets, listed, node)
    if not possible:
        for i in range(count):
            other[listed[i]] = _UNKNOWN
        return made, known, -1
    sort(listed, 0, count)
    for i in range(count):
        n = listed[i]
        made, other[n] = _negation(made, other, log, place[n], variable, offsets, n)
    return made, known, other[node]


@inner
def _enlarged(old: Negations, nodes: int) -> Any:
    if nodes <= len(old.other):
        return old
    room = 2 * nodes
    new = Negations(ints(room, _UNKNOWN), ints(room, _NONE), ints(room, 0), old.variable, old.tops)
    for n in range(len(old.other)):
        new.other[n], new.place[n] = old.other[n], old.place[n]
    return new


@inner
def _read(log: Ints, used: int, known: Negations) -> None:
    """Note where the decisions stand that the log has gained.

    A sum that was there before its branches were is not told by them, so that the way down ends.
    """
    at = known.tops[0]
    while at < used:
        following = at + LOG_RESULTS + log[at + LOG_COUNT]
        below = True
        for i in range(at + LOG_RESULTS, following):
            below = below and log[i] < log[at]
        if below:
            known.place[log[at]] = at
        at = following
    known.tops[0] = used


@inner
def _variables(offsets: Ints) -> Ints:
    """The variable of each column."""
    variable = ints(offsets[len(offsets) - 1], 0)
    for v in range(len(offsets) - 1):
        for column in range(offsets[v], offsets[v + 1]):
            variable[column] = v
    return variable


@inner
def _told(made: Arena, variable: Ints, node: int) -> int:
    """The variable whose values an input, or a sum of inputs, is; `_NONE` for any other node."""
    if made.kind[node] == INPUT:
        return int(variable[made.child[made.start[node]]])
    if made.kind[node] != SUM:
        return _NONE
    found = _NONE
    for i in range(made.start[node], made.start[node + 1]):
        below = made.child[i]
        if made.kind[below] != INPUT:
            return _NONE
        v = int(variable[made.child[made.start[below]]])
        if found not in (_NONE, v):
            return _NONE
        found = v
    return found


@inner
def _factors(made: Arena, node: int) -> Ints:
    """What a node is the product of: its children, or itself."""
    if made.kind[node] != PRODUCT:
        return ints(1, node)
    first, stop = made.start[node], made.start[node + 1]
    found = ints(stop - first, 0)
    for i in range(first, stop):
        found[i - first] = made.child[i]
    return found


@inner
def _decision(made: Arena, log: Ints, at: int, variable: Ints, offsets: Ints, node: int) -> Any:
    """(variable, branches): what a sum decides, and its branches; `_NONE` if it decides nothing.

    at: its place in the log. A sum that is not there, since factors were taken out, tells by itself:
    every branch has a factor that gives values to the variable, and no two give the same.
    """
    first, stop = made.start[node], made.start[node + 1]
    if at >= 0:
        first, stop = at + LOG_RESULTS, at + LOG_RESULTS + log[at + LOG_COUNT]
    branches = ints(stop - first, ZERO)
    for i in range(first, stop):
        branches[i - first] = log[i] if at >= 0 else made.child[i]
    if at >= 0:
        return int(variable[log[at + LOG_COLUMN]]), branches
    if made.kind[node] == SUM:
        parts = _factors(made, branches[0])
        for k in range(len(parts)):
            told = _told(made, variable, parts[k])
            if told != _NONE and _decides(made, variable, offsets, told, branches):
                return told, branches
    return _NONE, branches


@inner
def _decides(made: Arena, variable: Ints, offsets: Ints, told: int, branches: Ints) -> bool:
    """Whether each branch gives values to a variable, and no two the same."""
    taken = ints(offsets[told + 1] - offsets[told], 0)
    total = 0
    for b in range(len(branches)):
        head = _head(made, variable, told, branches[b])
        if head == ZERO:
            return False
        total += 1 if made.kind[head] == INPUT else made.start[head + 1] - made.start[head]
        _take(made, taken, offsets[told], head)
    for k in range(len(taken)):
        total -= taken[k]
    return bool(total == 0)


@inner
def _head(made: Arena, variable: Ints, told: int, branch: int) -> int:
    """The factor of a branch that gives values to a variable; zero if there is none, or more than one."""
    parts = _factors(made, branch)
    head = ZERO
    for k in range(len(parts)):
        if _told(made, variable, parts[k]) == told:
            if head != ZERO:
                return ZERO
            head = parts[k]
    return head


@inner
def _marked(
    made: Arena,
    other: Ints,
    log: Ints,
    place: Ints,
    variable: Ints,
    offsets: Ints,
    listed: Ints,
    node: int,
) -> Any:
    """(possible, count): list and mark the nodes whose negations are needed.

    Not possible where one of them is not known how to make.
    """
    count = _need(other, listed, 0, node)
    at = 0
    while at < count:
        n = listed[at]
        at += 1
        if place[n] < 0 and _told(made, variable, n) != _NONE:
            continue
        told, branches = _decision(made, log, place[n], variable, offsets, n)
        if told == _NONE and made.kind[n] != PRODUCT:
            return False, count
        for b in range(len(branches)):
            if told == _NONE:
                count = _need(other, listed, count, branches[b])
            elif branches[b] != ZERO:
                head = _head(made, variable, told, branches[b])
                if head == ZERO:
                    return False, count
                parts = _factors(made, branches[b])
                for k in range(len(parts)):
                    if parts[k] != head:
                        count = _need(other, listed, count, parts[k])
    return True, count


@inner
def _need(other: Ints, listed: Ints, count: int, node: int) -> int:
    """List a node if it is not marked yet; returns how many are listed."""
    if other[node] != _UNKNOWN:
        return count
    other[node] = _NEEDED
    listed[count] = node
    return count + 1


@inner
def _negation(made: Arena, other: Ints, log: Ints, at: int, variable: Ints, offsets: Ints, node: int) -> Any:
    """(arena, negation) of a node, given those of the nodes below it."""
    here = borrowed(made)
    told = _told(here, variable, node)
    if at < 0 and told != _NONE:
        taken = ints(offsets[told + 1] - offsets[told], 0)
        _take(here, taken, offsets[told], node)
        return _others(made, taken, offsets[told])
    told, branches = _decision(here, log, at, variable, offsets, node)
    if told == _NONE:
        return _negated_product(made, other, branches, len(branches))
    return _negated_decision(made, other, variable, offsets, told, branches)


@inner
def _negated_decision(
    made: Arena, other: Ints, variable: Ints, offsets: Ints, told: int, branches: Ints
) -> Any:
    """Each value with the negation of what was left, and the values that no branch took."""
    taken = ints(offsets[told + 1] - offsets[told], 0)
    values = ints(len(branches) + 1, ZERO)
    for b in range(len(branches)):
        if branches[b] == ZERO:
            continue
        here = borrowed(made)
        head = _head(here, variable, told, branches[b])
        parts = _factors(here, branches[b])
        kept = 0
        for k in range(len(parts)):
            if parts[k] != head:
                parts[kept] = parts[k]
                kept += 1
        _take(here, taken, offsets[told], head)
        made, rest = _negated_product(made, other, parts, kept)
        made, values[b] = _times(made, head, rest)
    made, values[len(branches)] = _others(made, taken, offsets[told])
    made = arena.with_room_for(made, values, 0, len(values))
    return made, arena.total(borrowed(made), values, 0, len(values))


@inner
def _take(made: Arena, taken: Ints, first: int, node: int) -> None:
    """Mark the columns of an input, or of a sum of inputs."""
    if made.kind[node] == INPUT:
        taken[made.child[made.start[node]] - first] = 1
        return
    for i in range(made.start[node], made.start[node + 1]):
        taken[made.child[made.start[made.child[i]]] - first] = 1


@inner
def _others(made: Arena, taken: Ints, first: int) -> Any:
    """(arena, sum of the columns that are not taken)."""
    values = ints(len(taken), ZERO)
    while not arena.has_room(made, len(taken) + 16, 8 * len(taken) + 64):
        made = arena.grown(made)
    for k in range(len(taken)):
        if not taken[k]:
            values[k] = arena.input_node(borrowed(made), first + k)
    made = arena.with_room_for(made, values, 0, len(values))
    return made, arena.total(borrowed(made), values, 0, len(values))


@inner
def _negated_product(made: Arena, other: Ints, parts: Ints, count: int) -> Any:
    """Not (a and b and c) is not a, or a and not (b and c): from the last factor back."""
    rest = ZERO
    for k in range(count - 1, -1, -1):
        made, more = _times(made, parts[k], rest)
        values = ints(2, more)
        values[0] = other[parts[k]]
        made = arena.with_room_for(made, values, 0, 2)
        rest = arena.total(borrowed(made), values, 0, 2)
    return made, rest


@inner
def _times(made: Arena, left: int, right: int) -> Any:
    values = ints(2, left)
    values[1] = right
    made = arena.with_room_for(made, values, 0, 2)
    return made, arena.product(borrowed(made), values, 0, 2)
