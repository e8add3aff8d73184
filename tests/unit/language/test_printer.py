"""The canonical text of every node, and that reading it gives the node back."""

import pytest
from hypothesis import given, settings

from nesy.errors import Source
from nesy.language.parser import parse_program
from nesy.language.printer import goal_text, program_text, statement_text, term_text
from nesy.language.syntax import Atom, Compound, ListTerm, Number, Program, Term, Variable
from tests.unit.language.trees import programs


@settings(derandomize=True, max_examples=300, deadline=None)
@given(programs)
def test_printing_and_reading_gives_the_same_program(program: Program) -> None:
    text = program_text(program)
    again, problems = parse_program(Source("t", text))
    assert [p.render() for p in problems] == []
    assert again == program
    assert program_text(again) == text


def read(text: str) -> Term:
    program, problems = parse_program(Source("t", f"p({text})."))
    assert not problems
    atom = program.clauses[0].heads[0].atom
    assert isinstance(atom, Compound)
    return atom.args[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("addition( a, b, 3 )", "addition(a,b,3)"),
        ("[a, b | T]", "[a,b|T]"),
        ("[1, [2], []]", "[1,[2],[]]"),
        ("'New York'", "'New York'"),
        ("'rain'", "rain"),
        ("'Rain'", "'Rain'"),
        ("'it''s'", r"'it\'s'"),
        ("'[]'", "[]"),
        ('"a ""b"" \\n"', r'"a \"b\" \n"'),
        ("1.50", "1.5"),
        ("1e22", "1e+22"),
        ("0xFF", "255"),
        ("- 1", "-1"),
        ("-(1)", "-(1)"),
        ("-2**2", "-(2**2)"),
        ("(-2)**2", "(-2)**2"),
        ("sum<X>", "sum<X>"),
        ("s : (t : a)", "s:t:a"),
        ("(s : t) : a", "(s:t):a"),
        ("[X] >> (p(X), q)", "[X]>>(p(X),q)"),
        ("\\ X ^ p(X)", r"\X^p(X)"),
        ("-1", "-1"),
        ("-X", "-X"),
        ("-(1**2)", "-(1**2)"),
        ("1 - (2 - 3) - 4", "1-(2-3)-4"),
        ("(1 * 2) + 3", "1*2+3"),
        ("(1 + 2) * 3", "(1+2)*3"),
        ("2 - -1", "2--1"),
        ("1 < -1", "1< -1"),
        ("a / *(b)", "a/ *(b)"),
        ("X is Y mod 2", "X is Y mod 2"),
        ("(a, b)", "(a,b)"),
        ("f((a :- b, c ; d))", "f((a:-b,c;d))"),
        ("\\+ (a, b)", r"\+(a,b)"),
        ("\\+ a", r"\+a"),
        ("f(+, -)", "f(+,-)"),
        ("'+' + '-'", "'+'+'-'"),
        ("_", "_"),
        ("'=>'", "'=>'"),
        ("'a\\x0\\b'", r"'a\x0\b'"),
    ],
)
def test_terms(text: str, expected: str) -> None:
    term = read(text)
    # As an argument, a term that is looser than a comma keeps its brackets.
    assert term_text(term) == expected
    assert read(expected) == term


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.3::a ; 0.7::b:-c.", "0.3::a; 0.7::b :- c."),
        ("a<-b,(c;d),not e.", r"a :- b, (c; d), \+e."),
        ("a:- b;c,d.", "a :- b; c, d."),
        ("a:- \\+ (b,c).", r"a :- \+(b, c)."),
        ("a:- \\+ (X = Y).", r"a :- \+X=Y."),
        ("nn(net,[X],D,0..2)::digit(X,D).", "nn(net,[X],D,[0,1,2])::digit(X,D)."),
        ("evidence(a,false).", r"evidence(\+a)."),
        ("query(p(_, X)).", "query(p(_,X))."),
        ("query(p(X)):-q(X).", "query(p(X)) :- q(X)."),
        ("query(X):-q(X).", "query(X) :- q(X)."),
        ("evidence(\\+p(X)):-q(X).", r"evidence(\+p(X)) :- q(X)."),
        ("evidence(p,false):-q.", r"evidence(\+p) :- q."),
        ("\\+a:-b.", r"\+a :- b."),
        ("0.3::not a.", r"0.3::\+a."),
        ("0.3:: \\+ (=(a,b)).", r"0.3::\+a=b."),
        ("t( _ )::a.", "t(_)::a."),
        ("t(0.50)::a.", "t(0.5)::a."),
        ("a:-b->c.", "a :- (b -> c)."),
        ("a:-b->c;d.", "a :- (b -> c; d)."),
        ("a:-b,e->c;d->f;g,h.", "a :- (b, e -> c; d -> f; g, h)."),
        ("a:-(b->c;d),e.", "a :- (b -> c; d), e."),
        ("a:-((b->c);d).", "a :- (b -> c; d)."),
        ("a:-(b;c->d).", "a :- b; (c -> d)."),
        ("a:-((b;c)->d).", "a :- ((b; c) -> d)."),
        ("a:- \\+ (b->c;d).", r"a :- \+(b -> c; d)."),
        ("a:-X.", "a :- call(X)."),
        (":- a , b.", ":- a, b."),
        (":- dynamic a/1, b/2.", ":- dynamic((a/1,b/2))."),
    ],
)
def test_statements(text: str, expected: str) -> None:
    (statement,) = parse_program(Source("t", text))[0].statements
    assert statement_text(statement) == expected


def test_a_body_prints_without_its_rule() -> None:
    body = parse_program(Source("t", "h :- a, \\+ (b ; c)."))[0].clauses[0].body
    assert body is not None
    assert goal_text(body) == r"a, \+(b; c)"


def test_a_term_of_any_depth_is_printed() -> None:
    term: Term = Atom("0")
    chain: Term = Number(0)
    for _ in range(5_000):
        term = Compound("s", (term,))
        chain = Compound("+", (chain, Variable("X")))
    assert term_text(term) == "s(" * 5_000 + "'0'" + ")" * 5_000
    assert term_text(chain) == "0" + "+X" * 5_000
    assert term_text(ListTerm((Atom("a"),) * 5_000)) == "[" + ",".join("a" * 5_000) + "]"
