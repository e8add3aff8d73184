"""Truth in worlds by array operations, a level of the graph at a time: numpy, and torch on any device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.kernels.arrays import Array, namespace
from nesy.kernels.buckets import buckets_of
from nesy.logic.graph import Graph, Kind


@final
@dataclass(frozen=True, eq=False)
class _Step:
    """Rows `start` to `stop`: row `start + i` is the conjunction of the rows in `parts[i]`."""

    start: int
    stop: int
    parts: Array


@final
class LevelEvaluator:
    """Decides literals of an acyclic graph in worlds: the reference, and what serves other devices.

    Row r of a buffer holds a node's truth in every world, and row `rows + r` its negation. A disjunction
    is the negation of a conjunction of negations, so there is but one operation.
    Cost of preparing: O(nodes and edges reached).
    """

    def __init__(self, graph: Graph, literals: Sequence[int]) -> None:
        nodes = list(graph.reachable(literals))
        levels = _levels(graph, nodes)
        order = sorted(nodes, key=lambda n: (levels[n], len(graph.children(n))))
        # Row 0 is true, whether the graph is asked for it or not: it pads lines of fewer parts.
        order = [1, *(n for n in order if n != 1)]
        self._rows = len(order)
        rows = {node: row for row, node in enumerate(order)}
        leaves = [n for n in order if graph.kinds[n] == Kind.LEAF]
        self._symbols = np.array([graph.args[n][0] for n in leaves], dtype=np.int64)
        self._values = np.array([graph.args[n][1] for n in leaves], dtype=np.int64)
        self._leaf_rows = np.array([rows[n] for n in leaves], dtype=np.int64)
        self._steps = tuple(self._plan(graph, order, levels, rows))
        self._roots = np.array([self._row(graph, rows, x) for x in literals], dtype=np.int64)
        self._placed: dict[Any, tuple[Any, ...]] = {}

    def evaluate(self, worlds: Array) -> Array:
        """Whether each literal holds in each world.

        worlds: (S, n) integers, a world per row: the index of the value each of the n symbols takes. A numpy
        array or a torch tensor, on any device.
        Returns (literals, S) bool, of the same kind and on the same device.
        Cost: O(edges * S), a few array operations per level; holds 2 * S bits of truth (as bytes) per node.
        """
        xp = namespace(worlds)
        symbols, values, leaf_rows, steps, roots = self._on(worlds)
        truth = _empty(worlds, (2 * self._rows, worlds.shape[0]))
        self._fill(truth, slice(0, 1), xp.ones_like(truth[:1]))
        if len(leaf_rows):
            first, last = int(self._leaf_rows[0]), int(self._leaf_rows[-1]) + 1
            self._fill(truth, slice(first, last), worlds.T[symbols] == values[:, None])
        for step in steps:
            self._fill(truth, slice(step.start, step.stop), _conjunction(truth, step.parts))
        return truth[roots]

    def _fill(self, truth: Array, rows: slice, values: Array) -> None:
        truth[rows] = values
        truth[rows.start + self._rows : rows.stop + self._rows] = ~values

    def _row(self, graph: Graph, rows: dict[int, int], literal: int) -> int:
        """The row that holds a literal. That of an OR node holds its negation."""
        negated = (literal < 0) != (graph.kinds[abs(literal)] == Kind.OR)
        return rows[abs(literal)] + (self._rows if negated else 0)

    def _plan(
        self, graph: Graph, order: Sequence[int], levels: dict[int, int], rows: dict[int, int]
    ) -> Iterator[_Step]:
        inner = [n for n in order if graph.kinds[n] in (Kind.AND, Kind.OR)]
        by_level: dict[int, list[int]] = {}
        for node in inner:
            by_level.setdefault(levels[node], []).append(node)
        for _, nodes in sorted(by_level.items()):
            for first, last, arity in buckets_of(np.array([len(graph.children(n)) for n in nodes])):
                parts = np.zeros((last - first, arity), dtype=np.int64)
                for line, node in zip(parts, nodes[first:last], strict=True):
                    sign = -1 if graph.kinds[node] == Kind.OR else 1
                    children = graph.children(node)
                    line[: len(children)] = [self._row(graph, rows, sign * c) for c in children]
                start = rows[nodes[first]]
                yield _Step(start, start + last - first, parts)

    def _on(self, worlds: Array) -> tuple[Any, ...]:
        """The index arrays in the kind and on the device of worlds; kept for the next time."""
        key = None if isinstance(worlds, np.ndarray) else worlds.device
        if key not in self._placed:
            steps = tuple(_Step(s.start, s.stop, _place(s.parts, key)) for s in self._steps)
            arrays = (self._symbols, self._values, self._leaf_rows)
            self._placed[key] = (*(_place(a, key) for a in arrays), steps, _place(self._roots, key))
        return self._placed[key]


def _conjunction(truth: Array, parts: Array) -> Array:
    """(nodes, S): whether all rows in each line of parts hold.

    One operation per column of parts: ten times faster in torch than reducing a third axis.
    """
    # Row 0 is true, so a node without children starts, and stays, true.
    holds = truth[parts[:, 0] if parts.shape[1] else parts.sum(1)]
    for column in range(1, parts.shape[1]):
        holds &= truth[parts[:, column]]
    return holds


def _levels(graph: Graph, nodes: Sequence[int]) -> dict[int, int]:
    """-1 for TRUE, 0 for leaves, else one more than the highest child, so at least 1."""
    levels: dict[int, int] = {}
    for node in nodes:
        children = [levels[abs(c)] for c in graph.children(node)]
        base = {Kind.TRUE: -1, Kind.LEAF: 0}.get(graph.kinds[node], 1)
        levels[node] = max(base, 1 + max(children, default=-1))
    return levels


def _place(indices: IntArray, device: Any) -> Array:
    if device is None:
        return indices
    # The device of a tensor: torch is loaded.
    torch = namespace(device)
    return torch.from_numpy(indices).to(device)


def _empty(worlds: Array, shape: tuple[int, int]) -> Array:
    if isinstance(worlds, np.ndarray):
        return np.empty(shape, dtype=np.bool_)
    return worlds.new_empty(shape, dtype=namespace(worlds).bool)
