"""The negation of a circuit that a search has found, without a search of its own.

Every sum of such a circuit decides a symbol: some of its values, each with what is left to hold. The
negation decides the same symbol: each value with the negation of what was left, and the values that
were impossible alone. So it is linear in the size of the circuit. Only where a family of formulas was
decided on, not a symbol, nothing of the kind is known.
"""

from __future__ import annotations

from typing import Any

from nesy.compile import arena
from nesy.compile.arena import INPUT, ONE, PRODUCT, SUM, ZERO, Arena
from nesy.compile.jit import Ints, inner, ints

BRANCHES = 1
COLUMN = 2
RESULTS = 3
"""Where a decision's entries stand in the log: its node, its number of branches, a column of its symbol,
then the circuit of each branch."""

_UNKNOWN = -1
_NEEDED = -2
_NONE = -1


def complement(made: Arena, built: Ints, other: Ints, log: Ints, used: int, offsets: Ints, node: int) -> Any:
    """(arena, negations, circuit): the negation of a circuit; -1 where a search is needed to tell.

    built: circuits by literal index. other: the negations known so far, by node; may be shorter than the
    arena. log: the decisions of searches, `used` numbers of it. offsets: where the columns of each
    variable begin. Cost: linear in the circuit, the arena and the log.
    """
    other = _known(made, built, other)
    place = _places(log, used, made.tops[0])
    variable = _variables(offsets)
    if not _marked(made, other, log, place, variable, node):
        return made, other, -1
    for n in range(2, node + 1):
        if other[n] == _NEEDED:
            made, other[n] = _negation(made, other, log, place[n], variable, offsets, n)
    return made, other, other[node]


@inner
def _known(made: Arena, built: Ints, old: Ints) -> Ints:
    """The negations that are known, by node: those found before, and those of literals that are built."""
    other = ints(made.tops[0], _UNKNOWN)
    other[ZERO], other[ONE] = ONE, ZERO
    for n in range(len(old)):
        if old[n] >= 0:
            other[n] = old[n]
    for at in range(4, len(built), 2):
        if built[at] >= 0 and built[at + 1] >= 0:
            other[built[at]], other[built[at + 1]] = built[at + 1], built[at]
    return other


@inner
def _places(log: Ints, used: int, nodes: int) -> Ints:
    """Where in the log each node's decision stands; -1 for a node that was not decided.

    A sum that was there before its branches were is not told by them, so that the way down ends.
    """
    place = ints(nodes, _NONE)
    at = 0
    while at < used:
        following = at + RESULTS + log[at + BRANCHES]
        below = True
        for i in range(at + RESULTS, following):
            below = below and log[i] < log[at]
        if below:
            place[log[at]] = at
        at = following
    return place


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
def _marked(made: Arena, other: Ints, log: Ints, place: Ints, variable: Ints, node: int) -> bool:
    """Mark the nodes whose negations are needed; False where one of them is not known how to make."""
    stack = ints(made.tops[0] + 1, node)
    depth = 1 if other[node] == _UNKNOWN else 0
    if depth:
        other[node] = _NEEDED
    possible = True
    while depth and possible:
        depth -= 1
        n = stack[depth]
        at = place[n]
        first, stop = made.start[n], made.start[n + 1]
        if at >= 0:
            first, stop = at + RESULTS, at + RESULTS + log[at + BRANCHES]
        elif _told(made, variable, n) != _NONE:
            continue
        elif made.kind[n] != PRODUCT:
            possible = False
        for i in range(first, stop):
            told = int(variable[log[at + COLUMN]]) if at >= 0 else _NONE
            result = log[i] if at >= 0 else made.child[i]
            parts = _factors(made, result) if at >= 0 else ints(1, result)
            heads = 0
            for k in range(len(parts)):
                below = parts[k]
                if told != _NONE and _told(made, variable, below) == told:
                    heads += 1
                elif other[below] == _UNKNOWN:
                    other[below] = _NEEDED
                    stack[depth] = below
                    depth += 1
            if told != _NONE and heads != 1 and result != ZERO:
                possible = False
    if not possible:
        for n in range(node + 1):
            if other[n] == _NEEDED:
                other[n] = _UNKNOWN
    return possible


@inner
def _negation(made: Arena, other: Ints, log: Ints, at: int, variable: Ints, offsets: Ints, node: int) -> Any:
    """(arena, negation) of a node, given those of the nodes below it."""
    if at >= 0:
        return _negated_decision(made, other, log, at, variable, offsets)
    told = _told(made, variable, node)
    if told == _NONE:
        parts = _factors(made, node)
        return _negated_product(made, other, parts, len(parts))
    taken = ints(offsets[told + 1] - offsets[told], 0)
    _take(made, taken, offsets[told], node)
    return _others(made, taken, offsets[told])


@inner
def _negated_decision(made: Arena, other: Ints, log: Ints, at: int, variable: Ints, offsets: Ints) -> Any:
    """Each value with the negation of what was left, and the values that no branch took."""
    told = variable[log[at + COLUMN]]
    taken = ints(offsets[told + 1] - offsets[told], 0)
    values = ints(log[at + BRANCHES] + 1, ZERO)
    for b in range(log[at + BRANCHES]):
        result = log[at + RESULTS + b]
        if result == ZERO:
            continue
        parts = _factors(made, result)
        head, kept = ZERO, 0
        for k in range(len(parts)):
            if _told(made, variable, parts[k]) == told:
                head = parts[k]
            else:
                parts[kept] = parts[k]
                kept += 1
        _take(made, taken, offsets[told], head)
        made, rest = _negated_product(made, other, parts, kept)
        made, values[b] = _times(made, head, rest)
    made, values[len(values) - 1] = _others(made, taken, offsets[told])
    made = arena.with_room_for(made, values, 0, len(values))
    return made, arena.total(made, values, 0, len(values))


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
            values[k] = arena.input_node(made, first + k)
    made = arena.with_room_for(made, values, 0, len(values))
    return made, arena.total(made, values, 0, len(values))


@inner
def _negated_product(made: Arena, other: Ints, parts: Ints, count: int) -> Any:
    """Not (a and b and c) is not a, or a and not (b and c): from the last factor back."""
    rest = ZERO
    for k in range(count - 1, -1, -1):
        made, more = _times(made, parts[k], rest)
        values = ints(2, more)
        values[0] = other[parts[k]]
        made = arena.with_room_for(made, values, 0, 2)
        rest = arena.total(made, values, 0, 2)
    return made, rest


@inner
def _times(made: Arena, left: int, right: int) -> Any:
    values = ints(2, left)
    values[1] = right
    made = arena.with_room_for(made, values, 0, 2)
    return made, arena.product(made, values, 0, 2)
