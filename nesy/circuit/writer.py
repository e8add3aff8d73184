"""Writes a circuit node by node, just as told: for rewritings and for files, where passes tidy up after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, NodeKind


@final
class CircuitWriter:
    """Nodes appended one after the other, children first. Only inputs are shared; nothing is simplified."""

    __slots__ = ("_children", "_columns", "_inputs", "_offsets", "kinds")

    def __init__(self) -> None:
        self.kinds: list[int] = []
        """The kind of each node so far."""
        self._columns: list[int] = []
        self._children: list[int] = []
        self._offsets = [0]
        self._inputs: dict[int, int] = {}

    def input(self, column: int) -> int:
        """The node of an input column."""
        found = self._inputs.get(column)
        if found is None:
            found = self._inputs[column] = self._append(NodeKind.INPUT, (), column)
        return found

    def node(self, kind: int, children: Sequence[int] = ()) -> int:
        """A new node that is no input."""
        return self._append(kind, children, -1)

    def circuit(self, roots: Sequence[int], domains: Sequence[int] | NDArray[np.int64]) -> Circuit:
        """All nodes as a circuit."""
        return Circuit(
            kinds=np.array(self.kinds, dtype=np.int8),
            columns=np.array(self._columns, dtype=np.int64),
            offsets=np.array(self._offsets, dtype=np.int64),
            children=np.array(self._children, dtype=np.int64),
            roots=np.array(roots, dtype=np.int64),
            domains=np.array(domains, dtype=np.int64),
        )

    def _append(self, kind: int, children: Sequence[int], column: int) -> int:
        self.kinds.append(kind)
        self._columns.append(column)
        self._children += children
        self._offsets.append(len(self._children))
        return len(self.kinds) - 1
