"""Linear components: their size, and the order they are eliminated in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from random import Random

import networkx as nx
import pytest

from nesy.errors import SemanticsError
from nesy.logic.cycles import Acyclic
from nesy.logic.elimination_order import by_fewest_neighbours, elimination_order, sweep
from nesy.logic.graph import TRUE, Graph, Lit
from tests.unit.logic.graphs import least_model

Pair = tuple[int, int]

PER_NODE = 60
"""More nodes and edges than a component of width 3 gives for each of its atoms."""


def unrefused(nodes: Sequence[int]) -> SemanticsError:
    raise AssertionError(f"refused: {nodes}")


def reachability(
    edges: Sequence[Pair], nodes: int, *, transitive: bool = False
) -> tuple[Graph, dict[Pair, Lit]]:
    """Atom (0, n) says that n is reached from 0; or atom (a, b), by two shorter ways, that b is from a.

    Edge i holds where symbol i has value 1.
    """
    graph = Graph()
    starts = range(nodes) if transitive else [0]
    atoms = {pair: graph.declare() for pair in product(starts, range(nodes))}
    leaves = {edge: graph.leaf(i, 1) for i, edge in enumerate(edges)}
    for (a, b), atom in atoms.items():
        if transitive:
            direct = [leaves[a, b]] if (a, b) in leaves else []
            steps = [[atoms[a, c], atoms[c, b]] for c in range(nodes)]
        else:
            direct = [TRUE] if b == 0 else []
            steps = [[atoms[a, c], leaf] for (c, d), leaf in leaves.items() if d == b]
        graph.define(atom, [*direct, *map(graph.conjunction, steps)])
    return graph, atoms


def both_ways(graph: nx.Graph) -> list[Pair]:
    return [(a, b) for a, b in graph.edges] + [(b, a) for a, b in graph.edges]


def size(graph: Graph, roots: Iterable[Lit]) -> int:
    acyclic = Acyclic(graph, unrefused)
    images = acyclic.rebuild(list(roots))
    return sum(1 + len(acyclic.graph.children(n)) for n in acyclic.graph.reachable(images))


@pytest.mark.parametrize("transitive", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_reachability_by_one_step_or_by_two_ways(seed: int, transitive: bool) -> None:
    """By two ways the rules are not linear: the component is unrolled."""
    rng = Random(seed)
    nodes = rng.randint(3, 5)
    pairs = [p for p in product(range(nodes), repeat=2) if p[0] != p[1]]
    edges = rng.sample(pairs, rng.randint(nodes, min(9, len(pairs))))
    graph, atoms = reachability(edges, nodes, transitive=transitive)
    acyclic = Acyclic(graph, unrefused)
    acyclic.rebuild(list(atoms.values()))
    for _ in range(12):
        world = tuple(rng.randrange(2) for _ in edges)
        present = nx.DiGraph([e for e, there in zip(edges, world, strict=True) if there])
        present.add_nodes_from(range(nodes))
        truth = least_model(acyclic.graph, tuple(world[s] for s in acyclic.symbols))
        truth[1] = True
        for (a, b), atom in atoms.items():
            ways = nx.has_path(present, a, b) if a != b or not transitive else _on_cycle(present, a)
            image = acyclic.literal(atom)
            assert (truth[image] if image > 0 else not truth[-image]) == ways


def _on_cycle(graph: nx.DiGraph, node: int) -> bool:
    return any(nx.has_path(graph, after, node) for after in graph.successors(node))


@pytest.mark.parametrize(
    "shape",
    [
        nx.path_graph,
        nx.cycle_graph,
        lambda n: nx.ladder_graph(n // 2),
        lambda n: nx.random_labeled_tree(n, seed=1),
        lambda n: nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, n // 3)),
    ],
    ids=["path", "cycle", "ladder", "tree", "strip"],
)
@pytest.mark.parametrize("every", [False, True], ids=["one", "all"])
def test_components_of_bounded_width_stay_linear(shape, every: bool) -> None:  # type: ignore[no-untyped-def]
    sizes = []
    for count in (60, 120, 240):
        edges = both_ways(shape(count))
        graph, atoms = reachability(edges, count)
        sizes.append(size(graph, atoms.values() if every else [atoms[0, count - 1]]))
    assert sizes[2] < 2.5 * max(sizes[1], 60)
    assert sizes[2] < PER_NODE * 240


def test_what_is_asked_of_a_component_is_all_that_is_built() -> None:
    """On a one-way ring, nodes before the asked one matter; those after it do not."""
    count = 400
    ring = [(i, (i + 1) % count) for i in range(count)]
    graph, atoms = reachability(ring, count)
    assert size(graph, [atoms[0, 5]]) < 40
    assert size(graph, [atoms[0, count - 1]]) > count


def test_a_dense_component_is_polynomial() -> None:
    """Wider than fronts are closed: still no more than a constant times nodes times edges."""
    for count in (10, 30):
        edges = [(a, b) for a, b in product(range(count), repeat=2) if a != b]
        graph, atoms = reachability(edges, count)
        assert size(graph, [atoms[0, count - 1]]) < 20 * count * len(edges)


@pytest.mark.parametrize("side", [3, 4, 5])
def test_names_and_order_leave_a_grid_the_same_size(side: int) -> None:
    rng = Random(side)
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
    sizes = set()
    for _ in range(5):
        # Node 0 stays the start; all others, and the edges, are drawn in another order.
        others = rng.sample(range(1, side * side), side * side - 1)
        names = dict(enumerate([0, *others]))
        edges = [(names[a], names[b]) for a, b in grid.edges]
        rng.shuffle(edges)
        steps = [pair for a, b in edges for pair in rng.sample([(a, b), (b, a)], 2)]
        graph, atoms = reachability(steps, side * side)
        sizes.add(size(graph, [atoms[0, names[side * side - 1]]]))
    assert max(sizes) < 1.1 * min(sizes)


def around(graph: nx.Graph) -> dict[int, list[int]]:
    return {n: list(graph.neighbors(n)) for n in graph}


def test_a_sweep_over_a_grid_is_as_narrow_as_the_grid() -> None:
    for side in (4, 7):
        grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
        order = sweep(around(grid), [0], 10**6)
        assert order is not None
        assert sorted(order.nodes) == list(grid)
        assert order.nodes[-1] == 0
        assert order.width <= side + 1


def test_trees_are_eliminated_from_their_leaves() -> None:
    tree = nx.balanced_tree(2, 7)
    order = elimination_order(around(tree), [0], 10**6)
    assert order is not None
    assert order.width == 1
    assert order.nodes[-1] == 0


def test_an_order_beyond_its_budget_is_given_up() -> None:
    complete = around(nx.complete_graph(12))
    assert by_fewest_neighbours(complete, [0], 100) is None
    assert sweep(complete, [0], 100) is None
    assert elimination_order(complete, [0], 100) is None
    full = elimination_order(complete, [0], 10**4)
    assert full is not None
    assert full.fill == sum(k * k for k in range(12))
