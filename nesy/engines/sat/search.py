"""The most probable worlds that give a target: one solver for all targets and all examples."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from nesy.engines.sat.core_guided import CoreGuided, Ladder
from nesy.engines.sat.costs import FORBIDDEN, Costs, IntArray
from nesy.engines.sat.encoded import IRRELEVANT, Encoded
from nesy.engines.sat.oracle import Oracle, OutOfTimeError


@final
@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one example.

    assumed: literals that must hold. relevant: the symbols that count, in order; all of them encoded.
    worlds: how many are wanted. seconds: how long to search, or None for as long as it takes.
    """

    assumed: Sequence[int]
    relevant: IntArray
    worlds: int = 1
    seconds: float | None = None


@final
@dataclass(slots=True)
class Found:
    """The worlds found for one question, cheapest first.

    worlds: (n,) each, `IRRELEVANT` where a symbol does not count.
    proven: how many of them are known to be the cheapest ones; the rest is the best that was seen.
    left: no world but the proven ones costs less; None where there is no other world.
    """

    worlds: list[IntArray] = field(default_factory=list)
    proven: int = 0
    left: int | None = 0


@final
class Search:
    """A loaded solver. Cost of making one: loading the clauses."""

    def __init__(self, encoded: Encoded) -> None:
        self._encoded = encoded
        self._oracle = Oracle(encoded.clauses(), encoded.variables)

    def possible(self, assumed: Sequence[int] = ()) -> bool:
        """Whether any world at all makes literals hold, whatever the beliefs."""
        return self._encoded.possible and self._oracle.solve(list(assumed))

    def answer(self, costs: Costs, row: int, question: Question) -> Found:
        """The cheapest worlds of one example, exactly for the costs given.

        Cost: a unit propagation where every symbol's best value will do, else SAT calls, one for each
        unsatisfiable core and some more: exponential at worst.
        """
        if not self._encoded.possible:
            return Found(left=None)
        self._oracle.settle()
        if question.worlds == 1 and self._best_will_do(costs, row, question):
            return Found([only(costs.best[row], question.relevant)], proven=1)
        return _Answering(self._oracle, self._encoded, costs, row, question).run()

    def _best_will_do(self, costs: Costs, row: int, question: Question) -> bool:
        """With every symbol that counts decided, propagation alone tells whether the literals hold."""
        columns = self._encoded.offsets[question.relevant] + costs.best[row, question.relevant]
        if (costs.excess[row, columns] == FORBIDDEN).any():
            return False
        return self._oracle.propagates([*question.assumed, *self._encoded.values[columns].tolist()])


@final
class _Answering:
    """One question on its way: which worlds were found, and which is the best that was seen."""

    def __init__(self, oracle: Oracle, encoded: Encoded, costs: Costs, row: int, question: Question) -> None:
        self._encoded = encoded
        self._excess = costs.excess[row]
        self._question = question
        seconds = question.seconds
        deadline = None if seconds is None else time.monotonic() + seconds
        hard = [*question.assumed, *self._forbidden()]
        self._search = CoreGuided(oracle, hard, _Ladders(encoded, self._excess), deadline)
        self._begin(costs, row)
        self._found = Found()
        self._best: IntArray | None = None
        self._cost = 0

    def run(self) -> Found:
        """Search until enough worlds are proven best, or time is up."""
        try:
            self._prove()
        except OutOfTimeError:
            if self._best is not None:
                self._found.worlds.append(self._best)
            self._found.left = self._search.lower
        finally:
            self._search.close()
        return self._found

    def _prove(self) -> None:
        found, search = self._found, self._search
        if self._question.seconds is not None:
            # There may be no time for a better one.
            model = search.any_model()
            if model is not None:
                self._note(model)
        while found.proven < self._question.worlds:
            if self._best is None or self._cost > search.lower:
                model = search.next_model()
                if model is None:
                    found.left = None
                    return
                self._note(model)
                if search.settled and self._cost != search.lower:
                    raise AssertionError(f"a world costs {self._cost}, not {search.lower}")
                continue
            found.worlds.append(self._best)
            found.proven += 1
            search.exclude(self._literals(self._best))
            self._best = None
        found.left = search.lower

    def _note(self, model: Sequence[int]) -> None:
        """Keep a world if it is the best that was seen."""
        world = only(self._encoded.read(model), self._question.relevant)
        relevant = self._question.relevant
        cost = int(self._excess[self._encoded.offsets[relevant] + world[relevant]].sum())
        if self._best is None or cost < self._cost:
            self._best, self._cost = world, cost

    def _literals(self, world: IntArray) -> list[int]:
        relevant = self._question.relevant
        literals: list[int] = self._encoded.values[self._encoded.offsets[relevant] + world[relevant]].tolist()
        return literals

    def _forbidden(self) -> list[int]:
        """The negations of values that are impossible, of the symbols that count."""
        columns = np.flatnonzero(self._excess == FORBIDDEN)
        if not len(columns):
            return []
        counted = np.isin(self._encoded.owners[columns], self._question.relevant)
        literals: list[int] = (-self._encoded.values[columns[counted]]).tolist()
        return literals

    def _begin(self, costs: Costs, row: int) -> None:
        """Assume the best value of every symbol that counts, at the cost of its second."""
        relevant = self._question.relevant
        step, tied = costs.step[row, relevant], costs.tied[row, relevant]
        literals = self._encoded.values[self._encoded.offsets[relevant] + costs.best[row, relevant]]
        alone = (step > 0) & ~tied & (np.abs(literals) != 1)
        for place in np.flatnonzero((step > 0) & ~alone).tolist():
            self._search.climb(int(relevant[place]), 1)
        assumed = zip(literals[alone].tolist(), step[alone].tolist(), relevant[alone].tolist(), strict=True)
        for literal, weight, symbol in assumed:
            self._search.assume(literal, weight, symbol)


@final
class _Ladders:
    """The ladders of one example, made when they are asked for."""

    def __init__(self, encoded: Encoded, excess: IntArray) -> None:
        self._encoded = encoded
        self._excess = excess

    def __getitem__(self, symbol: int) -> Ladder:
        """The possible values of a symbol, cheapest first."""
        start, end = self._encoded.offsets[symbol : symbol + 2].tolist()
        costs = self._excess[start:end].tolist()
        literals = self._encoded.values[start:end].tolist()
        rungs = sorted((cost, x) for cost, x in zip(costs, literals, strict=True) if cost != FORBIDDEN)
        return Ladder([x for _, x in rungs], [cost for cost, _ in rungs])


def only(world: IntArray, relevant: IntArray) -> IntArray:
    """A world with nothing but the values of some symbols."""
    found = np.full(len(world), IRRELEVANT, dtype=np.int64)
    found[relevant] = world[relevant]
    return found
