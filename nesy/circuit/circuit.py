"""The circuit: a directed acyclic graph of sums and products over weighted inputs, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


class NodeKind(IntEnum):
    """What a circuit node computes. ZERO and ONE are the algebra's constants."""

    ZERO = 0
    ONE = 1
    INPUT = 2
    SUM = 3
    PRODUCT = 4


@final
@dataclass(frozen=True, eq=False)
class Circuit:
    """N nodes in topological order (children before parents), as flat arrays.

    kinds: (N,) int8, a `NodeKind` each.
    columns: (N,) int64, the input column of an INPUT node, -1 elsewhere.
    offsets, children: CSR; the children of node n are `children[offsets[n]:offsets[n + 1]]`.
    roots: (R,) int64, the nodes whose values are asked for.
    domains: (K,) int64, the number of values of each variable. The variables are the symbols,
    then the outputs whose indicators are inputs; the input columns are their values side by side.
    """

    kinds: NDArray[np.int8]
    columns: IntArray
    offsets: IntArray
    children: IntArray
    roots: IntArray
    domains: IntArray

    @property
    def size(self) -> int:
        """The number of nodes."""
        return len(self.kinds)

    @property
    def edges(self) -> int:
        """The number of edges."""
        return len(self.children)

    @cached_property
    def width(self) -> int:
        """The number of input columns: the values of all variables."""
        return int(self.domains.sum())

    @cached_property
    def variable_of_column(self) -> IntArray:
        """(width,): the variable each input column belongs to."""
        return np.repeat(np.arange(len(self.domains), dtype=np.int64), self.domains)

    def children_of(self, node: int) -> IntArray:
        """The children of one node."""
        return self.children[self.offsets[node] : self.offsets[node + 1]]
