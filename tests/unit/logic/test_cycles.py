from __future__ import annotations

from collections.abc import Sequence
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nesy.errors import SemanticsError
from nesy.logic.components import components
from nesy.logic.cycles import Acyclic
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from tests.unit.logic.graphs import cyclic_graph, least_model, worlds

SIZES = (2, 2, 3)


def unrefused(nodes: Sequence[int]) -> SemanticsError:
    raise AssertionError(f"refused: {nodes}")


def assert_same_truth(graph: Graph, roots: list[Lit], sizes: tuple[int, ...]) -> None:
    acyclic = Acyclic(graph, unrefused)
    rebuilt = acyclic.rebuild(roots)
    for node in range(2, len(acyclic.graph)):
        assert all(abs(c) < node for c in acyclic.graph.children(node))
    for world in worlds(sizes):
        expected = least_model(graph, world)
        renumbered = tuple(world[s] for s in acyclic.symbols)
        found = least_model(acyclic.graph, renumbered)
        found[0] = found[1] = True
        for root, image in zip(roots, rebuilt, strict=True):
            truth = found[image] if image > 0 else not found[-image]
            assert truth == (expected[root] if root > 0 else not expected[-root])


@pytest.mark.parametrize("seed", range(150))
def test_random_cyclic_graphs_mean_their_least_fixpoint(seed: int) -> None:
    graph, declared = cyclic_graph(Random(seed), SIZES)
    assert_same_truth(graph, [*declared, Lit(-declared[0])], SIZES)


