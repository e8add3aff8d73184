"""From a root down to the inputs, one term of each sum: how worlds are read out of a circuit."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

import numpy as np

from nesy.circuit.circuit import Circuit, IntArray
from nesy.circuit.layers import Group, Layers

FREE = -1
"""The value of a variable that a way down does not decide."""

Choice = Callable[[Group, IntArray], IntArray]
"""For some rows of a group, counted in it and perhaps repeated, a term of each, counted in the group too."""


def descend(circuit: Circuit, layers: Layers, root: int, count: int, choose: Choice) -> IntArray:
    """(count, K): the value of each of the K variables on each way down from a row, or `FREE`.

    All ways go down together, a level at a time. Cost: O(the rows that each way visits), and some twenty
    numpy calls for each group that any way visits; holds the rows that wait to be visited.
    """
    ways = _Ways(circuit, layers, count)
    ways.reach(np.arange(count), np.full(count, root, dtype=np.int64))
    for number in range(len(layers.groups) - 1, -1, -1):
        if not ways.waiting[number]:
            continue
        group = layers.groups[number]
        numbers, rows = (np.concatenate(parts) for parts in zip(*ways.waiting[number], strict=True))
        ways.waiting[number] = []
        terms = choose(group, rows - group.start)
        starts = group.factor_offsets[terms]
        counts = group.factor_offsets[terms + 1] - starts
        ends = np.cumsum(counts)
        edges = np.arange(ends[-1]) + np.repeat(starts - ends + counts, counts)
        ways.reach(np.repeat(numbers, counts), group.factors[edges])
    return ways.found


@final
class _Ways:
    """The ways down: what they have decided, and for each group the (way, row) pairs that wait there."""

    def __init__(self, circuit: Circuit, layers: Layers, count: int) -> None:
        self.found = np.full((count, len(circuit.domains)), FREE, dtype=np.int64)
        self.waiting: list[list[tuple[IntArray, IntArray]]] = [[] for _ in layers.groups]
        self._width = layers.width
        self._group_starts = np.array([g.start for g in layers.groups], dtype=np.int64)
        self._variables = circuit.variable_of_column
        self._firsts = np.cumsum(circuit.domains) - circuit.domains

    def reach(self, numbers: IntArray, rows: IntArray) -> None:
        """Decide the inputs among some rows; the others wait for their group."""
        inputs = rows < self._width
        variables = self._variables[rows[inputs]]
        self.found[numbers[inputs], variables] = rows[inputs] - self._firsts[variables]
        inner = rows >= self._width + 2
        if not inner.any():
            return
        numbers, rows = numbers[inner], rows[inner]
        groups = np.searchsorted(self._group_starts, rows, side="right") - 1
        order = np.argsort(groups, kind="stable")
        cuts = np.flatnonzero(np.diff(groups[order])) + 1
        for part in np.split(order, cuts):
            self.waiting[int(groups[part[0]])].append((numbers[part], rows[part]))
