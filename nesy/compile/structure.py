"""Structure first: where a formula is decomposable and deterministic as it stands, it is its own circuit."""

from __future__ import annotations

from typing import Any

from nesy.compile import arena
from nesy.compile.arena import Arena
from nesy.compile.exclusive import Marks, deterministic
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints
from nesy.compile.literals import index
from nesy.compile.supports import Supports, overlap, unite


@inner
def _disjoint(gates: Gates, sets: Supports, gate: int, seen: Ints) -> bool:
    """Whether the children of a gate share no symbol. False means: not known."""
    seen = borrowed(seen)
    words, bits, child = sets.shape[0], sets.bits, gates.child
    for w in range(words):
        seen[w] = 0
    for i in range(gates.start[gate], gates.start[gate + 1]):
        below = words * abs(child[i])
        if overlap(seen, 0, bits, below, words):
            return False
        unite(seen, 0, bits, below, words)
    return True


@inner
def leaf_circuits(gates: Gates, made: Arena) -> Any:
    """(arena, circuits): the sum of the input columns of each leaf's literals; -1 for all others."""
    gates = borrowed(gates)
    built = ints(2 * len(gates.symbol), -1)
    for at in range(4, 2 * len(gates.symbol)):
        first, stop = gates.class_start[at], gates.class_start[at + 1]
        if first == stop:
            continue
        values = ints(stop - first, 0)
        while not arena.has_room(made, stop - first + 16, 8 * (stop - first) + 64):
            made = arena.grown(made)
        for i in range(first, stop):
            values[i - first] = arena.input_node(borrowed(made), gates.column[i])
        built[at] = arena.total(borrowed(made), values, 0, stop - first)
    return made, built


@inner
def build(gates: Gates, sets: Supports, proven: Ints, room: Marks, made: Arena, built: Ints) -> Any:
    """Build the circuits of all literals below the roots that structure alone allows.

    built: circuits by literal index, the leaves' given; filled in.
    Returns (arena, excluding): for each gate, whether its negated children exclude one another (1), or
    not as far as is known (0), or nobody has asked (-1). Cost: linear, but for the proofs.
    """
    gates, sets, proven = borrowed(gates), borrowed(sets), borrowed(proven)
    room, built = borrowed(room), borrowed(built)
    seen = ints(sets.shape[0], 0)
    apart = ints(len(gates.symbol), 0)
    need = ints(2 * len(gates.symbol), 0)
    for i in range(len(gates.roots)):
        need[index(gates.roots[i])] = 1
    for gate in range(len(gates.symbol) - 1, 1, -1):
        if gates.symbol[gate] >= 0 or not (need[2 * gate] or need[2 * gate + 1]):
            continue
        if _disjoint(gates, sets, gate, seen):
            apart[gate] = 1
        for i in range(gates.start[gate], gates.start[gate + 1]):
            x = gates.child[i]
            if need[2 * gate] or apart[gate]:
                need[index(x)] = 1
            if need[2 * gate + 1]:
                need[index(-x)] = 1
    excluding = ints(len(gates.symbol), -1)
    for gate in range(2, len(gates.symbol)):
        if gates.symbol[gate] >= 0:
            continue
        if need[2 * gate] and apart[gate]:
            made = _conjunction(gates, made, built, gate)
        if need[2 * gate + 1]:
            excluding[gate] = 1 if deterministic(gates, proven, room, gate) else 0
            if excluding[gate]:
                made = alternatives(gates, made, built, gate)
            elif apart[gate]:
                made = _independent(gates, made, built, gate)
    return made, excluding


@inner
def _conjunction(gates: Gates, made: Arena, built: Ints, gate: int) -> Any:
    first, stop = gates.start[gate], gates.start[gate + 1]
    values = ints(stop - first, 0)
    for i in range(first, stop):
        values[i - first] = built[index(gates.child[i])]
        if values[i - first] < 0:
            return made
    made = arena.with_room_for(made, values, 0, stop - first)
    built[2 * gate] = arena.product(borrowed(made), values, 0, stop - first)
    return made


@inner
def alternatives(gates: Gates, made: Arena, built: Ints, gate: int) -> Any:
    """Build the sum of the negated children of a gate, which exclude one another; if all are built."""
    first, stop = gates.start[gate], gates.start[gate + 1]
    values = ints(stop - first, 0)
    for i in range(first, stop):
        values[i - first] = built[index(-gates.child[i])]
        if values[i - first] < 0:
            return made
    made = arena.with_room_for(made, values, 0, stop - first)
    built[2 * gate + 1] = arena.total(borrowed(made), values, 0, stop - first)
    return made


@inner
def _independent(gates: Gates, made: Arena, built: Ints, gate: int) -> Any:
    """Not (a and b and c) is not a, or a and not (b and c): from the last child back."""
    first, stop = gates.start[gate], gates.start[gate + 1]
    for i in range(first, stop):
        if built[index(gates.child[i])] < 0 or built[index(-gates.child[i])] < 0:
            return made
    rest = built[index(-gates.child[stop - 1])]
    values = ints(2, 0)
    for i in range(stop - 2, first - 1, -1):
        values[0], values[1] = built[index(gates.child[i])], rest
        made = arena.with_room_for(made, values, 0, 2)
        values[1] = arena.product(borrowed(made), values, 0, 2)
        values[0] = built[index(-gates.child[i])]
        made = arena.with_room_for(made, values, 0, 2)
        rest = arena.total(borrowed(made), values, 0, 2)
    built[2 * gate + 1] = rest
    return made


def with_negations(gates: Gates, sets: Supports, made: Arena, built: Ints) -> Any:
    """(arena, built): where one of a gate's literals is built, the other too, if structure tells it.

    `build` leaves out what no root needs; negating a circuit that a search has found needs it. Linear.
    """
    seen = ints(sets.shape[0], 0)
    for gate in range(2, len(gates.symbol)):
        if gates.symbol[gate] >= 0 or (built[2 * gate] < 0) == (built[2 * gate + 1] < 0):
            continue
        if not _disjoint(gates, sets, gate, seen):
            continue
        if built[2 * gate] < 0:
            made = _conjunction(gates, made, built, gate)
        else:
            made = _independent(gates, made, built, gate)
    return made, built
