"""Literals: `+n` says that node n holds, `-n` that it does not."""

from __future__ import annotations

from typing import Any

from nesy.compile.jit import Ints, inner, ints
from nesy.compile.sorting import sort

TRUE = 1
"""The node that always holds; `-TRUE` never does. Node 0 is unused."""


@inner
def index(literal: int) -> int:
    """A literal as an index: 2 * node + negated."""
    return 2 * literal if literal > 0 else 1 - 2 * literal


@inner
def distinct(literals: Ints, start: int, stop: int) -> int:
    """Sort a range of literals, each once, in place; returns the new end."""
    for i in range(start, stop):
        literals[i] = index(literals[i])
    sort(literals, start, stop)
    kept = start
    for i in range(start, stop):
        x = literals[i] // 2 if literals[i] % 2 == 0 else -(literals[i] // 2)
        if kept == start or literals[kept - 1] != x:
            literals[kept] = x
            kept += 1
    return kept


@inner
def memberships(family_start: Ints, family: Ints, count: int) -> Any:
    """CSR over 2 * node + negated, for so many nodes: the families each literal is a member of."""
    member_start = ints(2 * count + 1, 0)
    for i in range(len(family)):
        member_start[index(family[i]) + 1] += 1
    for i in range(2 * count):
        member_start[i + 1] += member_start[i]
    member = ints(len(family), 0)
    place = ints(2 * count, 0)
    for f in range(len(family_start) - 1):
        for i in range(family_start[f], family_start[f + 1]):
            at = index(family[i])
            member[member_start[at] + place[at]] = f
            place[at] += 1
    return member_start, member
