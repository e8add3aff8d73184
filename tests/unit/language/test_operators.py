"""Operators of one's own: `:- op(Priority, Type, Name)` and what it makes of the rest of a text."""

import pytest

from nesy.errors import Source
from nesy.language import check
from nesy.language.operators import STANDARD, Operator
from nesy.language.parser import parse_program
from nesy.language.printer import program_text
from nesy.language.syntax import Clause, Directive, Program
from nesy.language.tokens import Tokens
from tests.unit.language.test_terms import functional


def read(text: str) -> Program:
    program, problems = parse_program(Source("t", text))
    assert [p.render() for p in problems] == []
    assert parse_program(Source("again", program_text(program)))[0] == program
    return program


def heads(text: str) -> list[str]:
    """The heads of a text's facts, in functional notation."""
    return [functional(c.heads[0].atom) for c in read(text).statements if isinstance(c, Clause)]


@pytest.mark.parametrize(
    ("definition", "text", "expected"),
    [
        ("700, xfx, likes", "ann likes bob.", "likes(ann bob)"),
        ("700, xfx, =>", "a => b.", "=>(a b)"),
        ("700, xfx, '=>'", "a=>b.", "=>(a b)"),
        ("700, xfx, ===>", "a===>b.", "===>(a b)"),
        ("700, xfx, [=>, <=>, likes]", "a <=> b.", "<=>(a b)"),
        ("500, yfx, &", "a & b & c.", "&(&(a b) c)"),
        ("500, xfy, &", "a & b & c.", "&(a &(b c))"),
        ("500, xfy, &", "a & b * c.", "&(a *(b c))"),
        ("300, xfy, &", "a & b * c.", "*(&(a b) c)"),
        ("300, xfy, $", "a $ b.", "$(a b)"),
        ("300, fy, #", "# # a.", "#(#(a))"),
        ("900, fy, always", "always always a = b.", "always(always(=(a b)))"),
        ("200, xf, squared", "p(X squared).", "p(squared(X))"),
        ("200, yf, !!", "p(a !! !!, b!!).", "p(!!(!!(a)) !!(b))"),
        ("200, xfy, .+", "a .+ b .+ c.", ".+(a .+(b c))"),
        ("700, xfx, likes", "likes(ann, bob).", "likes(ann bob)"),
        ("700, xfx, likes", "p(likes).", "p(likes)"),
        ("200, fy, foo", "p(foo - 1, foo, foo(2), foo 3).", "p(foo(-1) foo foo(2) foo(3))"),
    ],
)
def test_operators_of_every_type(definition: str, text: str, expected: str) -> None:
    assert heads(f":- op({definition}). {text}") == [expected]


def test_a_definition_holds_for_the_rest_of_the_text() -> None:
    text = "p(a). :- op(700, xfx, ~>). a ~> b. :- op(200, xfx, ~>). q(a = b ~> c). :- op(0, xfx, ~>). r(a)."
    assert heads(text) == ["p(a)", "~>(a b)", "q(=(a ~>(b c)))", "r(a)"]
    _, problems = parse_program(Source("t", f"{text} a ~> b."))
    assert [p.code for p in problems] == ["unexpected-token"]


def test_a_definition_holds_for_one_text() -> None:
    read(":- op(700, xfx, =>). a => b.")
    assert [p.code for p in check("a => b.") if p.severity == "error"] == ["unknown-operator"]


def test_directives_are_kept_and_change_nothing_else() -> None:
    program = read(":- op(700, xfx, =>).\np(a).")
    assert isinstance(program.statements[0], Directive)
    assert [f for f in check(":- op(700, xfx, =>).\np(a). query(p(a)).") if f.severity == "error"] == []


def test_spans_are_right_behind_a_definition() -> None:
    text = ":- op(700, xfx, ==>>).\na ==>> b.\n  c ==>> d."
    spans = [s.span.text for s in read(text).statements if s.span is not None]
    assert spans == [":- op(700, xfx, ==>>).", "a ==>> b.", "c ==>> d."]


def test_too_many_definitions() -> None:
    names = ",".join(f"op{i}" for i in range(201))
    _, problems = parse_program(Source("t", f":- op(700, xfx, [{names}])."))
    assert [p.code for p in problems] == ["too-many-operators"]


def test_tables_are_values() -> None:
    table = STANDARD.having(Operator("=>", "xfx", 700))
    assert "=>" in table
    assert "=>" not in STANDARD
    assert "=>" not in table.having(Operator("=>", "xfx", 0))
    assert table.symbols == {"=>"}


def test_only_what_is_read_anew_changes() -> None:
    tokens = Tokens(Source("t", "a ==>> b. c ==>> d."))
    before = list(zip(tokens.texts, tokens.starts, strict=True))[:5]
    tokens.use(STANDARD.having(Operator("==>>", "xfx", 700)), 5)
    after = list(zip(tokens.texts, tokens.starts, strict=True))
    assert after[:5] == before
    assert after[5:] == [("c", 10), ("==>>", 12), ("d", 17), (".", 18), ("", 19)]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a :- X = (b, c).", "X = (b, c)"),
        ("a :- (X) = b.", "(X) = b"),
        ("a :- X is (1 + 2) * (3).", "X is (1 + 2) * (3)"),
        ("a :- \\+ (b, c).", "\\+ (b, c)"),
        ("a :- (b -> c ; (d)).", "(b -> c ; (d))"),
        ("a :- b = [c, (d)].", "b = [c, (d)]"),
    ],
)
def test_spans_hold_the_brackets_of_operands(text: str, span: str) -> None:
    (clause,) = read(text).clauses
    assert clause.body is not None
    assert clause.body.span is not None
    assert clause.body.span.text == span
