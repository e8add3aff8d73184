"""Items chosen at random: one symbol for each choice."""

from __future__ import annotations

import pytest

from tests.unit.grounding.asking import grounded, place, probabilities, refusal


def test_a_choice_is_one_symbol_of_all_items() -> None:
    program = grounded("p(X) :- select_weighted(k, [1, 3], [a, b], X, _). query(p(_)).")
    (symbol,) = program.symbols
    assert symbol.prior == (0.25, 0.75)


def test_equal_calls_choose_the_same_whatever_they_select() -> None:
    rules = "p :- select_uniform(k, [a, b], a, _), select_uniform(k, [a, b], b, _). query(p)."
    assert probabilities(rules) == {"p": 0}


def test_names_and_lists_tell_choices_apart() -> None:
    rules = "p :- select_uniform(i, [a, b], X, _), select_uniform(j, [a, b], X, _). query(p)."
    assert probabilities(rules) == {"p": 0.5}


def test_equal_items_add_up_and_a_single_one_is_certain() -> None:
    assert probabilities("p :- sample_uniform1(k, [a, b, a, a], a). query(p).") == {"p": 0.75}
    assert probabilities("p :- select_uniform(k, [a], a, []). query(p).") == {"p": 1}


def test_nothing_is_chosen_from_nothing() -> None:
    assert probabilities("p :- select_uniform(k, [], _, _). query(p).") == {"p": 0}
    assert probabilities("p :- select_weighted(k, [1], [a, b], _, _). query(p).") == {"p": 0}


@pytest.mark.parametrize(
    "goal",
    [
        "select_uniform(_, [a], _, _)",
        "select_uniform(k, [a, _], _, _)",
        "select_uniform(k, a, _, _)",
        "select_weighted(k, [a], _, _)",
    ],
)
def test_what_is_chosen_from_must_be_known(goal: str) -> None:
    assert place(refusal(f"p :- {goal}. query(p).")) == ("call-mode", goal)


def test_a_program_may_define_them_itself() -> None:
    assert probabilities("select_uniform(k, l, x, r). p :- select_uniform(k, l, _, _). query(p).") == {"p": 1}
