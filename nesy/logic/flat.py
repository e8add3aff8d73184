"""An AND-OR graph as three arrays, for graphs of millions of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final, overload

import numpy as np
from numpy.typing import NDArray

from nesy.logic.counts import Count
from nesy.logic.graph import Kind


@final
@dataclass(frozen=True)
class FlatGraph:
    """The nodes of a `Graph`, made all at once; read the same way, node by node.

    tags: (n,) int8, the `Kind` of each node; index 0 is unused and node 1 is TRUE.
    offsets: (n + 1,) int64; literals: (e,) int64. The args of node i are
    `literals[offsets[i]:offsets[i + 1]]`: for a LEAF its symbol and value, else child literals.
    Memory: 9 bytes a node and 8 an edge.
    """

    tags: NDArray[np.int8]
    offsets: NDArray[np.int64]
    literals: NDArray[np.int64]

    def __len__(self) -> int:
        """One more than the highest node."""
        return len(self.tags)

    @property
    def counts(self) -> Mapping[int, Count]:
        """None: what makes these graphs makes no counts. See `Graph.counts`."""
        return {}

    @property
    def nbytes(self) -> int:
        """The bytes its arrays take."""
        return self.tags.nbytes + self.offsets.nbytes + self.literals.nbytes

    @cached_property
    def kinds(self) -> list[Kind]:
        """The kind of each node, for reading node by node."""
        every = tuple(Kind)
        return [every[t] for t in self.tags.tolist()]

    @cached_property
    def args(self) -> Sequence[tuple[int, ...]]:
        """The args of each node, for reading node by node."""
        return _Rows(self.offsets.tolist(), self.literals.tolist())

    def extended(self, disjunctions: Sequence[Sequence[int]]) -> FlatGraph:
        """The graph with some OR nodes more, after its own."""
        if not disjunctions:
            return self
        sizes = np.array([len(d) for d in disjunctions], np.int64)
        return FlatGraph(
            np.append(self.tags, np.full(len(sizes), Kind.OR, np.int8)),
            np.append(self.offsets, self.offsets[-1] + np.cumsum(sizes)),
            np.append(self.literals, np.array([x for d in disjunctions for x in d], np.int64)),
        )

    def children(self, node: int) -> tuple[int, ...]:
        """The literals below a node; none below TRUE and leaves."""
        return () if self.kinds[node] in (Kind.LEAF, Kind.TRUE) else self.args[node]


@final
class _Rows(Sequence[tuple[int, ...]]):
    """Slices of one list, each made when it is looked at."""

    __slots__ = ("_offsets", "_values")

    def __init__(self, offsets: list[int], values: list[int]) -> None:
        self._offsets = offsets
        self._values = values

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> tuple[int, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> list[tuple[int, ...]]: ...
    def __getitem__(self, index: int | slice) -> tuple[int, ...] | list[tuple[int, ...]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return tuple(self._values[self._offsets[index] : self._offsets[index + 1]])

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return (self[i] for i in range(len(self)))
