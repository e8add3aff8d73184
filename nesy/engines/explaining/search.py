"""The most probable proofs of a small ground program, by a best-first search that needs no compiled code."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from typing import final

from nesy.logic.graph import Kind
from nesy.logic.program import GroundProgram

Values = tuple[frozenset[int], ...]
"""For each symbol the values that a box allows."""

OPEN, TRUE, FALSE = 0, 1, -1


@final
@dataclass(frozen=True, slots=True)
class FoundBox:
    """A proof: the values that it allows the symbols that it restricts. log_prob: of all of them, in nats."""

    values: dict[int, frozenset[int]]
    log_prob: float


@final
class BoxSearch:
    """Proofs of some literals together: sets of values in all of whose worlds the literals hold.

    beliefs: (V,), log-probabilities; values of probability 0 are in no proof.
    Graphs without cycles only. Cost: for each state looked at O(nodes and edges below the goals).
    """

    def __init__(self, program: GroundProgram, beliefs: Sequence[float], goals: Iterable[int]) -> None:
        self._graph = program.graph
        self._goals = tuple(goals)
        self._order = list(program.graph.reachable(self._goals))
        starts = program.offsets
        self._logs = [beliefs[a:b] for a, b in pairwise(starts)]
        self.whole: Values = tuple(
            frozenset(v for v, log in enumerate(logs) if log > -math.inf) for logs in self._logs
        )

    @property
    def size(self) -> int:
        """How many nodes one state takes."""
        return len(self._order)

    def best(self, k: int, effort: int) -> list[FoundBox] | None:
        """The k most probable proofs, best first; all, where there are fewer.

        A proof whose worlds are all in a better one is none. None where more than `effort` states would
        have to be looked at.
        """
        ties = count()
        heap: list[tuple[float, int, Values, tuple[int, ...]]] = [(0.0, next(ties), self.whole, self._goals)]
        found: list[tuple[float, Values]] = []
        known: set[tuple[Values, frozenset[int]]] = set()
        while heap and len(found) < k:
            cost, _, values, pending = heapq.heappop(heap)
            if (values, frozenset(pending)) in known or any(_within(values, other) for _, other in found):
                continue
            known.add((values, frozenset(pending)))
            effort -= 1
            if effort < 0:
                return None
            state = self._settled(values, pending)
            if state is None:
                continue
            narrowed, left = state
            if narrowed != values:
                heapq.heappush(heap, (self._cost(narrowed), next(ties), narrowed, left))
            elif not left:
                found = [(c, other) for c, other in found if not _within(other, values)]
                found.append((cost, values))
            else:
                for way in self._ways(values, left):
                    heapq.heappush(heap, (cost, next(ties), values, (*left[:-1], way)))
        return [FoundBox(self._restricted(values), -cost) for cost, values in found]

    def relaxed(self, world: Sequence[int]) -> FoundBox:
        """A proof with a world in it, which meets the goals: values are left open, improbable ones first.

        Cost: O(symbols * nodes).
        """
        values = [frozenset((value,)) for value in world]
        for symbol in sorted(range(len(values)), key=lambda s: self._logs[s][world[s]]):
            kept, values[symbol] = values[symbol], self.whole[symbol]
            truth = self._truth(tuple(values))
            if not all(truth[abs(x)] == (TRUE if x > 0 else FALSE) for x in self._goals):
                values[symbol] = kept
        return FoundBox(self._restricted(tuple(values)), -self._cost(tuple(values)))

    def apart(self, boxes: Sequence[FoundBox], k: int) -> list[FoundBox]:
        """The k most probable of some proofs, without those that are in another one. Cost: O(boxes^2)."""
        found: list[FoundBox] = []
        for box in sorted(boxes, key=lambda b: (-b.log_prob, len(b.values))):
            if not any(_narrower(box, other) for other in found):
                found.append(box)
        return found[:k]

    def _settled(self, values: Values, pending: tuple[int, ...]) -> tuple[Values, tuple[int, ...]] | None:
        """A state after all that can be had in one way only; None where some goal cannot hold."""
        truth = self._truth(values)
        left: list[int] = []
        allowed = list(values)
        work = list(pending)
        while work:
            literal = work.pop()
            known = truth[abs(literal)] * (1 if literal > 0 else -1)
            if known == FALSE:
                return None
            if known == TRUE:
                continue
            node = abs(literal)
            if self._graph.kinds[node] == Kind.LEAF:
                symbol, value = self._graph.args[node]
                own = frozenset((value,))
                allowed[symbol] &= own if literal > 0 else self.whole[symbol] - own
                if not allowed[symbol]:
                    return None
                continue
            children = [x if literal > 0 else -x for x in self._graph.args[node]]
            if (self._graph.kinds[node] == Kind.AND) == (literal > 0):
                work.extend(children)
                continue
            ways = [x for x in children if truth[abs(x)] * (1 if x > 0 else -1) != FALSE]
            if len(ways) == 1:
                work.extend(ways)
            else:
                left.append(literal)
        return tuple(allowed), tuple(dict.fromkeys(left))

    def _ways(self, values: Values, left: tuple[int, ...]) -> Iterator[int]:
        """The alternatives of the last goal that is left."""
        truth = self._truth(values)
        sign = 1 if left[-1] > 0 else -1
        for child in self._graph.args[abs(left[-1])]:
            literal = sign * child
            if truth[abs(literal)] * (1 if literal > 0 else -1) != FALSE:
                yield literal

    def _truth(self, values: Values) -> dict[int, int]:
        """What holds in all worlds of a box, in none, or is open."""
        found: dict[int, int] = {1: TRUE}
        kinds, args = self._graph.kinds, self._graph.args
        for node in self._order:
            kind = kinds[node]
            if kind == Kind.LEAF:
                symbol, value = args[node]
                allowed = values[symbol]
                found[node] = FALSE if value not in allowed else TRUE if len(allowed) == 1 else OPEN
            elif kind == Kind.AND:
                found[node] = min((found[x] if x > 0 else -found[-x] for x in args[node]), default=TRUE)
            elif kind == Kind.OR:
                found[node] = max((found[x] if x > 0 else -found[-x] for x in args[node]), default=FALSE)
        return found

    def _restricted(self, values: Values) -> dict[int, frozenset[int]]:
        return {s: v for s, v in enumerate(values) if v != self.whole[s]}

    def _cost(self, values: Values) -> float:
        total = 0.0
        for symbol, allowed in enumerate(values):
            if allowed != self.whole[symbol]:
                total -= math.log(math.fsum(math.exp(self._logs[symbol][v]) for v in allowed))
        return max(0.0, total)


def _narrower(box: FoundBox, other: FoundBox) -> bool:
    """Whether a proof asks for all that another asks for."""
    return all(s in box.values and box.values[s] <= allowed for s, allowed in other.values.items())


def _within(values: Values, other: Values) -> bool:
    """Whether all worlds of a box are in another."""
    return all(own <= more for own, more in zip(values, other, strict=True))
