"""Circuits in any algebra, layer by layer: whole layers at a time with an algebra's own numpy operations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import Algebra
from nesy.algebra.algebra import Operation
from nesy.circuit.circuit import Circuit, IntArray
from nesy.circuit.layers import Group, lower
from nesy.kernels.shapes import check_inputs


def evaluate_in(circuit: Circuit, inputs: NDArray[Any], algebra: Algebra) -> NDArray[Any]:
    """The values of the roots, in an algebra.

    inputs: (circuit.width, B), values of the algebra; taken in its dtype, which may be `object`.
    Returns (R, B) in the algebra's dtype. The order of a node's children is kept, but neighbours are
    combined first: in floats a result may differ from the reference's by rounding.
    Raises `ModelError` (wrong-shape) if inputs do not fit the circuit.
    Cost: O(edges * B) and two calls of `plus` or `times` per level and doubling of the widest node in it,
    not one per edge; holds a value per stored node and those of one layer's edges. The first call on a
    circuit lays it out, O(edges).
    """
    check_inputs(circuit.width, inputs.shape)
    plan = _plan_of(circuit)
    values = np.empty((plan.rows, inputs.shape[1]), dtype=algebra.dtype)
    values[: circuit.width] = inputs
    # fill, for an object may be a tuple, which assignment would take apart.
    values[circuit.width].fill(algebra.zero)
    values[circuit.width + 1].fill(algebra.one)
    for step in plan.steps:
        terms = step.products.of(algebra.times, values[step.factors])
        values[step.start : step.stop] = step.sums.of(algebra.plus, terms)
    found: NDArray[Any] = values[plan.roots]
    return found


@final
@dataclass(frozen=True, eq=False)
class _Fold:
    """Ragged groups of rows, each to be combined to one.

    rounds: for each (left, paired, right): the rows that stay, which of these have a neighbour, and the
    neighbours. Every round halves the groups.
    """

    rounds: tuple[tuple[IntArray, IntArray, IntArray], ...]

    def of(self, operation: Operation, rows: NDArray[Any]) -> NDArray[Any]:
        """(groups, B) from (rows, B)."""
        for left, paired, right in self.rounds:
            combined = rows[left]
            combined[paired] = operation(combined[paired], rows[right])
            rows = combined
        return rows


@final
@dataclass(frozen=True, eq=False)
class _Step:
    """Rows `start` to `stop`: sums of products of the rows `factors`."""

    start: int
    stop: int
    factors: IntArray
    products: _Fold
    sums: _Fold


@final
@dataclass(frozen=True, eq=False)
class _Plan:
    rows: int
    roots: IntArray
    steps: tuple[_Step, ...]


# A plan is not stored with its circuit, which can be copied and pickled as it is.
_PLANS: WeakKeyDictionary[Circuit, _Plan] = WeakKeyDictionary()


def _plan_of(circuit: Circuit) -> _Plan:
    found = _PLANS.get(circuit)
    if found is None:
        layers = lower(circuit)
        plan = _Plan(layers.rows, layers.roots, tuple(_step(group) for group in layers.groups))
        found = _PLANS.setdefault(circuit, plan)
    return found


def _step(group: Group) -> _Step:
    return _Step(
        group.start, group.stop, group.factors, _fold(np.diff(group.factor_offsets)), _fold(group.arities)
    )


def _fold(counts: IntArray) -> _Fold:
    """How to combine groups of so many rows, none empty. Cost: O(rows)."""
    rounds: list[tuple[IntArray, IntArray, IntArray]] = []
    while len(counts) and counts.max() > 1:
        ends = np.cumsum(counts)
        places = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
        left = np.flatnonzero(places % 2 == 0)
        right = np.flatnonzero(places % 2)
        rounds.append((left, np.searchsorted(left, right) - 1, right))
        counts = (counts + 1) // 2
    return _Fold(tuple(rounds))
