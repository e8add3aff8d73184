"""Pruning of what cannot count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.csr import offsets_of
from nesy.circuit.passes.passing import EXACT, NONE, Property
from nesy.circuit.passes.trimming import parents, trimmed


@final
@dataclass(frozen=True, slots=True)
class Prune:
    """Drop branches of sums that are zero, and nodes that no root reaches.

    impossible: input columns whose weight is always zero. The circuit is then right where it is, and only
    there. Smoothness may go where a zero branch alone spoke of a variable. Cost: O(nodes and edges).
    """

    impossible: tuple[int, ...] = ()

    keeps: ClassVar[frozenset[Property]] = EXACT
    gives: ClassVar[frozenset[Property]] = NONE

    def run(self, circuit: Circuit) -> Circuit:
        """The circuit without zero branches; a root that is zero is the constant."""
        zero = self._zeros(circuit)
        kinds = np.where(zero, NodeKind.ZERO, circuit.kinds).astype(np.int8)
        parent = parents(circuit)
        live = ~zero[parent] & ~zero[circuit.children]
        return trimmed(
            replace(
                circuit,
                kinds=kinds,
                columns=np.where(zero, -1, circuit.columns),
                offsets=offsets_of(np.bincount(parent[live], minlength=circuit.size)),
                children=circuit.children[live],
            )
        )

    def _zeros(self, circuit: Circuit) -> NDArray[np.bool_]:
        """(N,): whether a node is zero by the constants and impossible inputs in it."""
        inputs = circuit.kinds == NodeKind.INPUT
        gone = inputs & np.isin(circuit.columns, np.array(self.impossible, dtype=np.int64))
        zero: list[bool] = (gone | (circuit.kinds == NodeKind.ZERO)).tolist()
        kinds, children, offsets = circuit.kinds.tolist(), circuit.children.tolist(), circuit.offsets.tolist()
        for node, kind in enumerate(kinds):
            if kind == NodeKind.SUM:
                zero[node] = all(map(zero.__getitem__, children[offsets[node] : offsets[node + 1]]))
            elif kind == NodeKind.PRODUCT:
                zero[node] = any(map(zero.__getitem__, children[offsets[node] : offsets[node + 1]]))
        return np.array(zero, dtype=np.bool_)
