"""Circuits by plain arithmetic, node by node. Shares no code with what it checks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from nesy.circuit.circuit import Circuit, NodeKind

Numeric = TypeVar("Numeric", int, float)


def root_values(circuit: Circuit, weights: Sequence[Numeric]) -> list[Numeric]:
    """The circuit's roots at a weight for each input column: integers for integers."""
    values: list[Numeric] = []
    for node in range(circuit.size):
        children = [values[int(c)] for c in circuit.children_of(node)]
        match circuit.kinds[node]:
            case NodeKind.INPUT:
                values.append(weights[int(circuit.columns[node])])
            case NodeKind.SUM:
                values.append(sum(children))
            case NodeKind.PRODUCT:
                values.append(math.prod(children))
            case kind:
                values.append(int(kind == NodeKind.ONE))
    return [values[int(r)] for r in circuit.roots]
