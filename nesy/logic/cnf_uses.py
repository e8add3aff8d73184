"""Which nodes clauses must define, in which directions, and which are said within the clauses of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from nesy.logic.counts import Count
from nesy.logic.graph import TRUE, Graph, Kind

POSITIVE, NEGATIVE, BOTH = 1, 2, 3
"""Directions: a node's literal makes its definition hold, its negation makes it fail, or both."""

Terms = tuple[tuple[int, int], ...]
"""What a count counts."""

_MANY = 3
"""Fewer counts of the same do not share their counting."""

Use = tuple[int, int]
"""A literal, and the direction in which it is used."""


@final
@dataclass(frozen=True)
class Uses:
    """What is to be encoded.

    directions: every node reached, children first. inline: those that need no variable, for one other
    node alone refers to them, whose clauses can hold theirs. known: the truth of the nodes that assertions
    decide; facts: the literals among these that have to be said. counts: the nodes that are taken as
    counts; shared: what several of them count, where one counting for all is smaller than one each.
    consistent: no node is asserted both ways.
    """

    counts: Mapping[int, Count]
    shared: frozenset[Terms]
    directions: Mapping[int, int]
    inline: frozenset[int]
    known: Mapping[int, bool]
    facts: Sequence[int]
    consistent: bool


def find_uses(graph: Graph, wanted: Sequence[int], asserted: Iterable[int], *, both_ways: bool) -> Uses:
    """The uses of some literals. Cost: O(nodes and edges reached).

    both_ways: every node is used in both directions, has a variable, and is its gate, not its count.
    """
    counts = {} if both_ways else _sound(graph.counts)
    known, facts, consistent = _asserted(graph, counts, asserted)
    walk = _Walk(graph, counts, known)
    for literal in wanted:
        walk.use((literal, POSITIVE))
    for fact in facts:
        walk.expand(abs(fact), POSITIVE if fact > 0 else NEGATIVE)
    walk.down(both_ways=both_ways)
    directions = {node: walk.directions[node] for node in sorted(walk.directions)}
    inline = frozenset() if both_ways else walk.inline(frozenset(map(abs, wanted)))
    shared = _shared(counts[n] for n in walk.expanded if n in counts)
    return Uses(counts, shared, directions, inline, known, facts, consistent)


def flipped(direction: int) -> int:
    """The direction in which a negated literal's node is used."""
    return direction if direction in (0, BOTH) else BOTH - direction


def _shared(counts: Iterable[Count]) -> frozenset[Terms]:
    """What is counted so often that all counts of it together take less than each alone."""
    by_terms: dict[Terms, list[Count]] = {}
    for count in counts:
        by_terms.setdefault(count.terms, []).append(count)
    return frozenset(
        terms
        for terms, found in by_terms.items()
        if len(found) >= _MANY and (len({w for w, _ in terms}) > 1 or len(terms) ** 2 < _alone(found))
    )


def _alone(counts: Iterable[Count]) -> int:
    """About how many clauses counts of equal weights take one by one."""
    each = [(abs(b), len(c.terms)) for c in counts for b in (c.low, c.high) if b is not None]
    return sum(k * max(0, n - k) for k, n in each)


def _sound(counts: Mapping[int, Count]) -> dict[int, Count]:
    """The counts of what stands before them, so that one can be defined after the other."""
    return {n: c for n, c in counts.items() if all(abs(x) < n for _, x in c.terms)}


def _asserted(
    graph: Graph, counts: Mapping[int, Count], asserted: Iterable[int]
) -> tuple[dict[int, bool], list[int], bool]:
    """What assertions decide, down through conjunctions; what must be said of it; whether all agree."""
    known: dict[int, bool] = {TRUE: True}
    facts: list[int] = []
    consistent = True
    stack = list(asserted)[::-1]
    while stack:
        literal = stack.pop()
        node, holds = abs(literal), literal > 0
        if node in known:
            consistent = consistent and known[node] == holds
            continue
        known[node] = holds
        if node not in counts and graph.kinds[node] == (Kind.AND if holds else Kind.OR):
            stack.extend(c if holds else -c for c in reversed(graph.args[node]))
        else:
            facts.append(literal)
    return known, facts, consistent


@final
class _Walk:
    """Follows uses from the roots to the leaves; children have lower numbers than parents."""

    def __init__(self, graph: Graph, counts: Mapping[int, Count], known: Mapping[int, bool]) -> None:
        self._graph = graph
        self._counts = counts
        self._known = known
        self.directions: dict[int, int] = {}
        self.expanded: dict[int, int] = {}
        """The nodes whose definitions are used, each with the directions."""
        self._users: dict[int, list[int]] = {}
        """For each node, the literals by which others use it, and who they are, in turn."""

    def use(self, use: Use) -> None:
        """Use a literal in a direction."""
        literal, direction = use
        node = abs(literal)
        own = direction if literal > 0 else flipped(direction)
        self.directions[node] = self.directions.get(node, 0) | own

    def expand(self, node: int, direction: int) -> None:
        """Use what a node is defined by. A leaf is defined by itself."""
        if self._graph.kinds[node] == Kind.LEAF:
            self.use((node, direction))
        self.expanded[node] = self.expanded.get(node, 0) | direction
        for literal, own in self._parts(node, direction):
            self.use((literal, own))
            self._users.setdefault(abs(literal), []).extend((literal, node))

    def down(self, *, both_ways: bool) -> None:
        """Follow what is used down to the leaves."""
        for node in self._descending():
            if both_ways:
                self.directions[node] = BOTH
            if node not in self._known and self._graph.kinds[node] != Kind.LEAF:
                self.expand(node, self.directions[node])

    def _descending(self) -> Iterator[int]:
        reached = set(self.directions)
        stack = list(reached)
        while stack:
            node = stack.pop()
            for literal, _ in self._parts(node, 0) if node not in self._known else ():
                if abs(literal) not in reached:
                    reached.add(abs(literal))
                    stack.append(abs(literal))
        return iter(sorted(reached, reverse=True))

    def _parts(self, node: int, direction: int) -> Iterator[Use]:
        count = self._counts.get(node)
        if count is None:
            for child in self._graph.children(node):
                yield child, direction
            return
        low, high = count.low is not None, count.high is not None
        for weight, literal in count.terms:
            if low and high:
                yield literal, BOTH
            else:
                yield literal, direction if low == (weight > 0) else flipped(direction)

    def inline(self, wanted: frozenset[int]) -> frozenset[int]:
        """The nodes that need no variable."""
        return frozenset(
            node
            for node, users in self._users.items()
            if len(users) == 2
            and node not in wanted
            and node not in self._known
            and self._graph.kinds[node] in (Kind.AND, Kind.OR)
            and self._fits(node, *users)
        )

    def _fits(self, node: int, literal: int, user: int) -> bool:
        """Whether a node's clauses can stand in the place of a literal of it, within those of its user.

        A conjunction can hold anything; a disjunction, which is one clause, only disjunctions.
        """
        if user in self._counts:
            return False
        kind, direction = self._graph.kinds[user], self.expanded[user]
        if direction == (POSITIVE if kind == Kind.AND else NEGATIVE):
            return True
        return node not in self._counts and (self._graph.kinds[node] == kind) == (literal > 0)
