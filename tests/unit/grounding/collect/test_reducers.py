"""Each world has exactly the results that its own solutions give, worked out in plain Python."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.grounding.collect.aggregates import (
    AGGREGATES,
    WITNESSED,
    Maker,
    count,
    listing,
    open_listing,
    sorted_set,
)
from nesy.grounding.collect.reducers import Reducer
from nesy.logic.graph import Lit
from tests.unit.grounding.collect.worlds import Answers


def reducer(*makers: Maker, width: int = 1, **options: bool | int) -> Reducer:
    return Reducer("findall/3", None, makers, width=width, **options)  # type: ignore[arg-type]


def as_text(value: object) -> str:
    return f"({value})"


PLAIN: dict[str, Callable[[list[int]], object | None]] = {
    "count": len,
    "sum": sum,
    "avg": lambda xs: sum(xs) / len(xs) if xs else None,
    "min": lambda xs: min(xs, default=None),
    "max": lambda xs: max(xs, default=None),
    "bag": lambda xs: "[" + ",".join(map(str, xs)) + "]",
    "set": lambda xs: "[" + ",".join(map(str, sorted(set(xs)))) + "]",
}


@st.composite
def some_answers(draw: st.DrawFn) -> Answers:
    """Answers under leaves of shared symbols, their denials, conjunctions, and in every world."""
    answers = Answers(2, 3, 2)
    graph = answers.graph
    leaves = [graph.leaf(0, 1), graph.leaf(1, 0), graph.leaf(1, 1), graph.leaf(1, 2), graph.leaf(2, 1)]
    literals = [
        *leaves,
        *(Lit(-x) for x in leaves),
        graph.conjunction((leaves[0], leaves[1])),
        graph.disjunction((leaves[2], leaves[4])),
        Lit(1),
    ]
    for _ in range(draw(st.integers(0, 5))):
        answers.add(draw(st.sampled_from(literals)), draw(st.integers(-1, 2)))
    return answers


@pytest.mark.parametrize("name", sorted(PLAIN))
@settings(max_examples=60)
@given(answers=some_answers())
def test_aggregates_are_those_of_each_world(name: str, answers: Answers) -> None:
    results = answers.results(reducer(AGGREGATES[name]))
    for world in answers.worlds():
        expected = PLAIN[name]([int(t) for (t,) in answers.held(world)])
        assert results(world) == ([] if expected is None else [as_text(expected)])


@settings(max_examples=60)
@given(answers=some_answers())
def test_several_aggregates_agree_with_each_alone(answers: Answers) -> None:
    answers.found = [((t, t, t), literal) for (t,), literal in answers.found]
    makers = (AGGREGATES["max"], AGGREGATES["min"], AGGREGATES["count"])
    results = answers.results(reducer(*makers, width=3, grouped=True))
    for world in answers.worlds():
        held = [int(t) for t, _, _ in answers.held(world)]
        assert results(world) == ([as_text(f"{max(held)},{min(held)},{len(held)}")] if held else [])


def test_groups_have_results_of_their_own_and_none_where_they_are_empty() -> None:
    answers = Answers(2, 2).fact(0, "a", 1).fact(1, "b", 0).fact(1, "a", 5)
    results = answers.results(reducer(AGGREGATES["sum"], group=1, grouped=True))
    assert results((0, 0)) == []
    assert results((1, 0)) == ["(a,1)"]
    assert results((0, 1)) == ["(a,5)", "(b,0)"]
    assert results((1, 1)) == ["(a,6)", "(b,0)"]


def test_a_list_that_may_not_be_empty_is_absent() -> None:
    answers = Answers(2).fact(0, "a")
    results = answers.results(reducer(listing, empty=False))
    assert [results(w) for w in answers.worlds()] == [[], ["([a])"]]


def test_a_goal_without_solutions_has_the_empty_list_and_counts_none() -> None:
    assert Answers().results(reducer(listing))(()) == ["([])"]
    assert Answers().results(reducer(count, width=0))(()) == ["(0)"]
    assert Answers().results(reducer(AGGREGATES["max"]))(()) == []


def test_an_open_list_ends_in_a_variable() -> None:
    answers = Answers().sure(1).sure(2)
    assert answers.results(reducer(open_listing))(()) == ["([1,2|_1],_1)"]


def test_the_first_witness_of_the_best_is_taken() -> None:
    answers = Answers(2).fact(0, 3, "a").sure(3, "b").sure(1, "c").sure(1, "d")
    largest = answers.results(reducer(WITNESSED["max"], width=2))
    assert [largest(w) for w in answers.worlds()] == [["(max(3,b))"], ["(max(3,a))"]]
    assert answers.results(reducer(WITNESSED["min"], width=2))((0,)) == ["(min(1,c))"]


def test_variables_of_different_solutions_differ() -> None:
    answers = Answers()
    pair = answers.store.compound("-", (answers.store.number(1), -1))  # type: ignore[arg-type]
    answers.found = [((pair,), Lit(1)), ((pair,), Lit(1))]
    assert answers.results(reducer(listing))(()) == ["([1-_1,1-_2])"]


def test_numbers_of_two_kinds_stay_apart() -> None:
    answers = Answers(2).sure(0.5).fact(0, 0.5).add(Lit(-Answers(2).graph.leaf(0, 1)), 1)
    answers.found[2] = (answers.found[2][0], Lit(-answers.found[1][1]))
    results = answers.results(reducer(AGGREGATES["sum"]))
    assert [results(w) for w in answers.worlds()] == [["(1.5)"], ["(1.0)"]]
    answers = Answers(2).fact(0, 1).sure(1.0)
    assert answers.results(reducer(sorted_set))((1,)) == ["([1.0,1])"]


def test_values_of_one_symbol_are_not_combined() -> None:
    answers = Answers(20)
    for value in range(20):
        answers.add(answers.graph.leaf(0, value), value)
    made = list(reducer(listing)(answers.store, answers.graph, answers.found))
    assert len(made) == 21  # one list for each value, and the empty one for a value there might still be


def test_interleaved_values_of_symbols_are_not_combined() -> None:
    answers = Answers(*[10] * 3)
    for value in range(10):
        for symbol in range(3):
            answers.add(answers.graph.leaf(symbol, value), value)
    made = list(reducer(count, width=0)(answers.store, answers.graph, answers.found))
    assert len(made) == 4


def test_few_impossible_lists_are_made_of_answers_that_share_symbols() -> None:
    answers = Answers(*[2] * 5)
    leaves = [answers.graph.leaf(symbol, 1) for symbol in range(5)]
    for first in range(5):
        for second in range(first):
            both = answers.graph.conjunction((leaves[first], leaves[second]))
            answers.add(both, 10 * first + second)
            answers.add(Lit(-both), -10 * first - second)
    made = list(reducer(listing)(answers.store, answers.graph, answers.found))
    # The 32 worlds have 27 lists, for a symbol alone makes no pair; without propagation there are 2 ** 20.
    assert 27 <= len(made) < 200


def test_too_many_lists_are_refused_with_the_counts_and_a_remedy() -> None:
    answers = Answers(*[2] * 30).sure(99)
    for symbol in range(30):
        answers.fact(symbol, symbol)
    with pytest.raises(nesy.NesyError) as caught:
        list(reducer(listing)(answers.store, answers.graph, answers.found))
    assert caught.value.code == "too-many-worlds"
    assert "31 solutions, 30 of them uncertain" in caught.value.message
    assert "aggregate_all(count" in (caught.value.hint or "")


@pytest.mark.parametrize(("name", "results"), [("count", 201), ("sum", 595), ("max", 7), ("min", 7)])
def test_the_results_of_hundreds_of_uncertain_answers_stay_few(name: str, results: int) -> None:
    answers = Answers(*[2] * 200)
    for symbol in range(200):
        answers.fact(symbol, symbol % 7)
    made = list(reducer(AGGREGATES[name])(answers.store, answers.graph, answers.found))
    assert len(made) == results
    assert len(answers.graph) < 4 * 200 * results
