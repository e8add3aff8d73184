"""Random formulas and cyclic graphs for the tests of this folder, and what is true in each world."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from nesy.logic.graph import Graph, Kind, Lit

World = tuple[int, ...]


def worlds(sizes: tuple[int, ...]) -> Iterator[World]:
    return product(*map(range, sizes))


def least_model(graph: Graph, world: World) -> list[bool]:
    """The truth of every node of a graph without negated edges on cycles: iterate until nothing changes."""
    truth = [False] * len(graph)
    changed = True
    while changed:
        changed = False
        for node in range(1, len(graph)):
            if not truth[node] and _holds(graph, node, truth, world):
                truth[node] = changed = True
    return truth


def _holds(graph: Graph, node: int, truth: list[bool], world: World) -> bool:
    kind, args = graph.kinds[node], graph.args[node]
    if kind is Kind.LEAF:
        return world[args[0]] == args[1]
    below = [truth[c] if c > 0 else not truth[-c] for c in args]
    return any(below) if kind is Kind.OR else all(below)


def cyclic_graph(rng: Random, sizes: tuple[int, ...]) -> tuple[Graph, list[Lit]]:
    """Declared nodes that depend on leaves, on one another's, and on conjunctions of both."""
    graph = Graph()
    leaves = [graph.leaf(s, v) for s, size in enumerate(sizes) for v in range(size)]
    declared = [graph.declare() for _ in range(rng.randint(2, 7))]
    for node in declared:
        proofs = []
        for _ in range(rng.randint(0, 3)):
            body: list[int] = rng.choices(declared, k=rng.randint(0, 2))
            body += [x * rng.choice([1, -1]) for x in rng.choices(leaves, k=rng.randint(0, 2))]
            if body:
                proofs.append(graph.conjunction(body))
        graph.define(node, proofs)
    return graph, declared
