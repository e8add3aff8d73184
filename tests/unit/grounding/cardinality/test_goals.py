"""Goals that count, add up and compare: what they answer, what they cost, and what they refuse."""

from __future__ import annotations

import pytest

import nesy
from nesy.grounding import ground
from nesy.grounding.collect import decisions
from nesy.grounding.ground import ground_rules
from nesy.grounding.template import Template
from nesy.language import check


def answers(text: str) -> dict[str, float]:
    return {str(q): pytest.approx(a.probability) for q, a in nesy.solve(nesy.parse(text)).items()}


def test_numbers_that_are_not_bound_are_every_one_that_there_can_be() -> None:
    text = "0.5::a. 0.5::b. p(K) :- exactly(K, [a, b, true]). query(p(_))."
    assert answers(text) == {"p(1)": 0.25, "p(2)": 0.5, "p(3)": 0.25}
    dice = "1/3::d(X,1); 1/3::d(X,2); 1/3::d(X,3) :- member(X, [1,2]). s(S) :- sum_equals([d(1),d(2)], S)."
    assert answers(f"{dice} query(s(_)).") == {
        f"s({n})": k / 9 for n, k in zip((2, 3, 4, 5, 6), (1, 2, 3, 2, 1), strict=True)
    }


def test_an_empty_list_has_no_goals_that_hold_and_adds_up_to_nothing() -> None:
    text = "p(K) :- exactly(K, []). q(S) :- sum_equals([], S). r :- all_different([]). r :- at_least(1, [])."
    assert answers(f"{text} query(p(_)). query(q(_)). query(r).") == {"p(0)": 1, "q(0)": 1, "r": 1}


def test_an_item_counts_as_often_as_it_stands_there() -> None:
    text = "0.5::a(1). p :- exactly(2, [a(1), a(1)]). q :- all_different([a, a]). query(p). query(q)."
    assert answers(text) == {"p": 0.5, "q": 0.5}


def test_bounds_that_nothing_can_meet_or_miss() -> None:
    text = "0.5::a. p :- at_least(3, [a]). q :- at_most(7, [a]). r :- exactly(-1, [a])."
    assert answers(f"{text} query(p). query(q). query(r).") == {"p": 0, "q": 1, "r": 0}


def test_values_are_compared_as_terms() -> None:
    text = "a(1, 1). a(2, 1.0). a(3, f(x)). a(4, f(x)). p :- all_different([a(1), a(2), a(3)])."
    text += " q :- all_different([a(3), a(4)]). query(p). query(q)."
    assert answers(text) == {"p": 1, "q": 0}


def test_queens_that_attack_nobody() -> None:
    choices = "; ".join(f"1/5::queen(C,{r})" for r in range(1, 6))
    text = f"""{choices} :- between(1, 5, C).
    ok :- findall(queen(C), between(1, 5, C), Rows), all_different(Rows),
        findall(queen(C) + C, between(1, 5, C), Up), all_different(Up),
        findall(queen(C) - C, between(1, 5, C), Down), all_different(Down).
    query(ok)."""
    assert answers(text) == {"ok": 10 / 5**5}


def test_lists_may_be_uncertain() -> None:
    text = """0.5::in(1). 0.5::in(2). 0.5::v(1,x); 0.5::v(1,y). 0.5::v(2,x); 0.5::v(2,y).
    p :- findall(v(I), in(I), L), all_different(L). query(p)."""
    assert answers(text) == {"p": 0.875}


def test_a_probability_may_depend_on_a_count() -> None:
    text = "0.5::a. 0.5::b. 0.2::p :- exactly(1, [a, b]). P::q :- exactly(K, [a, b]), P is K / 4."
    assert answers(f"{text} query(p). query(q).") == {"p": 0.1, "q": 0.25}


def test_a_program_may_define_them_itself() -> None:
    text = "at_least(two, [x, y]). p :- at_least(two, [x, y]). all_different(L) :- L = [_]. "
    text += "q :- all_different([nothing]). query(p). query(q)."
    assert not [d for d in check(text) if d.severity == "error"]
    assert answers(text) == {"p": 1, "q": 1}


def test_recursion_through_a_count_of_other_things_stays_right() -> None:
    text = """0.5::edge(1,2). 0.5::edge(2,1). 0.5::edge(2,3). 0.5::edge(3,1).
    reach(1). reach(Y) :- reach(X), edge(X,Y).
    p :- at_least(3, [reach(1), reach(2), reach(3)]). query(p)."""
    assert answers(text) == {"p": 0.25}


def test_what_nodes_say_is_known_once_cycles_are_gone() -> None:
    text = """0.5::edge(1,2). 0.5::edge(2,1). 0.5::edge(2,3). 0.5::edge(3,1). 0.5::edge(1,3). 0.5::edge(3,2).
    reach(1). reach(Y) :- reach(X), edge(X,Y).
    p :- at_least(2, [reach(2), reach(3), edge(1,3)]). query(p)."""
    graph = ground(nesy.parse(text)).graph
    (count,) = graph.counts.values()
    assert (count.low, count.high, len(count.terms)) == (2, None, 3)


