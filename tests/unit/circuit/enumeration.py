"""The properties of small circuits by definition, world by world. Shares no code with what it checks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from nesy.circuit.circuit import Circuit, NodeKind


def worlds(circuit: Circuit) -> Iterator[tuple[int, ...]]:
    """Every assignment of a value to each variable."""
    return product(*(range(int(size)) for size in circuit.domains))


def truth(circuit: Circuit, world: tuple[int, ...]) -> list[bool]:
    """Which nodes hold in a world."""
    starts = [sum(int(d) for d in circuit.domains[:v]) for v in range(len(circuit.domains))]
    true_columns = {start + value for start, value in zip(starts, world, strict=True)}
    result: list[bool] = []
    for node in range(circuit.size):
        children = [result[int(c)] for c in circuit.children_of(node)]
        match circuit.kinds[node]:
            case NodeKind.ZERO:
                result.append(False)
            case NodeKind.ONE:
                result.append(True)
            case NodeKind.INPUT:
                result.append(int(circuit.columns[node]) in true_columns)
            case NodeKind.SUM:
                result.append(any(children))
            case _:
                result.append(all(children))
    return result


def is_deterministic(circuit: Circuit) -> bool:
    """Whether in no world two children of a sum hold."""
    for world in worlds(circuit):
        holds = truth(circuit, world)
        for node in range(circuit.size):
            if (
                circuit.kinds[node] == NodeKind.SUM
                and sum(holds[int(c)] for c in circuit.children_of(node)) > 1
            ):
                return False
    return True


def scopes(circuit: Circuit) -> list[set[int]]:
    """The variables of the inputs below each node."""
    owner = [v for v, size in enumerate(circuit.domains) for _ in range(int(size))]
    result: list[set[int]] = []
    for node in range(circuit.size):
        if circuit.kinds[node] == NodeKind.INPUT:
            result.append({owner[int(circuit.columns[node])]})
        else:
            result.append(set().union(*(result[int(c)] for c in circuit.children_of(node))))
    return result


def is_decomposable(circuit: Circuit) -> bool:
    """Whether no two children of a product share a variable."""
    scope = scopes(circuit)
    return all(
        len(scope[node]) == sum(len(scope[int(c)]) for c in circuit.children_of(node))
        for node in range(circuit.size)
        if circuit.kinds[node] == NodeKind.PRODUCT
    )


def is_smooth(circuit: Circuit) -> bool:
    """Whether all children of each sum have the same variables (no node is a constant zero)."""
    scope = scopes(circuit)
    return all(
        scope[int(child)] == scope[node]
        for node in range(circuit.size)
        if circuit.kinds[node] == NodeKind.SUM
        for child in circuit.children_of(node)
    )
