"""The machine by itself: every instance once, room that grows, values at the edge of the fragment."""

from __future__ import annotations

from itertools import product
from random import Random

import networkx as nx
import pytest

import nesy
from nesy.grounding import ground_rules
from nesy.grounding.lowering import Lowering
from nesy.grounding.relational import layout
from nesy.grounding.relational.fragment import OutsideFragmentError
from nesy.grounding.relational.grounder import RelationalPlan, relational_plan
from nesy.grounding.relational.result import evaluate_plan
from nesy.grounding.relational.values import Values
from nesy.grounding.terms import TermStore, variable
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Kind

FIELDS = {
    "head": (layout.HEAD, "TOP FAILURE RELATIONS RELATION_COUNT REGISTERS ROW MET"),
    "relation": (
        layout.RELATION_FIELDS,
        "COUNT CAPACITY DONE DATA STRIDE KEY TABLE TABLE_SIZE "
        "INDEXES INDEX_COUNT LEFTS LEFT_COUNT RIGHTS RIGHT_COUNT",
    ),
    "index": (layout.INDEX_FIELDS, "OF COLUMNS COLUMN_COUNT SLOTS SLOT_COUNT USED NEXT"),
    "operator": (
        layout.OPERATOR_FIELDS,
        "KIND LEFT RIGHT RIGHT_INDEX LEFT_INDEX BEFORE BEFORE_LENGTH AFTER AFTER_LENGTH KEYS "
        "TARGET VALUES VALUE_COUNT RECORD LABEL KEPT KEPT_COUNT",
    ),
}


@pytest.mark.parametrize("what", FIELDS)
def test_fields_fill_their_room_and_do_not_overlap(what: str) -> None:
    size, names = FIELDS[what]
    assert sorted(getattr(layout, name) for name in names.split()) == list(range(size))


def plan(rules: str, name: str, arity: int) -> RelationalPlan:
    store = TermStore()
    lowering = Lowering(store, nesy.parse(rules))
    predicate = lowering.predicates[name, arity]
    return relational_plan(store, [(predicate, tuple(variable(i) for i in range(arity)), None)])


def edges(nodes: int, count: int, seed: int) -> list[tuple[int, int]]:
    random = Random(seed)
    return sorted({(random.randrange(nodes), random.randrange(nodes)) for _ in range(count)})


@pytest.mark.parametrize("shape", ["path(X,Z), edge(Z,Y)", "edge(X,Z), path(Z,Y)", "path(X,Z), path(Z,Y)"])
def test_each_instance_of_a_rule_is_recorded_once(shape: str) -> None:
    pairs = edges(25, 60, seed=3)
    facts = "".join(f"0.5::edge({a},{b}).\n" for a, b in pairs)
    result = plan(f"{facts} path(X,Y) :- edge(X,Y). path(X,Y) :- {shape}.", "path", 2)
    result = evaluate_plan(result, lambda _: None)
    graph = nx.DiGraph(pairs)
    reached = {(a, b) for a in graph for b in graph if any(nx.has_path(graph, c, b) for c in graph[a])}
    left = pairs if shape.startswith("edge") else reached
    right = pairs if shape.endswith("edge(Z,Y)") else reached
    instances = sum(b == c for (_, b), (c, _) in product(left, right))
    (table,) = result.tables()
    assert len(table.answers) == len(reached)
    sizes = result.graph.offsets[1:] - result.graph.offsets[:-1]
    assert sizes[result.graph.tags == Kind.OR].sum() == len(pairs) + instances


def test_a_graph_is_ordered_for_reading() -> None:
    rules = ground_rules(
        nesy.parse("0.5::a(1). 0.5::b(1). c(X) :- a(X), b(X). query(c(_))."), None, "relational"
    )
    assert isinstance(rules.graph, FlatGraph)
    (output,) = rules.outputs
    body = rules.graph.children(rules.graph.children(output.literals[1])[0])
    assert [rules.graph.kinds[n] for n in body] == [Kind.LEAF, Kind.LEAF]
    assert sorted(rules.symbols[rules.graph.args[n][0]].name for n in body) == ["a(1)", "b(1)"]


def test_evaluation_pauses_so_that_it_can_be_watched() -> None:
    seen = []
    facts = "".join(f"edge({a},{b}).\n" for a, b in edges(400, 1600, seed=1))
    program = plan(f"{facts} path(X,Y) :- edge(X,Y). path(X,Y) :- path(X,Z), edge(Z,Y).", "path", 2)
    evaluate_plan(program, lambda memory: seen.append(memory.numbers[layout.TOP]))
    assert len(seen) > 1
    assert seen == sorted(seen)


def test_a_watcher_can_stop_it() -> None:
    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_plan(plan("e(1). p(X) :- e(X).", "p", 1), stop)


def test_values_stand_for_terms_both_ways() -> None:
    store = TermStore()
    values = Values(store)
    terms = [store.number(n) for n in (0, -1, 2**59, 2**61, 1.5)] + [store.atom("a")]
    assert [values.term(values.value(t)) for t in terms] == terms
    assert len({values.value(t) for t in terms}) == len(terms)


@pytest.mark.parametrize("by", [3, 10**9, -(10**9)])
def test_integers_that_grow_too_large_leave_the_fragment(by: int) -> None:
    rules = f"n(1, {by}). n(I, Y) :- n(J, X), J < 9, I is J + 1, Y is X * {by}."
    if by == 3:
        (table,) = evaluate_plan(plan(rules, "n", 2), lambda _: None).tables()
        assert len(table.answers) == 9
    else:
        with pytest.raises(OutsideFragmentError):
            evaluate_plan(plan(rules, "n", 2), lambda _: None)
