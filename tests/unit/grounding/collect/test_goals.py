"""Goals that collect, from text to probability."""

from __future__ import annotations

import pytest

import nesy
from tests.unit.grounding.asking import place, refusal

FACTS = "0.5::p(1). 0.4::p(2). r(a, 1). r(b, 2). r(b, 1).\n"


def results(rules: str) -> dict[str, object]:
    """The probability of every answer to q that is possible."""
    found = nesy.solve(nesy.parse(f"{FACTS}{rules}\nquery(q(_))."))
    return {str(a)[2:-1]: pytest.approx(x.probability) for a, x in found.items() if x.probability}


def test_findall_has_one_item_for_each_proof() -> None:
    rules = "s(X) :- p(X). s(X) :- p(Y), X is Y - 1. q(L) :- findall(X, s(X), L)."
    assert results(rules) == {"[1,2,0,1]": 0.2, "[1,0]": 0.3, "[2,1]": 0.2, "[]": 0.3}


def test_certain_proofs_count_too() -> None:
    rules = "s(1) :- r(a, 1). s(1) :- r(b, _). q(L) :- findall(X, s(X), L)."
    assert results(rules) == {"[1,1,1]": 1}


def test_a_proof_that_uses_its_own_atom_is_none() -> None:
    rules = "t(X, Y) :- t(Y, X). t(1, 2). q(N) :- findall(X-Y, t(X, Y), L), length(L, N)."
    assert results(rules) == {"2": 1}


def test_proofs_through_metacalls_and_built_ins_count() -> None:
    rules = "s(1). s(1). q(N) :- G = s(_), findall(x, (G, between(1, 3, _)), L), length(L, N)."
    assert results(rules) == {"6": 1}


def test_all_fails_without_a_solution_and_counts_each_once() -> None:
    assert results("q(L) :- all(X, p(X), L).") == {"[1,2]": 0.2, "[1]": 0.3, "[2]": 0.2}
    assert results("s(1) :- p(_). q(L) :- all(X, s(X), L).") == {"[1]": 0.7}


def test_variables_of_a_list_are_its_own() -> None:
    assert results("q(X-L) :- findall(X, r(X, 1), L), X = z.") == {"z-[a,b]": 1}
    assert results("q(L) :- findall(X-Y, r(X, 1), [A-u, B-v]), L = [A, B].") == {"[a,b]": 1}


def test_groups_bind_what_the_goal_leaves_free() -> None:
    assert results("q(G-L) :- bagof(X, r(G, X), L).") == {"a-[1]": 1, "b-[2,1]": 1}
    assert results("q(G-L) :- setof(X, r(G, X), L).") == {"a-[1]": 1, "b-[1,2]": 1}
    assert results("q(L) :- setof(X, G^r(G, X), L).") == {"[1,2]": 1}
    assert results("q(L) :- G = a, bagof(X, r(G, X), L).") == {"[1]": 1}


def test_values_are_collected_by_group() -> None:
    assert results("q(G-L) :- collectgroup(r(G, X), X, G, L).") == {"a-[1]": 1, "b-[2,1]": 1}
    assert results("q(L) :- collect_list(p(X), X, L).") == {"[1,2]": 0.2, "[1]": 0.3, "[2]": 0.2}


def test_aggregates_in_probabilistic_clauses_name_one_symbol() -> None:
    assert results("0.5::q(N) :- aggregate_all(count, p(_), N).") == {"0": 0.15, "1": 0.25, "2": 0.1}


def test_a_program_may_define_a_collector_itself() -> None:
    assert results("collect_list(a, b, 3). q(L) :- collect_list(a, b, L).") == {"3": 1}


def test_aggregates_in_heads_group_by_the_other_arguments() -> None:
    rules = "s(G, sum<X>, count<X>) :- r(G, X), p(X). q(G-S-N) :- s(G, S, N)."
    assert results(rules) == {"a-1-1": 0.5, "b-1-1": 0.3, "b-2-1": 0.2, "b-3-2": 0.2}


def test_an_aggregate_of_the_programs_own_takes_precedence() -> None:
    rules = "max(L, N) :- length(L, N). s(G, max<X>) :- r(G, X). q(G-M) :- s(G, M)."
    assert results(rules) == {"a-1": 1, "b-2": 1}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("q(X) :- findall(Y, q(Y), L), length(L, X).", ("indirect-call-cycle", "findall(Y, q(Y), L)")),
        ("s(sum<X>) :- t(X). t(X) :- s(X). q(X) :- s(X).", ("indirect-call-cycle", "sum<X>")),
        ("q(X) :- aggregate_all(middle(Y), p(Y), X).", ("unknown-aggregate", "middle(Y)")),
        ("q(X) :- aggregate_all(sum(Y), r(Y, _), X).", ("not-a-number", "aggregate_all(sum(Y), r(Y, _), X)")),
        ("0.5::q(sum<X>); 0.5::q(0) :- p(X).", ("misplaced-aggregate", "sum<X>")),
        ("q(X) :- findall(Y, 3, X).", ("not-a-goal", "3")),
    ],
)
def test_mistakes_are_named_at_their_place(rules: str, expected: tuple[str, str]) -> None:
    assert place(refusal(f"{FACTS}{rules}\nquery(q(_)).")) == expected


def test_too_many_proofs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nesy.grounding.collect.proofs.MOST_PROOFS", 100)
    rules = "s(0). s(0). t(X) :- s(X), s(X), s(X), s(X), s(X), s(X), s(X). q(L) :- findall(X, t(X), L)."
    error = refusal(f"{rules}\nquery(q(_)).")
    assert error.code == "too-many-proofs"
    assert "t/1" in error.message
    assert "all_or_none/3" in (error.hint or "")


def test_lists_of_long_recursion_need_no_recursion_here() -> None:
    rules = (
        "n(0). n(X) :- between(1, 3000, X), Y is X - 1, n(Y). q(N) :- findall(x, n(3000), L), length(L, N)."
    )
    assert results(rules) == {"1": 1}
