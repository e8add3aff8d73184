"""Flattening."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.csr import offsets_of
from nesy.circuit.passes.passing import EVERY, NONE, Property
from nesy.circuit.passes.trimming import parents, trimmed


@final
@dataclass(frozen=True, slots=True)
class Flatten:
    """Merge sums into sums and products into products, where nobody else reads the inner one.

    So no edge is ever copied: edges and nodes both become fewer. Cost: O((nodes + edges) log(depth)), in
    array operations.
    """

    keeps: ClassVar[frozenset[Property]] = EVERY
    gives: ClassVar[frozenset[Property]] = NONE

    def run(self, circuit: Circuit) -> Circuit:
        """The circuit in which no node has a private child of its own kind."""
        circuit = trimmed(circuit)
        parent = parents(circuit)
        reads = np.bincount(circuit.children, minlength=circuit.size)
        reads += np.bincount(circuit.roots, minlength=circuit.size)
        reader = np.arange(circuit.size, dtype=np.int64)
        reader[circuit.children] = parent
        inner = (circuit.kinds >= NodeKind.SUM) & (reads == 1) & (circuit.kinds == circuit.kinds[reader])
        inner[circuit.roots] = False
        owner = np.where(inner, reader, np.arange(circuit.size))
        while inner[owner].any():
            owner = owner[owner]
        kept = ~inner[circuit.children]
        source = owner[parent[kept]]
        order = np.argsort(source, kind="stable")
        return trimmed(
            replace(
                circuit,
                offsets=offsets_of(np.bincount(source, minlength=circuit.size)),
                children=circuit.children[kept][order],
            )
        )
