"""Layered layout: rows, orders, places."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import networkx as nx
import pytest

from nesy.viz import layers
from nesy.viz.coordinates import spaced
from nesy.viz.crossings import ordered
from nesy.viz.drawing import Drawing, Edge, Look, Node
from nesy.viz.layout import GAP, ROW, lay_out

LOOK = Look("box", "box", "blue", "a box")


def random_edges(rng: Random, count: int, edges: int) -> list[tuple[int, int]]:
    return [(rng.randrange(count), rng.randrange(count)) for _ in range(edges)]


@pytest.mark.parametrize("seed", range(20))
def test_cycles_are_broken_by_turning_edges(seed: int) -> None:
    edges = random_edges(Random(seed), 12, 30)
    found = layers.acyclic(12, edges)
    assert nx.is_directed_acyclic_graph(nx.DiGraph(found))
    assert len(found) == len(set(found))
    unordered = {frozenset(e) for e in edges if e[0] != e[1]}
    assert {frozenset(e) for e in found} == unordered


def test_what_has_no_cycle_is_left_as_it_is() -> None:
    edges = [(0, 1), (0, 2), (1, 3), (2, 3), (4, 0)]
    assert set(layers.acyclic(5, edges)) == set(edges)


@pytest.mark.parametrize("seed", range(20))
def test_edges_point_downwards_and_are_short(seed: int) -> None:
    edges = layers.acyclic(15, random_edges(Random(seed), 15, 25))
    row = layers.rows(15, edges)
    assert min(row) == 0
    for source, target in edges:
        assert row[source] > row[target]
    for node in range(15):
        above = [row[s] for s, t in edges if t == node]
        assert not above or row[node] == min(above) - 1


def crossings(rows: list[list[int]], edges: list[tuple[int, int]]) -> int:
    place = {node: (r, i) for r, row in enumerate(rows) for i, node in enumerate(row)}
    total = 0
    for (a, b), (c, d) in combinations(edges, 2):
        if place[a][0] == place[c][0] and place[b][0] == place[d][0]:
            total += (place[a][1] - place[c][1]) * (place[b][1] - place[d][1]) < 0
    return total


@pytest.mark.parametrize("seed", range(10))
def test_rows_are_put_in_an_order_with_fewer_crossings(seed: int) -> None:
    rng = Random(seed)
    rows = [list(range(i * 6, i * 6 + 6)) for i in range(3)]
    edges = [(rng.choice(rows[i + 1]), rng.choice(rows[i])) for i in (0, 1) for _ in range(9)]
    below = [[t for s, t in edges if s == n] for n in range(18)]
    above = [[s for s, t in edges if t == n] for n in range(18)]
    found = ordered(rows, below, above)
    assert [sorted(row) for row in found] == rows
    assert crossings(found, edges) <= crossings(rows, edges)
    assert found == ordered(rows, below, above)


def test_a_tangle_is_undone() -> None:
    below = [[], [], [], [2], [1], [0]]
    above = [[5], [4], [3], [], [], []]
    found = ordered([[0, 1, 2], [3, 4, 5]], below, above)
    assert crossings(found, [(3, 2), (4, 1), (5, 0)]) == 0


@pytest.mark.parametrize("seed", range(20))
def test_places_are_the_nearest_that_keep_their_distances(seed: int) -> None:
    rng = Random(seed)
    wanted = [rng.uniform(0, 10) for _ in range(5)]
    weights = [rng.choice([0.1, 1.0]) for _ in range(5)]
    apart = [rng.uniform(0.5, 3) for _ in range(4)]
    found = spaced(wanted, weights, apart)
    assert all(b - a >= d - 1e-9 for (a, b), d in zip(pairwise(found), apart, strict=True))

    def cost(places: list[float]) -> float:
        return sum(w * (p - x) ** 2 for w, p, x in zip(weights, places, wanted, strict=True))

    for _ in range(300):
        moved = [p + rng.uniform(-0.3, 0.3) for p in found]
        if all(b - a >= d for (a, b), d in zip(pairwise(moved), apart, strict=True)):
            assert cost(moved) >= cost(found) - 1e-9


def graph(count: int, edges: list[tuple[int, int]]) -> Drawing:
    nodes = [Node(f"node {i}", "box") for i in range(count)]
    return Drawing("Title", "note", nodes, [Edge(*e) for e in edges], [LOOK])


@pytest.mark.parametrize("seed", range(10))
def test_boxes_do_not_overlap_and_stay_within(seed: int) -> None:
    layout = lay_out(graph(20, random_edges(Random(seed), 20, 30)))
    for one, other in combinations(layout.boxes, 2):
        apart = abs(one.x - other.x) >= (one.width + other.width) / 2 + GAP - 1e-6
        assert apart or abs(one.y - other.y) >= ROW - 1e-6
    for box in layout.boxes:
        assert box.x - box.width / 2 >= 0
        assert box.x + box.width / 2 <= layout.width
        assert 0 <= box.y <= layout.height


def test_edges_lead_from_node_to_node() -> None:
    drawing = graph(4, [(0, 1), (1, 2), (2, 3), (0, 3), (3, 0), (2, 2)])
    layout = lay_out(drawing)
    for edge, route in zip(drawing.edges, layout.routes, strict=True):
        ends = layout.boxes[edge.source], layout.boxes[edge.target]
        assert (route[0], route[-1]) == ((ends[0].x, ends[0].y), (ends[1].x, ends[1].y))
    # The long edge passes between the nodes of the rows that it crosses.
    assert len(layout.routes[3]) == 4


def test_nothing_and_deep_graphs_have_a_layout() -> None:
    assert lay_out(graph(0, [])).boxes == []
    chain = lay_out(graph(1200, [(i, i + 1) for i in range(1199)]))
    assert chain.boxes[1199].y > chain.boxes[0].y
