"""What makes a circuit's values right: decomposable products, smooth and deterministic sums.

Each is checked, not assumed. Decomposability and smoothness are decided exactly; determinism is proved
(see `nesy.circuit.exclusion`): yes is certain, no means that no proof was found.
"""

from __future__ import annotations

from typing import final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.exclusion import Exclusion


@final
class BrokenCircuitError(AssertionError):
    """A circuit lacks a property it was built to have: a defect of whoever built it, not of the user.

    node: the node where it fails.
    """

    def __init__(self, circuit: Circuit, node: int, fault: str) -> None:
        self.node = node
        children = circuit.children_of(node).tolist()
        shown = f"{children[:10]}{'...' if len(children) > 10 else ''}"
        super().__init__(
            f"{NodeKind(circuit.kinds[node]).name} node {node} {fault}; its children are {shown}"
        )


def is_decomposable(circuit: Circuit) -> bool:
    """Whether the children of every product speak of disjoint variables. Exact.

    Cost: O(edges * K / 64) for K variables.
    """
    return _first_entangled(circuit, supports(circuit)) is None


def is_smooth(circuit: Circuit) -> bool:
    """Whether the children of every sum speak of the same variables. Exact.

    Nodes that are zero by the constants in them speak of none and are let pass. Cost: as `is_decomposable`.
    """
    return _first_rough(circuit, supports(circuit)) is None


def is_deterministic(circuit: Circuit) -> bool:
    """Whether the children of every sum are proved to exclude one another.

    Sound: yes is never wrong. Complete where the children differ on the value of a variable, or on a
    node below that excludes another by the same rule; no elsewhere. Cost: about linear in edges * K / 64
    where single variables tell the children apart, at worst quadratic in nodes, and bounded.
    """
    return _first_overlap(circuit, supports(circuit)) is None


def verify(circuit: Circuit, *, deterministic: bool = True, smooth: bool = False) -> None:
    """Raise `BrokenCircuitError` unless the circuit is decomposable and has the properties asked for.

    Cost: that of the checks asked for; decomposability alone is linear.
    """
    variables = supports(circuit)
    node = _first_entangled(circuit, variables)
    if node is not None:
        raise BrokenCircuitError(circuit, node, "multiplies children that share a variable")
    node = _first_rough(circuit, variables) if smooth else None
    if node is not None:
        raise BrokenCircuitError(circuit, node, "adds children over different variables")
    node = _first_overlap(circuit, variables) if deterministic else None
    if node is not None:
        raise BrokenCircuitError(circuit, node, "adds children not proved to exclude one another")


def supports(circuit: Circuit) -> list[int]:
    """The variables below each node: bit v of entry n is set where node n depends on variable v.

    Cost: O(edges * K / 64) for K variables.
    """
    variables = circuit.variable_of_column.tolist()
    children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
    columns = circuit.columns.tolist()
    result: list[int] = []
    for node, kind in enumerate(circuit.kinds.tolist()):
        below = 1 << variables[columns[node]] if kind == NodeKind.INPUT else 0
        for child in children[offsets[node] : offsets[node + 1]]:
            below |= result[child]
        result.append(below)
    return result


def _first_entangled(circuit: Circuit, variables: list[int]) -> int | None:
    for node in np.flatnonzero(circuit.kinds == NodeKind.PRODUCT).tolist():
        seen = 0
        for child in circuit.children_of(node).tolist():
            if seen & variables[child]:
                return int(node)
            seen |= variables[child]
    return None


def _first_rough(circuit: Circuit, variables: list[int]) -> int | None:
    zero = _zeros(circuit)
    for node in np.flatnonzero(circuit.kinds == NodeKind.SUM).tolist():
        if len({variables[c] for c in circuit.children_of(node).tolist() if not zero[c]}) > 1:
            return int(node)
    return None


def _zeros(circuit: Circuit) -> list[bool]:
    """Whether each node is zero by the constants in it."""
    zero: list[bool] = (circuit.kinds == NodeKind.ZERO).tolist()
    for node in range(circuit.size):
        children = circuit.children_of(node).tolist()
        if circuit.kinds[node] == NodeKind.SUM:
            zero[node] = all(zero[c] for c in children)
        elif circuit.kinds[node] == NodeKind.PRODUCT:
            zero[node] = any(zero[c] for c in children)
    return zero


def _first_overlap(circuit: Circuit, variables: list[int]) -> int | None:
    exclusion = Exclusion(circuit, variables)
    for node in np.flatnonzero(circuit.kinds == NodeKind.SUM).tolist():
        if not exclusion.among(circuit.children_of(node).tolist()):
            return int(node)
    return None
