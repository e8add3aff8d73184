"""Syntax errors: codes and places, recovery at the next statement, and no crash on any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.errors import LanguageError
from nesy.language import check, parse
from nesy.language.printer import program_text


def errors(text: str) -> list[tuple[str, int, int]]:
    found = [f for f in check(text) if f.severity == "error"]
    return [(f.code, f.span.line, f.span.column) for f in found if f.span is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb.\nb c.\n", [("missing-dot", 1, 2), ("unexpected-token", 3, 3)]),
        ("a :- b\nb.\n", [("missing-dot", 1, 7)]),
        ("a :- c,\n  c d.\nc. d e.", [("unexpected-token", 2, 5), ("unexpected-token", 3, 6)]),
        (
            "a :- .\nX(a).\na.b.\np(.\n",
            [
                ("empty-body", 1, 3),
                ("capital-predicate", 2, 1),
                ("missing-space", 3, 2),
                ("unclosed-bracket", 4, 2),
            ],
        ),
        ("p('a).\nq('b).\nr.", [("unclosed-quote", 1, 3), ("unclosed-quote", 2, 3)]),
        ("p(a\nq(b).\nr s.", [("unclosed-bracket", 1, 2), ("unexpected-token", 3, 3)]),
        ("a. /* b\nc d.", [("unclosed-comment", 1, 4)]),
        ("a :- \\+ .", [("missing-operand", 1, 6)]),
        ("a :- b := c.", [("unknown-operator", 1, 8)]),
        ("p(a b).", [("unexpected-token", 1, 5)]),
        ("p(a|b).", [("unexpected-token", 1, 4)]),
        ("p([a|b|c]).", [("unexpected-token", 1, 7)]),
        ("p([a|b,c]).", [("unexpected-token", 1, 7)]),
        ("p([|a]).", [("missing-operand", 1, 4)]),
        ("p([a,|b]).", [("missing-operand", 1, 6)]),
        ("a :- (b.", [("unclosed-bracket", 1, 6)]),
        ("a :- ().", [("empty-brackets", 1, 6)]),
        ("p(a,,b).", [("missing-operand", 1, 5)]),
        (":- .", [("empty-body", 1, 1)]),
        (":-", [("empty-body", 1, 1)]),
        ("a", [("missing-dot", 1, 2)]),
        ("a :- b = \\+ c.", [("operator-clash", 1, 10)]),
        ("a :- X is 2 ** 3 ** 4.", [("operator-clash", 1, 18)]),
        ("p(1" + "0" * 5000 + ").", [("number-out-of-range", 1, 3)]),
        ("p('\\x110000\\').", [("unknown-escape", 1, 4)]),
        ("nn(N, [X])::p(X).", [("malformed-neural", 1, 4)]),
        ("nn(net, [X], y)::p(X).", [("malformed-neural", 1, 14)]),
        ("nn(net, [X], D, N)::p(X, D).", [("malformed-neural", 1, 17)]),
        ("nn(net, [X], D, 0..a)::p(X, D).", [("malformed-range", 1, 20)]),
        ("p([0..9999999]).", [("malformed-range", 1, 4)]),
        ("0.3::query(a).", [("malformed-query", 1, 1)]),
        ("query(\\+a).", [("malformed-query", 1, 7)]),
        ("query(X).", [("malformed-query", 1, 7)]),
        ("\\+evidence(a) :- b.", [("malformed-evidence", 1, 1)]),
        ("0.3::query(a) :- b.", [("malformed-query", 1, 1)]),
        ("evidence(a, true, b).", [("malformed-evidence", 1, 1)]),
        ("evidence(3).", [("malformed-evidence", 1, 10)]),
        ("a :- b, c -> d; .", [("missing-operand", 1, 15)]),
        ("t(1, 2)::a.", [("malformed-learnable", 1, 1)]),
        ("a :- 3:b.", [("unknown-operator", 1, 7)]),
        ("a :- b *-> c.", [("unknown-operator", 1, 8)]),
        (":- op(700, xfx, =>).\na =>> b.", [("missing-operand", 2, 5)]),
        (":- op(700, xfx, =>).\na => b => c.", [("operator-clash", 2, 8)]),
        (":- op(700, xfx, =).\n:- op(700, xfy, =).", [("fixed-operator", 2, 17)]),
        (":- op(700, xfx, ').\na.", [("unclosed-quote", 1, 17)]),
        (":- op(700, xfx, [a, b).\na.", [("malformed-operator", 1, 22)]),
        (":- op(700, xfx, a, b).\na.", [("malformed-operator", 1, 18)]),
        (":- op(a, xfx, b).\na.", [("malformed-operator", 1, 4)]),
        (":- op(", [("malformed-operator", 1, 4)]),
        (":- op(1, xfx, a", [("malformed-operator", 1, 4)]),
    ],
)
def test_codes_and_places(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert errors(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("a :- b != c.", r"`X \= Y`"),
        ("a :- b <= c.", "`=<`"),
        ("a => b.", "head :- body"),
        ("a :- b && c.", "`,`"),
        ("a :- b || c.", "`;`"),
        ("a :- ~b.", r"`\+`"),
        ("a :- !b.", r"`\+`"),
        ("a :- X := 3.", "`X is Expression`"),
        ("0.3 : a.", "`::`"),
        ("0.3 a.", "`::`"),
        ("Foo(x).", "foo("),
        ("a or b.", "`;`"),
        ("a::0.3.", "0.3::a"),
        ("a :- X<-1.", "X < -1"),
        ("a :- b,\nc :- d.", "comma instead of a dot"),
        ("a :- 1 < X < 5.", "X < Y, Y < Z"),
        ("p(0..9).", "between(0, 9, X)"),
        (":- op(700, xfx).", ":- op(700, xfx, likes)."),
        ("t()::a.", "t"),
        ("p(‘a’).", "plain quotes"),  # noqa: RUF001
    ],
)
def test_hints_name_the_remedy(text: str, hint: str) -> None:
    (finding, *_) = (f for f in check(text) if f.severity == "error")
    assert finding.hint is not None
    assert hint in finding.hint


def test_one_error_carries_the_others() -> None:
    with pytest.raises(LanguageError) as caught:
        parse("a b.\nc.\nd e.\nf g.", "rules.nesy")
    assert caught.value.code == "unexpected-token"
    assert [o.span.line for o in caught.value.others if o.span] == [3, 4]
    assert "rules.nesy:1:3" in str(caught.value)


def test_the_rendered_error() -> None:
    with pytest.raises(LanguageError) as caught:
        parse("p(X) :-\n\tq(X) & r.\n", "r.nesy")
    assert str(caught.value).splitlines() == [
        "error[unknown-operator]: `&` is not an operator",
        "  r.nesy:2:7",
        "  2 | \tq(X) & r.",
        "    | \t     ^",
        "  help: `and` is written `,`: a :- b, c.",
    ]


DEEP = 12_000


@pytest.mark.parametrize(
    "text",
    [
        "p(" + "f(" * DEEP + "a" + ")" * DEEP + ").",
        "p(" + "[" * DEEP + "]" * DEEP + ").",
        "p(" + "[a|" * DEEP + "b" + "]" * DEEP + ").",
        "h :- " + "(" * DEEP + "true" + ")" * DEEP + ".",
        "h :- " + "\\+ " * DEEP + "true.",
        "h :- " + "(true, (true ; " * 5_000 + "true" + "))" * 5_000 + ".",
        "nn(net, [" + "f(" * DEEP + "a" + ")" * DEEP + "])::h.",
    ],
    ids=[
        "calls",
        "lists",
        "tails",
        "brackets",
        "negations",
        "goals",
        "input",
    ],
)
def test_deep_input_is_refused_by_name(text: str) -> None:
    assert [code for code, _, _ in errors(text)] == ["term-too-deep"]


@pytest.mark.parametrize(
    "text",
    [
        "p(" + "-" * DEEP + "a).",
        "p(" + "f(" * 4_000 + "a" + ")" * 4_000 + ").",
        "h :- 1 < " + "+".join(["1"] * DEEP) + ".",
        "h :- 1 < " + "^".join(["1"] * DEEP) + ".",
        "+".join(["0.00001"] * DEEP) + "::h.",
        "h :- " + ", ".join(["true"] * DEEP) + ".",
    ],
    ids=["minus", "calls", "sum", "powers", "label", "goals"],
)
def test_deep_terms_are_read_compared_and_printed(text: str) -> None:
    program, again = parse(text), parse(text)
    assert program == again
    assert hash(program.statements[0]) == hash(again.statements[0])
    assert parse(program_text(program)) == program
    changed = text[::-1].replace("a", "b", 1).replace("1", "2", 1).replace("eurt", "liaf", 1)[::-1]
    assert parse(changed) != program


PIECES = r"""a X p( ( ) [ ] , . | :- :: ; \+ not - 1 0.5 .. ' " /* */ % = <- query( evidence( ! _ is \ ->"""
texts = st.lists(st.sampled_from([*PIECES.split(), " ", "\n", ". "]), max_size=25).map("".join)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(texts)
def test_no_text_crashes_the_parser(text: str) -> None:
    for finding in check(text):
        finding.render()


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_no_characters_crash_the_parser(text: str) -> None:
    for finding in check(text):
        finding.render()