def test_the_random_graphs_have_large_components() -> None:
    sizes = []
    for seed in range(150):
        graph, declared = cyclic_graph(Random(seed), SIZES)
        sizes += [len(c) for c in components(graph, declared)]
    assert sum(size >= 6 for size in sizes) >= 20


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=10))
def test_reachability_in_any_graph(edges: set[tuple[int, int]]) -> None:
    """Atom n says that n is reached from 0; each edge may be there or not."""
    graph = Graph()
    atoms = [graph.declare() for _ in range(5)]
    present = {edge: graph.leaf(i, 1) for i, edge in enumerate(sorted(edges))}
    for target, atom in enumerate(atoms):
        proofs = [graph.conjunction([atoms[a], leaf]) for (a, b), leaf in present.items() if b == target]
        graph.define(atom, [TRUE, *proofs] if target == 0 else proofs)
    acyclic = Acyclic(graph, unrefused)
    rebuilt = acyclic.rebuild(atoms)
    assert rebuilt[0] == TRUE
    for world in list(worlds((2,) * len(edges)))[:: max(1, 2 ** len(edges) // 64)]:
        chosen = nx.DiGraph([e for e, there in zip(sorted(edges), world, strict=True) if there])
        chosen.add_node(0)
        reached = {0, *nx.descendants(chosen, 0)}
        found = least_model(acyclic.graph, tuple(world[s] for s in acyclic.symbols))
        for target, image in enumerate(rebuilt):
            assert (image != FALSE and (image == TRUE or found[image])) == (target in reached)


@pytest.mark.parametrize("seed", range(40))
def test_components_are_those_of_networkx_callees_first(seed: int) -> None:
    graph, declared = cyclic_graph(Random(1000 + seed), SIZES)
    roots = declared[:2]
    reached = set(graph.reachable(roots))
    reference = nx.DiGraph((n, abs(c)) for n in reached for c in graph.children(n))
    reference.add_nodes_from(reached)
    found = list(components(graph, roots))
    assert {frozenset(c) for c in found} == {
        frozenset(c) for c in nx.strongly_connected_components(reference)
    }
    assert sum(map(len, found)) == len(reached)
    place = {n: i for i, component in enumerate(found) for n in component}
    assert all(place[abs(c)] <= place[n] for n in reached for c in graph.children(n))


def test_long_chains_and_large_components_need_no_recursion() -> None:
    graph = Graph()
    length = 20_000
    ring = [graph.declare() for _ in range(length)]
    for i, node in enumerate(ring):
        graph.define(node, [ring[(i + 1) % length]])
    graph.define(ring[-1], [ring[0], graph.leaf(0, 1)])
    assert [len(c) for c in components(graph, ring[:1])] == [1, length]
    assert Acyclic(graph, unrefused).rebuild([ring[5]]) == [2]


def test_a_loop_upon_itself_is_false() -> None:
    graph = Graph()
    loop = graph.declare()
    graph.define(loop, [loop])
    assert Acyclic(graph, unrefused).rebuild([loop, Lit(-loop)]) == [FALSE, TRUE]


def test_symbols_are_renumbered_in_the_order_they_are_met() -> None:
    graph = Graph()
    graph.leaf(0, 0)
    used = graph.conjunction([graph.leaf(7, 1), graph.leaf(3, 0)])
    acyclic = Acyclic(graph, unrefused)
    (image,) = acyclic.rebuild([used])
    assert sorted(acyclic.symbols) == [3, 7]
    leaves = [acyclic.graph.args[c] for c in acyclic.graph.children(image)]
    assert {(acyclic.symbols[s], v) for s, v in leaves} == {(7, 1), (3, 0)}
    assert acyclic.reached(used)
    assert not acyclic.reached(graph.leaf(0, 0))
    assert acyclic.literal(-used) == -image


def test_unrolling_is_polynomial() -> None:
    """All paths of a complete graph: their number grows as the factorial, the unrolled graph does not."""
    sizes = []
    for count in (4, 8):
        graph = Graph()
        atoms = [graph.declare() for _ in range(count)]
        for i, atom in enumerate(atoms):
            others = [
                graph.conjunction([atoms[j], graph.leaf(count * i + j, 1)]) for j in range(count) if j != i
            ]
            graph.define(atom, [graph.leaf(count * i + i, 1), *others])
        acyclic = Acyclic(graph, unrefused)
        acyclic.rebuild(atoms)
        sizes.append(len(acyclic.graph))
    assert sizes[1] < 2**5 * sizes[0]


def negative_cycle() -> tuple[Graph, dict[str, Lit]]:
    graph = Graph()
    atoms = {name: graph.declare() for name in "pqrs"}
    coin = graph.leaf(0, 1)
    graph.define(atoms["p"], [graph.conjunction([coin, -atoms["q"]])])
    graph.define(atoms["q"], [atoms["r"]])
    graph.define(atoms["r"], [graph.conjunction([atoms["p"], coin])])
    graph.define(atoms["s"], [coin, atoms["s"]])
    return graph, atoms


def test_a_cycle_through_negation_is_shown() -> None:
    graph, atoms = negative_cycle()
    names: dict[int, str] = {node: name for name, node in atoms.items()}
    shown: list[str] = []

    def refusal(nodes: Sequence[int]) -> SemanticsError:
        shown.extend(names[n] for n in nodes if n in names)
        return SemanticsError("negative-cycle", "shown")

    with pytest.raises(SemanticsError, match="shown"):
        Acyclic(graph, refusal).rebuild([atoms["p"]])
    assert shown == ["q", "r", "p"], "from the negated atom to the one that depends on its negation"


def test_what_is_not_asked_for_may_have_cycles() -> None:
    graph, atoms = negative_cycle()
    (image,) = Acyclic(graph, unrefused).rebuild([atoms["s"]])
    assert image == 2


def test_a_negation_between_components_is_no_cycle() -> None:
    graph = Graph()
    a, b = graph.declare(), graph.declare()
    coin = graph.leaf(0, 1)
    graph.define(a, [a, coin])
    graph.define(b, [b, -a])
    acyclic = Acyclic(graph, unrefused)
    image_a, image_b = acyclic.rebuild([a, b])
    assert image_b == -image_a
    assert acyclic.graph.kinds[image_a] is Kind.LEAF
