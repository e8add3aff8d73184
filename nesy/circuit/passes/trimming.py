"""Leaves out the nodes that no root reaches: what every rewriting ends with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, IntArray
from nesy.circuit.csr import offsets_of


def trimmed(circuit: Circuit) -> Circuit:
    """The circuit of what the roots reach, in the same order. Cost: O(nodes and edges)."""
    live = reached(circuit)
    if live.all():
        return circuit
    place = np.cumsum(live, dtype=np.int64) - 1
    counts = np.diff(circuit.offsets)
    return Circuit(
        kinds=circuit.kinds[live],
        columns=circuit.columns[live],
        offsets=offsets_of(counts[live]),
        children=place[circuit.children[np.repeat(live, counts)]],
        roots=place[circuit.roots],
        domains=circuit.domains,
    )


def reached(circuit: Circuit) -> NDArray[np.bool_]:
    """(N,): whether a node is a root or below one."""
    live = bytearray(circuit.size)
    for root in circuit.roots.tolist():
        live[root] = 1
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    for node in range(circuit.size - 1, -1, -1):
        if live[node]:
            for child in children[offsets[node] : offsets[node + 1]]:
                live[child] = 1
    return np.frombuffer(live, dtype=np.bool_)


def parents(circuit: Circuit) -> IntArray:
    """(E,): the node that each edge leaves from."""
    return np.repeat(np.arange(circuit.size, dtype=np.int64), np.diff(circuit.offsets))
