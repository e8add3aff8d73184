"""The cut of a component leaves no cycle, and stays small where a small one exists."""

from __future__ import annotations

from random import Random

import networkx as nx
import pytest

from nesy.logic.components import components
from nesy.logic.cut import cut_order
from nesy.logic.graph import Graph
from tests.unit.logic.graphs import cyclic_graph


def of_edges(edges: nx.DiGraph) -> tuple[Graph, list[int]]:
    graph = Graph()
    nodes = {n: graph.declare() for n in edges}
    for n, node in nodes.items():
        graph.define(node, [nodes[m] for m in edges.successors(n)])
    return graph, list(nodes.values())


@pytest.mark.parametrize("seed", range(60))
def test_without_the_cut_children_come_first(seed: int) -> None:
    graph, declared = cyclic_graph(Random(seed), (2, 2, 3))
    for component in components(graph, declared):
        inside = set(component)
        order, cut = cut_order(graph, component, inside)
        assert sorted(order) == sorted(component)
        place = {node: i for i, node in enumerate(order)}
        for node in component:
            for child in graph.children(node):
                assert child not in inside or child in cut or place[child] < place[node]


def test_a_hub_is_all_that_is_cut() -> None:
    edges = nx.DiGraph([(0, i) for i in range(1, 30)] + [(i, 0) for i in range(1, 30)])
    nx.add_path(edges, range(1, 30))
    graph, nodes = of_edges(edges)
    assert cut_order(graph, nodes, set(nodes))[1] == [nodes[0]]


def test_two_rings_that_meet_are_cut_in_one_place() -> None:
    edges = nx.DiGraph()
    nx.add_cycle(edges, [0, *range(1, 20)])
    nx.add_cycle(edges, [0, *range(20, 40)])
    graph, nodes = of_edges(edges)
    assert len(cut_order(graph, nodes, set(nodes))[1]) == 1


def test_a_loop_upon_itself_is_cut() -> None:
    edges = nx.DiGraph([(0, 0), (0, 1), (1, 0)])
    graph, nodes = of_edges(edges)
    assert cut_order(graph, nodes, set(nodes))[1] == [nodes[0]]
