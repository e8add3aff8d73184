"""What holds in all worlds of a box, and what in some: Kleene's logic on ground rules, cycles included.

A box says which values some symbols may have; it is a world where each symbol has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from nesy.logic.components import components, on_cycle
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph, Kind

Box = Mapping[int, frozenset[int]]
"""For some symbols the values that they may have; others may have any."""


@final
@dataclass(frozen=True)
class Truth:
    """surely: whether each node holds in all worlds of a box; perhaps: in some, as far as can be seen."""

    surely: list[bool]
    perhaps: list[bool]

    def holds(self, literal: int) -> bool:
        """Whether a literal holds in all worlds of the box."""
        return self.surely[literal] if literal > 0 else not self.perhaps[-literal]

    def fails(self, literal: int) -> bool:
        """Whether a literal holds in none."""
        return self.holds(-literal)


@final
@dataclass(frozen=True)
class Stratum:
    """Nodes that depend on one another, and for each those of them that depend on it directly."""

    nodes: list[int]
    parents: Mapping[int, list[int]] = field(repr=False)


@final
class Evaluator:
    """A graph made ready to be evaluated box by box.

    Cost: O(nodes and edges), to make it and for each box; nothing recurses.
    """

    def __init__(self, graph: Graph | FlatGraph) -> None:
        self._graph = graph
        self._strata = [
            Stratum(found, _parents(graph, found) if on_cycle(graph, found) else {})
            for found in components(graph, range(1, len(graph)))
        ]

    def truth(self, box: Box) -> Truth:
        """What holds in a box. Cycles hold only where something outside of them makes them hold."""
        found = Truth([False] * len(self._graph), [False] * len(self._graph))
        for stratum in self._strata:
            if stratum.parents:
                self._close(stratum, found, box)
            else:
                node = stratum.nodes[0]
                found.surely[node] = self._one(node, found, box, surely=True)
                found.perhaps[node] = self._one(node, found, box, surely=False)
        return found

    def _close(self, stratum: Stratum, found: Truth, box: Box) -> None:
        """The least fixpoint of a cycle: first what holds in some worlds, then what holds in all."""
        for surely in (False, True):
            values = found.surely if surely else found.perhaps
            waiting = list(stratum.nodes)
            while waiting:
                node = waiting.pop()
                if not values[node] and self._one(node, found, box, surely=surely):
                    values[node] = True
                    waiting.extend(stratum.parents.get(node, ()))

    def _one(self, node: int, found: Truth, box: Box, *, surely: bool) -> bool:
        kind, args = self._graph.kinds[node], self._graph.args[node]
        if kind == Kind.TRUE:
            return True
        if kind == Kind.LEAF:
            allowed = box.get(args[0])
            if allowed is None:
                return not surely
            return args[1] in allowed and (not surely or len(allowed) == 1)
        own, other = (found.surely, found.perhaps) if surely else (found.perhaps, found.surely)
        each = (own[x] if x > 0 else not other[-x] for x in args)
        return all(each) if kind == Kind.AND else any(each)


def _parents(graph: Graph | FlatGraph, nodes: list[int]) -> dict[int, list[int]]:
    inside = set(nodes)
    found: dict[int, list[int]] = {node: [] for node in nodes}
    for node in nodes:
        for child in map(abs, graph.children(node)):
            if child in inside:
                found[child].append(node)
    return found
