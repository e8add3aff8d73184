"""The world that a value comes from, in algebras that choose: traced back from a root to the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import Algebra
from nesy.circuit.circuit import Circuit, IntArray, NodeKind
from nesy.errors import EngineError
from nesy.kernels.reference import node_values
from nesy.kernels.shapes import check_inputs

UNDECIDED = -1
"""The value of a variable that any value serves; of all variables, where there is no world."""


def maximising_worlds(circuit: Circuit, inputs: NDArray[Any], algebra: Algebra, root: int = 0) -> IntArray:
    """The value of each variable in a world whose value is that of a root, for each example: (K, B).

    inputs: (circuit.width, B), as `reference.evaluate` takes them. root: which of the circuit's roots.
    A variable the root does not mention on the way, and all where the root is `zero`, is `UNDECIDED`; the
    pass `Smooth(whole=True)` makes roots mention all. Of worlds that are equally good, that of the first
    children is taken.
    Raises `EngineError` (not-selective) for an algebra whose sums are not one of what they add, and
    `ModelError` (wrong-shape).
    Cost: O(edges * B), two numpy calls per edge; holds two values per node.
    """
    if not algebra.laws.selective or algebra.element_shape:
        raise not_selective(algebra.name)
    check_inputs(circuit.width, inputs.shape)
    values = node_values(circuit, inputs.astype(algebra.dtype), algebra)
    top = int(circuit.roots[root])
    active = np.zeros(values.shape, dtype=np.bool_)
    active[top] = values[top] != algebra.zero
    starts = np.cumsum(circuit.domains) - circuit.domains
    worlds = np.full((len(circuit.domains), inputs.shape[1]), UNDECIDED, dtype=np.int64)
    for node in range(top, -1, -1):
        waiting = active[node]
        if not waiting.any():
            continue
        kind = circuit.kinds[node]
        if kind == NodeKind.INPUT:
            column = circuit.columns[node]
            variable = circuit.variable_of_column[column]
            worlds[variable, waiting] = column - starts[variable]
        for child in circuit.children_of(node):
            chosen = waiting & (values[child] == values[node]) if kind == NodeKind.SUM else waiting
            active[child] |= chosen
            if kind == NodeKind.SUM:
                waiting = waiting & ~chosen
    return worlds


def not_selective(algebra: str) -> EngineError:
    """The error of an algebra whose values come from no single world."""
    return EngineError(
        "not-selective",
        f"values in {algebra!r} come from no single world",
        hint="use an algebra that chooses: max-product, max-log, tropical, max-min, boolean",
    )
