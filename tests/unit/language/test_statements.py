"""Statements: what the text of each kind means."""

import pytest

from nesy.errors import Source
from nesy.language import parse
from nesy.language.parser import parse_program
from nesy.language.syntax import (
    Atom,
    Call,
    Clause,
    Compound,
    Conjunction,
    Constraint,
    Directive,
    Disjunction,
    Evidence,
    Goal,
    Head,
    Negation,
    Neural,
    Number,
    Probability,
    Query,
    Statement,
    Variable,
)

A, B, C, D = (Atom(name) for name in "abcd")
a, b, c, d = (Call(atom) for atom in (A, B, C, D))
X, Y = Variable("X"), Variable("Y")


def statement(text: str) -> Statement:
    program, problems = parse_program(Source("t", text))
    assert not problems
    (found,) = program.statements
    return found


def body(text: str) -> Goal:
    found = statement(f"h :- {text}.")
    assert isinstance(found, Clause)
    assert found.body is not None
    return found.body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.", Clause((Head(A),))),
        ("a :- b.", Clause((Head(A),), b)),
        ("a <- b.", Clause((Head(A),), b)),
        ("0.3::a.", Clause((Head(A, Probability(Number(0.3))),))),
        ("1/2::a.", Clause((Head(A, Probability(Compound("/", (Number(1), Number(2))))),))),
        ("X::a :- b.", Clause((Head(A, Probability(X)),), b)),
        (
            "0.3::a; 0.7::b :- c.",
            Clause((Head(A, Probability(Number(0.3))), Head(B, Probability(Number(0.7)))), c),
        ),
        ("a; b.", Clause((Head(A), Head(B)))),
        ("query(a).", Query(A)),
        ("query(p(X)).", Query(Compound("p", (X,)))),
        ("evidence(a).", Evidence(A, True)),
        ("evidence(\\+a).", Evidence(A, False)),
        ("evidence(not a).", Evidence(A, False)),
        ("evidence(a, true).", Evidence(A, True)),
        ("evidence(a, false).", Evidence(A, False)),
        ("evidence(\\+a, false).", Evidence(A, True)),
        (":- a, b.", Constraint(Conjunction((a, b)))),
        (":- \\+a.", Constraint(Negation(a))),
        (
            ":- use_module(library(lists)).",
            Directive(Compound("use_module", (Compound("library", (Atom("lists"),)),))),
        ),
        (":- dynamic a/1.", Directive(Compound("dynamic", (Compound("/", (A, Number(1))),)))),
        ("query.", Clause((Head(Atom("query")),))),
    ],
)
def test_kinds(text: str, expected: Statement) -> None:
    assert statement(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a, b, c", Conjunction((a, b, c))),
        ("(a, b), c", Conjunction((a, b, c))),
        ("a, (b, c)", Conjunction((a, b, c))),
        ("a ; b ; c", Disjunction((a, b, c))),
        ("(a ; b) ; c", Disjunction((a, b, c))),
        ("a, b ; c", Disjunction((Conjunction((a, b)), c))),
        ("a, (b ; c)", Conjunction((a, Disjunction((b, c))))),
        ("\\+ a, b", Conjunction((Negation(a), b))),
        ("\\+ (a, b)", Negation(Conjunction((a, b)))),
        ("\\+(a, b)", Negation(Conjunction((a, b)))),
        ("\\+(a ; b, c)", Negation(Disjunction((a, Conjunction((b, c)))))),
        ("not(a), not b", Conjunction((Negation(a), Negation(b)))),
        ("\\+ \\+ a", Negation(Negation(a))),
        ("\\+ X = Y", Negation(Call(Compound("=", (X, Y))))),
        ("X < Y", Call(Compound("<", (X, Y)))),
        ("((a))", a),
    ],
)
def test_bodies(text: str, expected: Goal) -> None:
    assert body(text) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("nn(net, [X])", Neural("net", (X,))),
        ("nn(net, [X, a], Y)", Neural("net", (X, A), Y)),
        ("nn(net, [X], Y, [a, b])", Neural("net", (X,), Y, (A, B))),
        ("nn(net, [X], Y, 0..2)", Neural("net", (X,), Y, tuple(map(Number, range(3))))),
        ("nn(net, [X], Y, [0..1, 5])", Neural("net", (X,), Y, tuple(map(Number, (0, 1, 5))))),
        ("nn('My Net', [X])", Neural("My Net", (X,))),
    ],
)
def test_neural_labels(label: str, expected: Neural) -> None:
    found = statement(f"{label} :: p(X, Y) :- a.")
    assert isinstance(found, Clause)
    assert found.heads[0].label == expected
    assert found.body == a


@pytest.mark.parametrize("end", ["", "\n", " % comment", "\n/* comment */", "\r\n"])
@pytest.mark.parametrize("start", ["", "\n", "% comment\n", "/* two\nlines */", "\t"])
def test_layout_around_statements(start: str, end: str) -> None:
    assert parse(f"{start}a.{end}").statements == (Clause((Head(A),)),)


def test_an_empty_text_is_an_empty_program() -> None:
    assert parse("").statements == parse(" % nothing\n").statements == ()


def test_anonymous_variables_are_numbered_within_each_statement() -> None:
    program = parse("p(_, X, _) :- q(_, X). q(_, _).")
    rendered = repr(program.statements)
    assert [rendered.count(f"_#{i}") for i in range(1, 5)] == [2, 2, 1, 0]


def test_spans_of_statements_are_their_text() -> None:
    text = "% c\n0.3::a :-\n  b.  c.\n"
    assert [s.span.text for s in parse(text + "b.").statements if s.span] == ["0.3::a :-\n  b.", "c.", "b."]


LONG = 8_000


@pytest.mark.parametrize(
    "text",
    [
        "p([" + ",".join(map(str, range(LONG))) + "]).",
        "p(" + ",".join(["a"] * LONG) + ").",
        "h :- " + ", ".join(["true"] * LONG) + ".",
        "h :- " + "; ".join(["true"] * LONG) + ".",
        "; ".join([f"0.0001::a({i})" for i in range(LONG)]) + ".",
        "h :- " + "(" * 4_000 + "true" + ")" * 4_000 + ".",
        "\n".join(["a."] * LONG),
    ],
    ids=["list", "arguments", "conjunction", "disjunction", "heads", "brackets", "statements"],
)
def test_long_input_is_read(text: str) -> None:
    assert parse(text).statements
