"""Truth in whole worlds: literals of an AND-OR graph on many assignments at once. Free of torch."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.arrays import Array
from nesy.kernels.threads import Worker, in_parts, threads_for
from nesy.kernels.worlds.levels import LevelEvaluator
from nesy.kernels.worlds.plan import WorldPlan
from nesy.logic.graph import Graph

MANY = 300_000
"""Edges times worlds above which compiled code is faster than array operations, once it is loaded."""

MANY_TO_LOAD = 500_000_000
"""The same where it must be loaded first, which takes half a second."""

_WORD = 64


@final
class WorldEvaluator:
    """Decides literals of an acyclic graph in worlds: prepared once, evaluated often.

    On the CPU many worlds are evaluated by the bit, in compiled code; few of them, and those on other
    devices, by array operations. The answers are the same.
    Cost of preparing: O(nodes and edges reached), for each of the two ways when it is first taken.
    """

    def __init__(self, graph: Graph, literals: Sequence[int]) -> None:
        self._graph = graph
        self._literals = literals

    def evaluate(self, worlds: Array) -> Array:
        """Whether each literal holds in each world.

        worlds: (S, n) integers, a world per row: the index of the value each of the n symbols takes. A numpy
        array or a torch tensor, on any device.
        Returns (literals, S) bool, of the same kind and on the same device.
        Cost: O(edges * S): on one core some 10^11 a second by the bit, some 10^9 by array operations.
        """
        if isinstance(worlds, np.ndarray):
            return self._on_cpu(worlds) if self.by_bits(len(worlds)) else self._levels.evaluate(worlds)
        if worlds.device.type != "cpu" or not self.by_bits(len(worlds)):
            return self._levels.evaluate(worlds)
        return sys.modules["torch"].from_numpy(self._on_cpu(worlds.numpy()))

    def by_bits(self, worlds: int) -> bool:
        """Whether so many worlds on the CPU are evaluated in compiled code."""
        return self.plan.edges * worlds > (MANY if "numba" in sys.modules else MANY_TO_LOAD)

    @cached_property
    def plan(self) -> WorldPlan:
        """The graph in rows of bits."""
        return WorldPlan(self._graph, self._literals)

    @cached_property
    def _levels(self) -> LevelEvaluator:
        return LevelEvaluator(self._graph, self._literals)

    def _on_cpu(self, worlds: NDArray[Any]) -> NDArray[np.bool_]:
        from nesy.kernels.worlds.bits import fill_literals  # noqa: PLC0415 - loads numba

        plan, words, rows = self.plan, -(-len(worlds) // _WORD), as_rows(worlds)
        found = np.empty((len(plan.literals), words), np.uint64)

        def worker() -> Worker:
            return lambda first, last: fill_literals(plan.layout, plan.literals, rows, (first, last), found)

        in_parts(worker, words, threads_for(plan.edges * words))
        bits = np.unpackbits(found.view(np.uint8), axis=1, count=len(worlds), bitorder="little")
        return bits.view(np.bool_)


def as_rows(worlds: NDArray[Any]) -> NDArray[np.int64]:
    """Worlds as compiled code takes them: there is one version of it. Cost: a copy, where they are not so."""
    return np.ascontiguousarray(worlds, dtype=np.int64)


def evaluate_worlds(graph: Graph, literals: Sequence[int], worlds: Array) -> Array:
    """Whether literals hold in worlds: `WorldEvaluator` for a single use. (S, n) to (literals, S) bool.

    Cost: O(edges * S), and O(edges) to lay the graph out.
    """
    return WorldEvaluator(graph, literals).evaluate(worlds)