def test_counting_takes_few_nodes() -> None:
    """n goals, k of them: about n * k nodes."""
    facts = " ".join(f"0.5::a({i})." for i in range(200))
    text = f"{facts} p :- findall(a(I), between(0, 199, I), L), exactly(5, L). query(p)."
    graph = ground(nesy.parse(text)).graph
    assert len(graph) < 200 * 6 * 4
    assert [c.low for c in graph.counts.values()] == [5]


def test_both_paths_are_asked_and_the_tabled_one_answers() -> None:
    text = "0.5::a. p :- exactly(1, [a]). query(p)."
    with pytest.raises(nesy.NesyError) as caught:
        ground_rules(nesy.parse(text), path="relational")
    assert caught.value.code == "outside-fragment"


def test_a_thousand_goals_and_a_list_of_fifty_thousand() -> None:
    facts = "\n".join(f"0.5::a({i})." for i in range(1000))
    many = "b(_). p :- findall(b(I), between(1, 50000, I), L), exactly(K, L), K =:= 50000."
    program = ground(
        nesy.parse(f"{facts} {many} q :- findall(a(I), between(0, 999, I), L), at_least(1, L)."),
        Template.parse("q", None),
    )
    assert len(program.symbols) == 1000


MISTAKES = [
    ("p :- all_different(L).", "unsafe-variable", 20),
    ("p :- exactly(1, [a(X)]).", "unsafe-variable", 20),
    ("p :- at_least(K, [a(1)]).", "unsafe-variable", 15),
    ("p :- exactly(1, [b(1)]).", "unknown-predicate", 18),
    ("p :- all_different([a(1)]).", "unknown-predicate", 21),
    ("p :- l(L), exactly(1, L). l([b(1)]).", "unknown-predicate", 12),
    ("p :- l(L), all_different(L). l([b]).", "unknown-predicate", 12),
    ("p :- l(L), exactly(1, L). l([a(X)]).", "call-mode", 12),
    ("p :- l(L), exactly(1, L). l([a(1)|_]).", "call-mode", 12),
    ("p :- l(L), at_most(L, [a(1)]). l(_).", "call-mode", 12),
    ("p :- exactly(1, a).", "call-mode", 6),
    ("p :- exactly(1, [a(1), 3]).", "not-a-goal", 6),
    ("p :- exactly(1.0, [a(1)]).", "not-an-integer", 6),
    ("p :- sum_equals([a], one).", "not-an-integer", 6),
    ("p :- sum_equals([0.5 * a], 1).", "not-an-integer", 6),
    ("p :- sum_equals([c(1)], 1). c(1, 2.5).", "not-an-integer", 6),
    ("p :- all_different([c(1), c(2)]). c(1, 1).", "no-answers", 6),
    ("p :- sum_at_most([c(1), c(2)], 3). c(1, 1).", "no-answers", 6),
    ("p :- all_different([c(1)]). c(1, _).", "call-mode", 6),
    ("p :- all_different([c(1) + x]). c(1, 1).", "not-an-integer", 6),
    ("p :- all_different([c(1) + 1]). c(1, x).", "not-an-integer", 6),
    ("p :- all_different([c(1) + 1]). c(1, _).", "call-mode", 6),
    ("p :- all_different([d(1) - 1]).", "unknown-predicate", 21),
    ("p :- exactly(1, [a(1), p]).", "indirect-call-cycle", 6),
]


@pytest.mark.parametrize(("text", "code", "column"), MISTAKES)
def test_a_mistake_has_a_code_a_place_and_a_remedy(text: str, code: str, column: int) -> None:
    with pytest.raises(nesy.NesyError) as caught:
        nesy.solve(nesy.parse(f"{text}\n0.5::a(1). query(p)."))
    assert caught.value.code == code
    assert caught.value.span is not None
    assert caught.value.span.column == column
    assert caught.value.hint


def test_what_is_asked_is_an_atom_of_the_rules() -> None:
    for statement in ("query(exactly(1, [a(1)])).", "evidence(exactly(1, [a(1)]))."):
        with pytest.raises(nesy.NesyError) as caught:
            nesy.solve(nesy.parse(f"0.5::a(1). {statement}"))
        assert caught.value.code == "query-of-builtin"


def test_too_many_sums_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decisions, "MOST_RESULTS", 100)
    facts = " ".join(f"0.5::v({i},{3**i}); 0.5::v({i},0)." for i in range(10))
    text = f"{facts} p :- findall(v(I), between(0, 9, I), L), sum_equals(L, 70000). query(p)."
    with pytest.raises(nesy.NesyError) as caught:
        ground(nesy.parse(text))
    assert caught.value.code == "too-many-worlds"


def test_goals_in_their_lists_are_calls_to_the_checks() -> None:
    text = "0.5::a. 0.5::b(1). p :- exactly(1, [a, (b(1), \\+ c)]), all_different([b]). c :- fail. query(p)."
    found = check(text)
    assert not found
    found = check(text.replace("[b]", "[d]"))
    assert [d.code for d in found] == ["unknown-predicate"]
    found = check("0.5::a. l([a]). p :- l(L), exactly(1, L). query(p).")
    assert not found
