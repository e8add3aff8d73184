"""Whether arrays that come from outside make a circuit at all."""

from __future__ import annotations

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind

WIDEST = 100_000_000
"""Input columns that a circuit from outside may have at most."""


def fault(circuit: Circuit) -> str | None:
    """What is wrong with a circuit's arrays, or None. Cost: O(nodes and edges), in array operations."""
    size, offsets, children = circuit.size, circuit.offsets, circuit.children
    if len(circuit.columns) != size or len(offsets) != size + 1:
        return "the arrays of its nodes differ in length"
    if size and (circuit.kinds.min() < NodeKind.ZERO or circuit.kinds.max() > NodeKind.PRODUCT):
        return "a node is of an unknown kind"
    # Bounds first: differences of arbitrary integers may wrap around.
    bounded = offsets.min() == 0 and offsets.max() == len(children)
    if not bounded or offsets[0] != 0 or offsets[-1] != len(children) or (np.diff(offsets) < 0).any():
        return "the places of its children are out of order"
    counts = np.diff(offsets)
    owner = np.repeat(np.arange(size, dtype=np.int64), counts)
    if len(children) and (children.min() < 0 or (children >= owner).any()):
        return "a child does not come before its parent"
    if counts[circuit.kinds < NodeKind.SUM].any():
        return "an input or constant has children"
    return _fault_at_the_edges(circuit)


def _fault_at_the_edges(circuit: Circuit) -> str | None:
    """What is wrong with the variables, the inputs and the roots."""
    domains, roots = circuit.domains, circuit.roots
    if len(domains) and (domains.min() < 0 or domains.max() > WIDEST or int(domains.sum()) > WIDEST):
        return f"its variables have more than {WIDEST:,} values together, or fewer than none"
    inputs = circuit.columns[circuit.kinds == NodeKind.INPUT]
    if len(inputs) and (inputs.min() < 0 or inputs.max() >= int(domains.sum())):
        return "an input reads a column that is not there"
    if (circuit.columns[circuit.kinds != NodeKind.INPUT] != -1).any():
        return "a node that is no input names a column"
    if len(roots) and (roots.min() < 0 or roots.max() >= circuit.size):
        return "a root is not among the nodes"
    return None
