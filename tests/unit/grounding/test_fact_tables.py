"""Facts in columns ground as the same facts written out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.grounding.fact_tables import FactRules
from nesy.grounding.rules import PickAlternative, Predicate
from nesy.grounding.terms import TermStore, variable
from nesy.language.printer import term_text
from nesy.language.syntax import Program

RULES = """
0.5::on(X) :- member(X, [a, b, 1, 1.0, "a", 'B c']).
path(X, Y) :- edge(X, Y).
path(X, Y) :- edge(X, Z), path(Z, Y).
loop(X) :- edge(X, X).
none :- \\+ edge(a, _).
both(X, Y) :- edge(X, Y), edge(Y, X), on(X).
query(path(_, _)). query(loop(_)). query(none). query(both(_, _)). query(edge(1, b)). query(edge(_, 1.0)).
"""
NODES = ["a", "b", 1, 1.0, "B c"]


def answers(program: Program) -> dict[str, float]:
    return {atom: answer.probability for atom, answer in nesy.solve(program).items()}


def in_columns(rows: Sequence[tuple[object, object, float]]) -> dict[str, float]:
    """Rows of one type to a table each, so that a predicate's facts stand in several."""
    program = nesy.parse(":- dynamic edge/2.\n" + RULES)
    kinds: dict[tuple[type, type], list[tuple[object, object, float]]] = {}
    for row in rows:
        kinds.setdefault((type(row[0]), type(row[1])), []).append(row)
    for group in kinds.values():
        program = nesy.with_facts(program, "edge", group, probability=2)
    return answers(program)


def written_out(rows: Sequence[tuple[object, object, float]]) -> dict[str, float]:
    tables = [nesy.facts("edge", [row[:2]]) for row in rows]
    texts = [",".join(term_text(t.constant(0, i)) for i in range(2)) for t in tables]
    facts = "".join(f"{row[2]!r}::edge({text}).\n" for row, text in zip(rows, texts, strict=True))
    return answers(nesy.parse(f":- dynamic edge/2.\n{facts}{RULES}"))


rows_of_edges = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(rows_of_edges)
def test_columns_mean_what_the_written_facts_mean(rows: list[tuple[object, object, float]]) -> None:
    assert in_columns(rows) == pytest.approx(written_out(rows), abs=1e-12)


def test_equal_rows_are_independent_and_one_row_is_one_symbol() -> None:
    table = nesy.facts("p", [("a", "b", 0.5), ("a", "b", 0.5)], probability=2)
    program = nesy.parse("q :- p(a, _), p(_, b).\nquery(q). query(p(a, b)).", facts=[table])
    assert answers(program) == pytest.approx({"q": 0.75, "p(a,b)": 0.75})


def test_facts_stand_beside_clauses() -> None:
    program = nesy.parse("0.5::p(a). p(c) :- p(b). query(p(_)).")
    program = nesy.with_facts(program, "p", [("a", 0.5), ("b", 0.25)], probability=1)
    assert answers(program) == pytest.approx({"p(a)": 0.75, "p(b)": 0.25, "p(c)": 0.25})


def test_a_declared_predicate_without_facts_has_no_answers() -> None:
    assert answers(nesy.parse(":- dynamic edge/2. q :- edge(_, _). query(q).")) == {"q": 0.0}


def test_a_table_makes_its_predicate_known() -> None:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.parse("query(p(_)).")
    assert caught.value.code == "unknown-predicate"
    assert answers(nesy.parse("query(p(_)).", facts=[nesy.facts("p", [(1,)])])) == {"p(1)": 1.0}


def test_a_lookup_makes_rules_of_the_rows_it_finds_only() -> None:
    store = TermStore()
    table = nesy.facts("edge", [(i % 100, i, 0.5) for i in range(1000)], probability=2)
    rules = FactRules(Predicate("edge", 2), table, 10)
    before = len(store.heads)
    found = list(rules.matching(store, (store.number(7), variable(0))))
    assert [store.number_value(r.head[1]) for r in found] == list(range(7, 1000, 100))
    numbers = [r.choice.alternatives.number for r in found if isinstance(r.choice, PickAlternative)]
    assert numbers == [10 + i for i in range(7, 1000, 100)]
    assert len(store.heads) - before <= 12
    assert list(rules.matching(store, (store.number(7), store.number(8)))) == []
    assert len(list(rules.matching(store, (store.number(7), store.number(107))))) == 1
    assert list(rules.matching(store, (store.number(7.0), variable(0)))) == []
    assert list(rules.matching(store, (store.number(2**70), variable(0)))) == []
    assert list(rules.matching(store, (store.atom("7"), variable(0)))) == []
    compound = store.compound("f", (store.number(7),))
    assert list(rules.matching(store, (compound, variable(0)))) == []
    assert len(list(rules.matching(store, (variable(0), variable(0))))) == 1000


def test_integers_are_not_found_among_floats() -> None:
    store = TermStore()
    rules = FactRules(Predicate("w", 1), nesy.facts("w", [(1.0,), (-0.0,), (0.0,)]), 1)
    assert list(rules.matching(store, (store.number(1),))) == []
    assert len(list(rules.matching(store, (store.number(1.0),)))) == 1
    assert answers(nesy.parse("query(w(0.0)). query(w(1)).", facts=[rules.table])) == {
        "w(0.0)": 1.0,
        "w(1)": 0.0,
    }
