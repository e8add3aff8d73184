from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from tests.unit.logic.graphs import World, least_model, worlds

SIZES = (2, 3, 2)


@dataclass(frozen=True)
class Formula:
    """A formula as Python sees it: how to build its node, and when it is true."""

    build: Callable[[Graph], int]
    true: Callable[[World], bool]


def _leaf(place: tuple[int, int]) -> Formula:
    symbol, value = place
    return Formula(lambda g: g.leaf(symbol, value), lambda w: w[symbol] == value)


def _gates(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(inner, max_size=4)
    return st.one_of(
        inner.map(lambda f: Formula(lambda g: -f.build(g), lambda w: not f.true(w))),
        several.map(
            lambda fs: Formula(
                lambda g: g.conjunction(f.build(g) for f in fs), lambda w: all(f.true(w) for f in fs)
            )
        ),
        several.map(
            lambda fs: Formula(
                lambda g: g.disjunction(f.build(g) for f in fs), lambda w: any(f.true(w) for f in fs)
            )
        ),
    )


PLACES = [(s, v) for s, size in enumerate(SIZES) for v in range(size)]
FORMULAS = st.recursive(st.sampled_from(PLACES).map(_leaf), _gates, max_leaves=14)


def truths(graph: Graph, literal: int) -> list[bool]:
    """A literal's column of the truth table. Children come before parents, so one pass fills it."""
    column = []
    for world in worlds(SIZES):
        values = [True, True]
        for kind, args in list(zip(graph.kinds, graph.args, strict=True))[2:]:
            below = [values[c] if c > 0 else not values[-c] for c in args] if kind is not Kind.LEAF else []
            match kind:
                case Kind.LEAF:
                    values.append(world[args[0]] == args[1])
                case Kind.AND:
                    values.append(all(below))
                case _:
                    values.append(any(below))
        column.append(values[literal] if literal > 0 else not values[-literal])
    return column


@given(FORMULAS)
def test_simplification_keeps_the_truth_table(formula: Formula) -> None:
    graph = Graph()
    literal = formula.build(graph)
    assert truths(graph, literal) == [formula.true(w) for w in worlds(SIZES)]
    for node in range(2, len(graph)):
        children = graph.children(node)
        assert list(children) == sorted(set(children))
        assert all(abs(c) < node and abs(c) != 1 for c in children)
        assert len(children) != 1


@given(FORMULAS)
def test_building_again_makes_nothing_new(formula: Formula) -> None:
    graph = Graph()
    literal = formula.build(graph)
    size = len(graph)
    assert formula.build(graph) == literal
    assert len(graph) == size


def three() -> tuple[Graph, Lit, Lit, Lit]:
    graph = Graph()
    return graph, graph.leaf(0, 0), graph.leaf(0, 1), graph.leaf(1, 0)


def test_equal_content_is_one_node() -> None:
    graph, a, b, c = three()
    assert graph.leaf(0, 1) == b
    assert graph.conjunction([a, b, c]) == graph.conjunction([c, a, b, a])
    assert graph.disjunction([a, b]) != graph.conjunction([a, b])


def test_constants_duplicates_and_complements() -> None:
    graph, a, b, _ = three()
    assert graph.conjunction([]) == TRUE
    assert graph.disjunction([]) == FALSE
    assert graph.conjunction([a, TRUE, a]) == a
    assert graph.disjunction([a, FALSE]) == a
    assert graph.conjunction([a, FALSE]) == FALSE
    assert graph.disjunction([a, TRUE]) == TRUE
    assert graph.conjunction([a, b, -a]) == FALSE
    assert graph.disjunction([-b, a, b]) == TRUE


def test_absorption() -> None:
    graph, a, b, c = three()
    assert graph.disjunction([a, graph.conjunction([a, b])]) == a
    assert graph.conjunction([a, graph.disjunction([a, b])]) == a
    assert graph.disjunction([-a, graph.conjunction([-a, b]), c]) == graph.disjunction([-a, c])
    nothing_to_absorb = graph.conjunction([c, graph.disjunction([a, b])])
    assert graph.kinds[nothing_to_absorb] is Kind.AND
    assert len(graph.children(nothing_to_absorb)) == 2


def test_declared_nodes_are_never_merged_and_keep_what_they_are_given() -> None:
    graph, a, _, _ = three()
    first, second = graph.declare(), graph.declare()
    graph.define(first, [a, second, a])
    graph.define(second, [a, first])
    assert first != second
    assert graph.children(first) == (a, second, a)
    assert graph.disjunction([a, second]) not in (first, second)
    assert graph.conjunction([first, second]) not in (TRUE, FALSE)


def test_reachable_gives_children_first_and_only_what_is_below() -> None:
    graph, a, b, c = three()
    low = graph.conjunction([a, -c])
    high = graph.disjunction([b, -low])
    apart = graph.conjunction([b, c])
    order = list(graph.reachable([-high, low]))
    assert sorted(order) == sorted({a, b, c, low, high})
    assert apart not in order
    assert all(order.index(abs(child)) < order.index(n) for n in order for child in graph.children(n))


def test_reachable_on_a_deep_chain_and_on_a_cycle() -> None:
    graph = Graph()
    node: int = graph.leaf(0, 0)
    for i in range(50_000):
        node = graph.disjunction([graph.leaf(1, i), -node])
    assert sum(1 for _ in graph.reachable([node])) == 100_001
    loop = graph.declare()
    graph.define(loop, [loop])
    assert list(graph.reachable([loop])) == [loop]


def test_a_node_of_no_children_is_false_in_the_least_model() -> None:
    graph = Graph()
    nothing = graph.declare()
    graph.define(nothing, [])
    assert least_model(graph, ())[nothing] is False


def test_lengths() -> None:
    graph = Graph()
    assert len(graph) == 2
    graph.leaf(0, 0)
    assert len(graph) == 3
    assert _kinds(graph.kinds) == ["TRUE", "TRUE", "LEAF"]


def _kinds(kinds: Iterable[Kind]) -> list[str]:
    return [k.name for k in kinds]
