"""Cuts wide nodes into trees, so that no single row of a parallel kernel holds up all others."""

from __future__ import annotations

import numpy as np

from nesy.circuit.circuit import Circuit, IntArray
from nesy.circuit.csr import offsets_of


def narrowed(circuit: Circuit, most: int) -> Circuit:
    """The same values at the roots, from nodes of at most so many children (two or more).

    A wider sum or product becomes a tree of its own kind. Cost: O(nodes + edges); at most a node per
    `most - 1` children is added. A circuit without wide nodes is returned as it is.
    """
    wide = np.flatnonzero(np.diff(circuit.offsets) > most)
    if not len(wide):
        return circuit
    # New nodes come right before the node they are part of: children stay before parents.
    trees = {int(n): _tree(circuit.children_of(int(n)), most) for n in wide}
    added = np.zeros(circuit.size, dtype=np.int64)
    added[wide] = [len(trees[int(n)]) - 1 for n in wide]
    place = np.arange(circuit.size) + np.cumsum(added)
    kinds, columns, lines = [], [], []
    for node in range(circuit.size):
        first = int(place[node] - added[node])
        parts = trees.get(node) or [(circuit.children_of(node), np.empty(0, np.int64))]
        for old, new in parts:
            lines.append(np.concatenate([place[old], first + new]))
            kinds.append(circuit.kinds[node])
            columns.append(circuit.columns[node])
    return Circuit(
        kinds=np.array(kinds, dtype=np.int8),
        columns=np.array(columns, dtype=np.int64),
        offsets=offsets_of(np.array([len(line) for line in lines])),
        children=np.concatenate(lines),
        roots=place[circuit.roots],
        domains=circuit.domains,
    )


def _tree(children: IntArray, most: int) -> list[tuple[IntArray, IntArray]]:
    """The nodes of a tree over children, the top one last: (children, nodes of the tree) under each."""
    nothing = np.empty(0, np.int64)
    nodes = [(children[i : i + most], nothing) for i in range(0, len(children), most)]
    first = 0
    while len(nodes) - first > 1:
        last = len(nodes)
        nodes += [(nothing, np.arange(i, min(i + most, last))) for i in range(first, last, most)]
        first = last
    return nodes
