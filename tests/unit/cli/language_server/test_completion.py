"""What may be written at the cursor."""

from __future__ import annotations

import pytest

from nesy.cli.language_server.completion import Candidate, completions
from nesy.language.builtins import KNOWN
from nesy.language.statements import DIRECTIVES
from tests.unit.cli.language_server.places import at_cursor

RULES = (
    "% A road.\n0.9::road(a, b).\n'long way'(X) :- road(X, _).\nnn(digit_net, [X], D, 0..9)::digit(X, D).\n"
)


def found(text: str) -> list[Candidate]:
    return completions(*at_cursor(text))


def labels(text: str, kind: str) -> list[str]:
    return [candidate.label for candidate in found(text) if candidate.kind == kind]


def test_predicates_of_the_program_come_before_what_is_built_in() -> None:
    candidates = found(RULES + "way(X, Y) :- ro^")
    kinds = list(dict.fromkeys(candidate.kind for candidate in candidates))
    assert kinds == ["variable", "predicate", "statement", "built-in"]
    assert labels(RULES + "way(X, Y) :- ro^", "predicate") == ["road/2", "long way/1", "digit/2", "way/2"]
    by_label = {candidate.label: candidate for candidate in candidates}
    assert by_label["road/2"].about == "A road."
    assert by_label["long way/1"].text == "'long way'"


def test_every_built_in_with_a_name_is_there() -> None:
    names = {f"{name}/{arity}" for name, arity in KNOWN if name.isidentifier()}
    assert names == set(labels("p :- ^", "built-in"))
    assert "member/2" not in labels("member(a, b).\np :- ^", "built-in"), "the program's own takes its place"


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("p(Xs, Y) :- q(Y), r(^", ["Xs", "Y"]),
        ("p(Xs, Y) :- q(Y), r(X^", ["Xs", "Y"]),
        ("p(Xs, Y) :- q(X^s), r(Zs).", ["Xs", "Y", "Zs"]),
        ("p(A).\nq(B) :- ^r.\ns(C).", ["B"]),
        ("q(B) :- r(^\ns(C) :- t(C).", ["B"]),
        ("q(_, B) :- r(^).", ["B"]),
        ("^", []),
    ],
)
def test_variables_are_those_of_the_statement(text: str, variables: list[str]) -> None:
    assert labels(text, "variable") == variables


def test_networks_where_nn_names_them_and_nothing_else() -> None:
    for text in ("nn(^", "nn(dig^", "nn(^, [X])::p(X).", "nn(di^g, [X])::p(X)."):
        assert [c.label for c in found(RULES + text)] == ["digit_net"]
    assert labels(RULES + "p :- ^", "network") == []


def test_directives_at_the_start_of_a_statement_only() -> None:
    assert set(labels("p.\n:- ^", "directive")) == DIRECTIVES
    assert set(labels("p.\n:- use^", "directive")) == DIRECTIVES
    assert labels("p :- ^", "directive") == []


@pytest.mark.parametrize(
    "text", ["p. % a^", "/* a^ */ p.", "/* a^", "p('a^b').", 'p("a^', "p(1^).", "p(12^)."]
)
def test_nothing_in_comments_quotes_and_numbers(text: str) -> None:
    assert found(text) == []


def test_behind_a_comment_there_is_something_again() -> None:
    assert found("/* a */^")
    assert found("% a\n^")


def test_what_broken_statements_seem_to_define() -> None:
    text = "p :- q(ba^\nbark(X, f(Y, Z)) :- q(X).\n0.3::base(.\nq(1).\n"
    assert labels(text, "predicate") == ["bark/2", "q/1", "p/0", "base/1"]


def test_what_is_being_typed_is_no_candidate() -> None:
    assert "alar/0" not in labels("alarm.\nalar^", "predicate")
    assert "alarm/0" in labels("alarm.\nalar^", "predicate")
