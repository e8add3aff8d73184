"""Inputs: where one ends and the next begins."""

from __future__ import annotations

import pytest

from nesy.cli.repl.reading import asks, inputs_in, inputs_of, is_command, is_whole
from nesy.language.operators import STANDARD, Operator


@pytest.mark.parametrize("text", [":help", "  :load x", ":"])
def test_commands(text: str) -> None:
    assert is_command(text)
    assert is_whole(text)


@pytest.mark.parametrize("text", [":- a, b.", "0.3::a.", "::a.", "a:b.", ""])
def test_what_is_no_command(text: str) -> None:
    assert not is_command(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a.", True),
        ("a. % why", True),
        ("a :- b", False),
        ("a :- b,\n  c.", True),
        ("a :- b(.", True),
        ("p('a.", False),
        ("p('a.').", True),
        ("p(0.5)", False),
        ("p(0.5).", True),
        ("/* a.", False),
        ("% a.", True),
        ("\n  \n", True),
        ("?- a", False),
        ("?- a.", True),
    ],
)
def test_whole_inputs(text: str, whole: bool) -> None:
    assert is_whole(text) is whole


def test_questions() -> None:
    assert asks("% why\n?- a.")
    assert not asks("% ?- a\nb.")
    assert not asks("")


def test_inputs_are_cut_one_by_one_with_their_comments() -> None:
    text = "% one\na. % first\nb. c.\n:list p\n  :check\n?- d.\nrest"
    cut = list(inputs_in(text, lambda: STANDARD))
    assert cut == ["% one\na. % first\n", "b.", " c.\n", ":list p\n", "  :check\n", "?- d.\n", "rest"]
    assert list(inputs_in("", lambda: STANDARD)) == []


def test_operators_are_asked_for_after_each_input() -> None:
    table = STANDARD.having(Operator("..>", "xfx", 700))
    tables = [STANDARD]
    cut = []
    for one in inputs_in("a. b ..> c. d.", lambda: tables[-1]):
        cut.append(one)
        tables.append(table)
    assert cut == ["a.", " b ..> c.", " d."]


def test_a_long_text_is_read_once() -> None:
    text = "".join(f"p({i}).\n" for i in range(20_000))
    assert sum(1 for _ in inputs_in(text, lambda: STANDARD)) == 20_000


def test_a_long_statement_of_a_pipe_is_read_in_time() -> None:
    lines = ["p([\n", *("  0.5,\n" for _ in range(20_000)), "1]).\n", ":list\n"]
    assert [len(one) for one in inputs_of(lines)] == [sum(map(len, lines[:-1])), 6]


def test_a_pipe_gives_whole_inputs() -> None:
    lines = "% one.\na.\n\nb :-\n  c,\n  d.\n:list\n% two.\n:check\n?- b. ?- a.\np(0.3\n).\nrest".splitlines(
        keepends=True
    )
    assert list(inputs_of(lines)) == [
        "% one.\na.\n",
        "\nb :-\n  c,\n  d.\n",
        ":list\n",
        ":check\n",
        "?- b. ?- a.\n",
        "p(0.3\n).\n",
        "rest",
    ]
    assert list(inputs_of(["% only a comment\n"])) == []
