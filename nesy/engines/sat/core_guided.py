"""Weighted MaxSAT over symbols, guided by unsatisfiable cores, on a solver that is kept.

The algorithm is OLL (Andres, Kaufmann, Matheis and Schaub 2012; Morgado, Dodaro and Marques-Silva
2014), as in python-sat's RC2, with two differences that one-hot symbols and small changes between
questions ask for. The costs of a symbol's values are climbed like a ladder: first only that it takes
its best value is assumed, at the cost of the second; once a core has used that up, that it takes one of
the best two, at what the third costs more; and so on. So a core names symbols, not all their values. And
sums over cores wait until no core is left without them (weight-aware core extraction: Berg and Jarvisalo
2017), which ends in a world, an upper bound, again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

from pysat.card import ITotalizer

from nesy.engines.sat.oracle import Oracle

_CORES_OF_EASY_QUESTIONS = 20
"""Cores after these are made minimal."""
# Measured: sums of eight digits take half the time with minimal cores, Sudoku of a few cores twice as long.

_CONFLICTS_TO_SHRINK = 200
"""The effort spent on each literal of a core."""


@final
@dataclass(frozen=True, slots=True)
class Ladder:
    """The values of one symbol that are possible, cheapest first: their literals, and what they cost."""

    literals: list[int]
    costs: list[int]


class Ladders(Protocol):
    """The values of a question's symbols, looked at only where they are needed."""

    def __getitem__(self, symbol: int) -> Ladder:
        """The values of one symbol."""


@final
@dataclass(slots=True)
class _Sum:
    """A counter over the literals of a core, at most one of which may be false at no further cost."""

    counter: ITotalizer
    size: int
    weight: int


@final
class CoreGuided:
    """One question: what holds for sure, and what departing from the best values costs.

    lower: no world that is left costs less.
    """

    def __init__(self, oracle: Oracle, hard: Sequence[int], ladders: Ladders, deadline: float | None) -> None:
        self.lower = 0
        self._oracle = oracle
        self._hard = list(hard)
        self._ladders = ladders
        self._deadline = deadline
        self._weights: dict[int, int] = {}
        self._places: dict[int, tuple[int, int]] = {}
        self._sums: dict[int, tuple[_Sum, int]] = {}
        self._waiting: list[tuple[int, list[int]]] = []
        self._counters: list[ITotalizer] = []
        self._cores = 0

    @property
    def settled(self) -> bool:
        """Whether all cores are counted: the next model then is a best one."""
        return not self._waiting

    def assume(self, literal: int, weight: int, symbol: int) -> None:
        """Begin a ladder where one value alone is best: its literal, and what the next value costs."""
        self._weights[literal] = weight
        self._places[literal] = symbol, 1

    def climb(self, symbol: int, level: int) -> None:
        """Assume the next disjunction of a symbol's cheapest values, the first `level` of them or more."""
        ladder = self._ladders[symbol]
        while level < len(ladder.costs):
            more = ladder.costs[level] - ladder.costs[level - 1]
            cheaper = [x for x in ladder.literals[:level] if x != -1]
            if 1 in cheaper:
                return
            if more and cheaper:
                literal = self._oracle.any_of(cheaper)
                self._weights[literal] = more
                self._places[literal] = symbol, level
                return
            # Where none of the cheaper values can hold, the difference is paid for certain.
            self.lower += more
            level += 1

    def exclude(self, literals: Sequence[int]) -> None:
        """From now on one of these must not hold."""
        active = self._oracle.fresh()
        self._oracle.add([-active, *(-x for x in literals)])
        self._hard.append(active)

    def any_model(self) -> list[int] | None:
        """A world, as near to the best values as comes at once; None if there is none."""
        self._oracle.prefer(list(self._weights))
        return self._oracle.model() if self._oracle.solve(self._hard, self._deadline) else None

    def next_model(self) -> list[int] | None:
        """A world, better and better ones; None if there is no more. Raises `OutOfTimeError`.

        Once it costs `lower`, it is a best one.
        """
        while self._waiting:
            self._count(*self._waiting.pop())
        while True:
            softs = sorted(self._weights, key=self._weights.__getitem__, reverse=True)
            if self._oracle.solve([*self._hard, *softs], self._deadline):
                return self._oracle.model()
            core = self._shrunk(self._core())
            if not core:
                return None
            self._relax(core)

    def _core(self) -> list[int]:
        """What costs something among the assumptions that cannot hold together."""
        return [literal for literal in self._oracle.core() if literal in self._weights]

    def _shrunk(self, core: list[int]) -> list[int]:
        """A core of fewer literals, the dearest, if the question has turned out to be hard."""
        self._cores += 1
        if self._cores <= _CORES_OF_EASY_QUESTIONS:
            return core
        core = sorted(core, key=self._weights.__getitem__)
        place = 0
        while place < len(core) > 1:
            rest = core[:place] + core[place + 1 :]
            tried = self._oracle.tried([*self._hard, *reversed(rest)], _CONFLICTS_TO_SHRINK, self._deadline)
            if tried is False:
                needed = set(self._core())
                core = [literal for literal in rest if literal in needed]
            else:
                place += 1
        return core

    def _relax(self, core: list[int]) -> None:
        """One of these is false: pay for the cheapest, and let one of them be."""
        weight = min(self._weights[literal] for literal in core)
        self.lower += weight
        for literal in core:
            self._weights[literal] -= weight
            if not self._weights[literal]:
                del self._weights[literal]
                if literal in self._places:
                    symbol, level = self._places.pop(literal)
                    self.climb(symbol, level + 1)
            if literal in self._sums:
                self._raise_bound(*self._sums[literal])
        if len(core) > 1:
            self._waiting.append((weight, core))

    def _count(self, weight: int, core: list[int]) -> None:
        """Assume that no more than one of a core's literals is false."""
        counter = self._oracle.totalizer([-literal for literal in core])
        self._counters.append(counter)
        self._bound(_Sum(counter, len(core), weight), 1)

    def _raise_bound(self, counted: _Sum, bound: int) -> None:
        if bound + 1 < counted.size:
            self._oracle.extend(counted.counter, bound + 1)
            self._bound(counted, bound + 1)

    def _bound(self, counted: _Sum, bound: int) -> None:
        literal = -counted.counter.rhs[bound]
        if literal not in self._sums:
            self._sums[literal] = counted, bound
            self._weights[literal] = counted.weight

    def close(self) -> None:
        """Give back what counters hold; nothing may be asked afterwards."""
        for counter in self._counters:
            counter.delete()
        self._counters = []
