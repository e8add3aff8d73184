"""The values of a circuit in Python's own numbers: exact integers and fractions of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nesy.circuit.circuit import Circuit, NodeKind


def exact_values(circuit: Circuit, weights: Sequence[int]) -> list[int]:
    """The roots' values from one weight for each input column; nothing is rounded.

    A variable that a branch leaves out counts 1: smooth the circuit first where weights do not sum to 1.
    Cost: O(edges) operations on integers as long as the values are.
    """
    if len(weights) != circuit.width:
        raise ValueError(f"{circuit.width} input columns need as many weights, not {len(weights)}")
    values: list[int] = []
    columns = circuit.columns.tolist()
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    for node, kind in enumerate(circuit.kinds.tolist()):
        below = [values[c] for c in children[offsets[node] : offsets[node + 1]]]
        if kind == NodeKind.INPUT:
            values.append(weights[columns[node]])
        elif kind in (NodeKind.SUM, NodeKind.ZERO):
            values.append(sum(below))
        else:
            values.append(math.prod(below))
    return [values[r] for r in circuit.roots.tolist()]
