"""Work on ragged groups of rows, in any operations: what circuits in algebras and formulas in logics share.

Rows are never written twice: every step makes a chunk of new ones from those before, so that torch can
differentiate what is done, and numpy does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, final

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.kernels.arrays import Array, namespace

Binary = Callable[[Array, Array], Array]
Placing = Callable[[IntArray], Any]


class Unary(Protocol):
    """An operation on one array."""

    def __call__(self, rows: Array, /) -> Array:
        """The result, of the same shape."""


@final
@dataclass(frozen=True, eq=False)
class Reading:
    """Rows of earlier chunks, one after the other: (chunk, rows in it)."""

    parts: tuple[tuple[int, Any], ...]

    def of(self, chunks: list[Array]) -> Array:
        """The rows, new."""
        rows = [chunks[chunk][index] for chunk, index in self.parts]
        return rows[0] if len(rows) == 1 else namespace(chunks[0]).concatenate(rows)

    def placed(self, place: Placing) -> Reading:
        """With index arrays as `place` makes them."""
        return Reading(tuple((chunk, place(index)) for chunk, index in self.parts))


@final
@dataclass(frozen=True, eq=False)
class Fold:
    """Groups of rows, each to be combined to one: neighbours first, so every round halves the groups.

    rounds: for each (left, right, alone): the rows that have a neighbour, the neighbours, and the rest.
    """

    rounds: tuple[tuple[Any, Any, Any], ...]

    def of(self, operation: Binary, rows: Array) -> Array:
        """(groups, ...) from (rows, ...), in the order that planning said."""
        for left, right, alone in self.rounds:
            combined = operation(rows[left], rows[right])
            rows = namespace(rows).concatenate([combined, rows[alone]]) if len(alone) else combined
        return rows

    def placed(self, place: Placing) -> Fold:
        """With index arrays as `place` makes them."""
        return Fold(tuple((place(a), place(b), place(c)) for a, b, c in self.rounds))


@final
@dataclass(frozen=True, eq=False)
class Step:
    """A chunk: sums of products of the rows read, or, where `negated`, what those rows are not."""

    reading: Reading
    products: Fold
    sums: Fold
    negated: bool


@final
@dataclass(frozen=True, eq=False)
class Machine:
    """Steps over chunks, the first of which is given. Row i of the answer is `order[i]` of what is read."""

    steps: tuple[Step, ...]
    answer: Reading
    order: Any

    def run(self, given: Array, times: Binary, plus: Binary, negation: Unary | None = None) -> Array:
        """The answer, from rows that are given.

        Cost: the operations on all rows, in log(widest group) calls a step.
        """
        chunks = [given]
        for step in self.steps:
            rows = step.reading.of(chunks)
            if step.negated:
                assert negation is not None
                chunks.append(negation(rows))
            else:
                chunks.append(step.sums.of(plus, step.products.of(times, rows)))
        return self.answer.of(chunks)[self.order]

    def placed(self, place: Placing) -> Machine:
        """With index arrays as `place` makes them: on a device."""
        steps = tuple(
            Step(s.reading.placed(place), s.products.placed(place), s.sums.placed(place), s.negated)
            for s in self.steps
        )
        return Machine(steps, self.answer.placed(place), place(self.order))


@final
class Planner:
    """Plans a machine step by step. Rows have numbers: those given first, then as their steps say."""

    def __init__(self, rows: int) -> None:
        """rows: how many there will be, with those that are given."""
        self._steps: list[Step] = []
        self._chunk = np.zeros(rows, dtype=np.int64)
        self._place = np.arange(rows)

    def step(self, rows: IntArray, factors: IntArray, products: IntArray, sums: IntArray) -> None:
        """Make rows: each the sum of as many terms as `sums` says, each the product of so many factors.

        factors: rows made earlier. No product and no sum is of nothing. Cost: O(factors log(chunks)).
        """
        reading, places = self._reading(factors)
        by_products, places = _fold(products, places)
        by_sums, places = _fold(sums, places)
        self._made(rows, Step(reading, by_products, by_sums, False), places)

    def negation(self, rows: IntArray, of: IntArray) -> None:
        """Make rows, each the negation of one made earlier."""
        reading, places = self._reading(of)
        self._made(rows, Step(reading, Fold(()), Fold(()), True), places)

    def machine(self, answer: IntArray) -> Machine:
        """The machine that answers with some rows."""
        reading, places = self._reading(answer)
        return Machine(tuple(self._steps), reading, places)

    def _made(self, rows: IntArray, step: Step, places: IntArray) -> None:
        self._steps.append(step)
        self._chunk[rows] = len(self._steps)
        self._place[rows] = places

    def _reading(self, rows: IntArray) -> tuple[Reading, IntArray]:
        """What reads some rows, chunk by chunk, and where each then is."""
        chunk_of = self._chunk[rows]
        order = np.argsort(chunk_of, kind="stable")
        places = np.empty(len(rows), dtype=np.int64)
        places[order] = np.arange(len(rows))
        chunks, firsts = np.unique(chunk_of[order], return_index=True)
        found = np.split(self._place[rows[order]], firsts[1:])
        parts = tuple((int(c), r) for c, r in zip(chunks, found, strict=False))
        return Reading(parts or ((0, np.empty(0, dtype=np.int64)),)), places


def _fold(counts: IntArray, places: IntArray) -> tuple[Fold, IntArray]:
    """How to combine groups of so many members, none empty, and where each group then is.

    places: where the members are, group by group. Cost: O(members).
    """
    rounds: list[tuple[IntArray, IntArray, IntArray]] = []
    while len(counts) and counts.max() > 1:
        ends = np.cumsum(counts)
        within = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
        first = within % 2 == 0
        paired = first & (within + 1 < np.repeat(counts, counts))
        rounds.append((places[paired], places[~first], places[first & ~paired]))
        among = paired[first]
        places = np.where(among, np.cumsum(among) - 1, among.sum() + np.cumsum(~among) - 1)
        counts = (counts + 1) // 2
    return Fold(tuple(rounds)), places
