"""Terms as they are read: constants, operators, lists, places."""

import pytest

from nesy.errors import LanguageError, Source
from nesy.language.operators import CLAUSE_PRIORITY
from nesy.language.parser import parse_atom
from nesy.language.reader import Reader
from nesy.language.syntax import Atom, Compound, ListTerm, Number, String, Term, Variable
from nesy.language.tokens import Tokens


def read(text: str) -> Term:
    reader = Reader(Tokens(Source("t", text)))
    term = reader.read(CLAUSE_PRIORITY)
    assert reader.index == len(reader.tokens) - 1, "something is left over"
    return term


def functional(term: Term) -> str:
    """A term in functional notation, written independently of the printer."""
    if isinstance(term, Compound):
        return f"{term.functor}({' '.join(map(functional, term.args))})"
    if isinstance(term, ListTerm):
        tail = "" if term.tail is None else f" | {functional(term.tail)}"
        return f"[{' '.join(map(functional, term.items))}{tail}]"
    if isinstance(term, (Atom, Variable)):
        return term.name
    return repr(term.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alice", Atom("alice")),
        ("'New York'", Atom("New York")),
        ("'it''s'", Atom("it's")),
        (r"'a\nb\x41\\101\\\'", Atom("a\nbAA\\")),
        ('"say ""hi"""', String('say "hi"')),
        ("'line\\\nbreak'", Atom("linebreak")),
        ("[]", Atom("[]")),
        ("12", Number(12)),
        ("-12", Number(-12)),
        ("1.0", Number(1.0)),
        ("-1e-3", Number(-0.001)),
        ("1.5E3", Number(1500.0)),
        ("0xFF", Number(255)),
        ("-0x10", Number(-16)),
        ("0b101", Number(5)),
        ("0o17", Number(15)),
        ("0'a", Number(97)),
        ("0'''", Number(39)),
        ("0'\\n", Number(10)),
        ("X", Variable("X")),
        ("_x", Variable("_x")),
        ("[a,b|T]", ListTerm((Atom("a"), Atom("b")), Variable("T"))),
        ("[a|[b,c]]", ListTerm((Atom("a"), Atom("b"), Atom("c")))),
        ("[a|[b|T]]", ListTerm((Atom("a"), Atom("b")), Variable("T"))),
        ("[a|[]]", ListTerm((Atom("a"),))),
        ("[0..2,7]", ListTerm(tuple(map(Number, (0, 1, 2, 7))))),
        ("[-1..1]", ListTerm(tuple(map(Number, (-1, 0, 1))))),
        ("p(_,_)", Compound("p", (Variable("_#1"), Variable("_#2")))),
    ],
)
def test_constants_and_lists(text: str, expected: Term) -> None:
    assert read(text) == expected


def test_integers_and_floats_differ() -> None:
    assert Number(1) != Number(1.0)
    assert len({Number(1), Number(1.0)}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1+2*3", "+(1 *(2 3))"),
        ("(1+2)*3", "*(+(1 2) 3)"),
        ("1-2-3", "-(-(1 2) 3)"),
        ("1-(2-3)", "-(1 -(2 3))"),
        ("2-1", "-(2 1)"),
        ("2 -1", "-(2 1)"),
        ("2- -1", "-(2 -1)"),
        ("2--1", "-(2 -1)"),
        ("- 1", "-1"),
        ("- (1)", "-1"),
        ("-(1)", "-(1)"),
        ("-X", "-(X)"),
        ("- -X", "-(-(X))"),
        ("-X^2", "-(^(X 2))"),
        ("-X+Y", "+(-(X) Y)"),
        ("2^3^4", "^(2 ^(3 4))"),
        ("2**3", "**(2 3)"),
        ("-2**2", "-(**(2 2))"),
        ("-2^2", "^(-2 2)"),
        ("(-2)**2", "**(-2 2)"),
        ("-(2)**2", "**(-(2) 2)"),
        ("- 2+3", "+(-2 3)"),
        ("X is Y mod 2+1", "is(X +(mod(Y 2) 1))"),
        ("X=Y+1", "=(X +(Y 1))"),
        ("X=\\=Y", "=\\=(X Y)"),
        ("X<0", "<(X 0)"),
        ("X<(-1)", "<(X -1)"),
        ("\\+a=b", "\\+(=(a b))"),
        ("\\+(a,b)", "\\+(,(a b))"),
        ("not(a;b,c)", "not(;(a ,(b c)))"),
        ("a:-b,c;d", ":-(a ;(,(b c) d))"),
        ("a:-b->c;d", ":-(a ;(->(b c) d))"),
        ("0.3::a;b", ";(::(0.3 a) b)"),
        ("f(a;b,c)", "f(;(a b) c)"),
        ("f((a,b))", "f(,(a b))"),
        ("f(-)", "f(-)"),
        ("f(-,=)", "f(- =)"),
        ("[-|+]", "[- | +]"),
        ("f(not)", "f(not)"),
        ("f(is,mod)", "f(is mod)"),
        ("'is'(a,b)", "is(a b)"),
        ("'hello world'(a)", "hello world(a)"),
        ("1..3", "..(1 3)"),
        ("0..N-1", "..(0 -(N 1))"),
        ("a/\\b\\/c", "\\/(/\\(a b) c)"),
        ("1 xor 2", "xor(1 2)"),
        ("((((a))))", "a"),
    ],
)
def test_operators(text: str, expected: str) -> None:
    assert functional(read(text)) == expected


def test_places() -> None:
    term = read("p( X+1,[a ])")
    assert isinstance(term, Compound)
    places = [(t.span.start, t.span.end) for t in (term, *term.args) if t.span is not None]
    assert places == [(0, 12), (3, 6), (7, 11)]


def test_parse_atom_reads_a_template() -> None:
    expected = Compound("addition", (Atom("a"), Atom("b"), Variable("S")))
    assert parse_atom("addition(a, b, S)") == parse_atom(" addition(a,b,S). ") == expected
    assert parse_atom("valid") == Atom("valid")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing-operand"),
        ("X", "not-a-head"),
        ("a b", "unexpected-token"),
        ("a. b.", "unexpected-token"),
        ("p(", "unclosed-bracket"),
        ("a :- b", "second-arrow"),
        ("3", "not-a-head"),
        ("\\+a", "not-a-head"),
    ],
)
def test_parse_atom_refuses_everything_else(text: str, code: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_atom(text)
    assert caught.value.code == code
