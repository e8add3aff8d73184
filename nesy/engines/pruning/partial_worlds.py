"""Worlds built symbol by symbol, none of which is ever stuck: each knows a world that completes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.pruning.completions import ABSENT, BoolArray, Completions, IntArray
from nesy.errors import EngineError

FloatArray = NDArray[np.float64]
Choices = Sequence[IntArray] | IntArray
"""A row for each value that a symbol can be given: its columns, several where values are taken together."""


@final
@dataclass(slots=True)
class _Partial:
    """What is assumed; the values of a world that has it; and those that may be had besides.

    propagated: whether `left` is what propagation leaves. Else it is what it left before the last
    assumptions, and more than it would leave now.
    """

    assumed: list[int]
    witness: BoolArray
    left: BoolArray
    propagated: bool


@final
class PartialWorlds:
    """The partial worlds that a search keeps of one example, to begin with one that knows nothing.

    Whether a child can be completed is known without a question where its value is that of its parent's
    witness. Of the others only those are asked about that have a chance to be kept. There are no partial
    worlds (`len`) where nothing can be completed. Made by `Pruner.partial_worlds`.
    Cost of beginning: one call of a solver, and one propagation.
    """

    def __init__(
        self, completions: Completions, assumed: list[int], preferred: IntArray, never: BoolArray
    ) -> None:
        """assumed: literals that hold in all worlds; preferred: columns of values that are tried first.

        never: (V,), the values that are not taken.
        """
        self._completions = completions
        self._phases = completions.phases(preferred)
        self._never = never
        self._free = completions.literals == ABSENT
        self._kept: list[_Partial] = []
        assumed = [*assumed, *(-x for x in completions.literals[never].tolist() if x != ABSENT)]
        witness = completions.witness(assumed, self._phases)
        if witness is not None:
            self._kept = [_Partial(assumed, witness, self._propagated(assumed), propagated=True)]

    def __len__(self) -> int:
        return len(self._kept)

    def extend(self, choices: Choices, scores: FloatArray, count: int) -> IntArray:
        """Give a symbol its value: keep the `count` best children that can be completed.

        choices: the columns of beliefs of each of the symbol's values, all of them. scores: (K, choices),
        how good each child of each partial world is, -inf for one that is never wanted; of equals the last
        is best.
        Returns (k,), k at most `count`: flat places in `scores` of those kept, best first; the partial
        worlds are these now, in this order. Where there was one, and no score is -inf, there is one.
        Raises `EngineError` (wrong-shape).
        Cost: O(K choices), and up to a call of a solver for each child that is kept or found to be
        impossible, none for those with the values of witnesses; one propagation for each parent asked about.
        """
        if scores.shape != (len(self._kept), len(choices)):
            raise EngineError(
                "wrong-shape",
                f"scores have the shape {tuple(scores.shape)}, expected {(len(self._kept), len(choices))}",
                hint="give one row for each partial world, with one score for each choice",
            )
        held, left = self._tables(choices)
        totals = np.where(left, scores, -np.inf).ravel()
        places: list[int] = []
        children: list[_Partial] = []
        for place in np.argsort(totals, kind="stable")[::-1].tolist():
            if len(children) >= count or totals[place] == -np.inf:
                break
            parent, value = divmod(place, len(choices))
            child = self._child(self._kept[parent], choices, value, held=bool(held[parent, value]))
            if child is not None:
                places.append(place)
                children.append(child)
        self._kept = children
        return np.array(places, dtype=np.int64)

    def _tables(self, choices: Choices) -> tuple[BoolArray, BoolArray]:
        """(K, choices), twice: which children have their parent's witness, and which may be completed."""
        columns = np.concatenate(choices)
        shape = len(self._kept), len(columns)
        starts = np.cumsum([0, *map(len, choices[:-1])])
        # What nothing depends on is in every witness, as it were.
        held = np.array([(p.witness | self._free)[columns] for p in self._kept], dtype=np.bool_)
        left = np.array([p.left[columns] for p in self._kept], dtype=np.bool_)
        return (
            np.logical_or.reduceat(held.reshape(shape), starts, axis=1),
            np.logical_or.reduceat(left.reshape(shape), starts, axis=1),
        )

    def _child(self, parent: _Partial, choices: Choices, value: int, *, held: bool) -> _Partial | None:
        """A partial world with one value more; None where it cannot be completed."""
        assumed = [*parent.assumed, *self._literals(choices, value)]
        witness: BoolArray | None = parent.witness
        if not held:
            self._propagate(parent)
            if not parent.left[choices[value]].any():
                return None
            witness = self._completions.witness(assumed, self._phases)
        if witness is None:
            return None
        return _Partial(assumed, witness, parent.left, propagated=False)

    def _propagate(self, partial: _Partial) -> None:
        if not partial.propagated:
            partial.left = self._propagated(partial.assumed)
            partial.propagated = True

    def _propagated(self, assumed: list[int]) -> BoolArray:
        return self._completions.propagated(assumed) & ~self._never

    def _literals(self, choices: Choices, value: int) -> list[int]:
        """What says that a symbol has a value: its own literal, or that it has none of the other values."""
        literals = self._completions.literals
        if len(choices[value]) == 1:
            found = literals[choices[value]]
        else:
            others = [columns for other, columns in enumerate(choices) if other != value]
            found = -literals[np.concatenate(others)] if others else literals[:0]
        return [x for x in found.tolist() if x != ABSENT]
