"""Proofs, from structure alone, that formulas exclude one another.

Alternatives exclude one another where a discriminator tells them apart: a variable to which they give
different values, a node that one asserts and the other denies, or a family of formulas already proven
exclusive of which they assert different members (a carry, a state, a counter). Hundreds of
alternatives are not compared pair by pair: a discriminator sorts them into groups, and each group is
looked at in turn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, final

from nesy.compile.formulas import Formulas
from nesy.logic.graph import Kind

EFFORT = 40
"""How many looks at an alternative, on average, a proof may take before it is given up."""

Discriminator = tuple[str, int]


class Alternative(NamedTuple):
    """A formula's tag, and what it asserts: a value for each discriminator."""

    tag: int
    asserts: dict[Discriminator, int]


@final
class Exclusion:
    """What is known to exclude one another. Proofs are remembered."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas
        self._families: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._partners: dict[int, frozenset[int]] = defaultdict(frozenset)
        self._count = 0
        self._deterministic: dict[int, bool] = {}

    def add_families(self, candidates: Iterable[Sequence[int]]) -> None:
        """Prove what can be proven, from the leaves up (a carry rests on the carry below it)."""
        heights = self._formulas.heights
        for members in sorted(candidates, key=lambda m: max(heights[abs(x)] for x in m)):
            if self._proven(members):
                self._add(members)

    def partners(self, literal: int) -> frozenset[int]:
        """The formulas known to be false where this one holds."""
        return self._partners.get(literal, frozenset())

    def deterministic(self, node: int) -> bool:
        """Whether the disjuncts of an OR node exclude one another. False means: not proven."""
        found = self._deterministic.get(node)
        if found is None:
            children = self._formulas.graph.children(node)
            found = self._separated([Alternative(i, self._asserts(c)) for i, c in enumerate(children)])
            self._deterministic[node] = found
        return found

    def _proven(self, members: Sequence[int]) -> bool:
        graph = self._formulas.graph
        alternatives: list[Alternative] = []
        for member in members:
            either = member > 0 and graph.kinds[member] == Kind.OR
            parts = graph.children(member) if either else (member,)
            alternatives.extend(Alternative(member, self._asserts(part)) for part in parts)
        return self._separated(alternatives)

    def _add(self, members: Sequence[int]) -> None:
        family = frozenset(members)
        for position, member in enumerate(members):
            self._families[member].append((self._count, position))
            self._partners[member] |= family - {member}
        self._count += 1

    def _asserts(self, literal: int) -> dict[Discriminator, int]:
        """Everything that plainly holds where a literal does: itself, and the parts of conjunctions."""
        graph = self._formulas.graph
        found: dict[Discriminator, int] = {}
        stack = [literal]
        while stack:
            current = stack.pop()
            if ("node", abs(current)) in found:
                continue
            assigned = self._formulas.assignment(current)
            # A value is told apart from other values, and from its own denial.
            found["node", abs(current)] = current
            if assigned is not None:
                found["variable", assigned[0]] = assigned[1]
                continue
            for family, position in self._families.get(current, ()):
                found["family", family] = position
            kind = graph.kinds[abs(current)]
            if current > 0 and kind == Kind.AND:
                stack.extend(graph.children(current))
            elif current < 0 and kind == Kind.OR:
                stack.extend(self._formulas.negated(c) for c in graph.children(-current))
        return found

    def _separated(self, alternatives: list[Alternative]) -> bool:
        budget = EFFORT * len(alternatives)
        work = [alternatives]
        while work:
            group = work.pop()
            if len({a.tag for a in group}) < 2:
                continue
            budget -= len(group)
            best = _discriminator(group)
            if best is None or budget < 0:
                return False
            work.extend(_split(group, best))
        return True


def _discriminator(group: list[Alternative]) -> Discriminator | None:
    """The one that most alternatives have a value for, among those that tell some of them apart."""
    coverage: Counter[Discriminator] = Counter()
    values: dict[Discriminator, set[int]] = defaultdict(set)
    for alternative in group:
        for discriminator, value in alternative.asserts.items():
            coverage[discriminator] += 1
            values[discriminator].add(value)
    useful = [d for d in coverage if len(values[d]) > 1]
    return max(useful, key=lambda d: (coverage[d], len(values[d])), default=None)


def _split(group: list[Alternative], by: Discriminator) -> Iterable[list[Alternative]]:
    """One group per value; alternatives that assert none may share worlds with every group."""
    silent = [a for a in group if by not in a.asserts]
    groups: dict[int, list[Alternative]] = defaultdict(list)
    for alternative in group:
        if by in alternative.asserts:
            groups[alternative.asserts[by]].append(alternative)
    return [members + silent for members in groups.values()]
