"""Texts that ProbLog's parser takes are read as it reads them."""

import re
import warnings
from random import Random

import pytest

from nesy.errors import Source
from nesy.language.parser import parse_program
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Compound, ListTerm, Number, String, Term, Variable

problog_errors = pytest.importorskip("problog.errors")
problog_program = pytest.importorskip("problog.program")
problog_logic = pytest.importorskip("problog.logic")

ProbLogError = problog_errors.ProbLogError
Shape = object
"""A term as nested tuples, without regard to how either system stores it."""


def ours(text: str) -> Shape:
    program, problems = parse_program(Source("t", f"p({text})."))
    assert [p.render() for p in problems] == []
    (clause,) = program.clauses
    atom = clause.heads[0].atom
    assert isinstance(atom, Compound)
    return tuple(map(_our_shape, atom.args))


def _our_shape(term: Term) -> Shape:
    if isinstance(term, Compound):
        return (term.functor, *map(_our_shape, term.args))
    if isinstance(term, ListTerm):
        shape = ("[]",) if term.tail is None else _our_shape(term.tail)
        for item in reversed(term.items):
            shape = (".", _our_shape(item), shape)
        return shape
    if isinstance(term, Variable):
        return ("variable", "_" if term.anonymous else term.name)
    if isinstance(term, Atom):
        return (term.name,)
    return ("number", term.value) if isinstance(term, Number) else ("string", term.value)


def theirs(text: str) -> Shape:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (clause,) = list(problog_program.PrologString(f"p({text})."))
    return tuple(map(_their_shape, clause.args))


def _their_shape(term: object) -> Shape:
    if isinstance(term, problog_logic.Var):
        return ("variable", term.name)
    if isinstance(term, problog_logic.Constant):
        value = term.functor
        return ("string", value[1:-1]) if isinstance(value, str) else ("number", value)
    assert isinstance(term, problog_logic.Term)
    # Its operators keep the quotes that tell them from functors of the same name.
    name = str(term.functor)
    return (name.strip("'") if len(name) > 2 else name, *map(_their_shape, term.args))


TRICKY = r"""
-1 | - 1 | -(1) | - (1) | -2**2 | -2^2 | -(2)**2 | a- -1 | a--1 | 1 - 1 | 1 -1 | 1-1 | a-1 | -X | -(-(1))
- 1+2 | -1+2 | 1 + - 2 | +1 | -a*b | -1*b | - a*b | 1-2-3 | 2^3^4 | 1+2*3 | (1+2)*3 | 2*3**2 | 2**3*4 | -2**3
\+a | \+a=b | \+(a,b) | \+(a),b | \+ a*b | not a | not a=b | \+ \+ a
X = (a,b) | (a,b) | (a,b),c | (a:-b) | (a;b) | (a;b;c) | (a,b;c,d) | (a->b) | (a->b;c) | (a,b->c;d)
(a:-b,c;d) | a//b | a<<2 | a rdiv b
s:a | s:t:a | s:a=b | 1+2:3 | [X]>>q(X) | [X,Y]>>(q(X),r(Y)) | X^q(X) | X^Y^q(X,Y) | \a | a/\b\/c
X is 2 mod 3 | is(X,2) | mod(2,3) | mod | is | + | +,- | [-] | [-|+] | X = + | - = a | a xor b | a><b | a//b
[a,b|c] | [a|[b]] | [a,[b]] | [] | [[]] | [(a,b)] | [X|_] | f(a,(b,c),d) | 'A b' | 'A b'(c) | "str" | ""
1.5 | 1e5 | 1.5E+3 | 1e-5 | 0x1F | .5 | 12345678901234567890 | éa | É | _X | X=..[f,a] | a@<b | a=\=b | a=:=b
a=<b | a>=b | a@>=b | a@=<b | a\=b | a== b | a\==b | f(g(h(i))) | a=f(b)*2 | X<Y+1 | foo-bar-baz | ','(a,b)
"""


@pytest.mark.parametrize(
    "text", [text.strip() for line in TRICKY.strip().splitlines() for text in line.split(" | ")]
)
def test_tricky_texts(text: str) -> None:
    assert ours(text) == theirs(text)


@pytest.mark.parametrize(
    ("text", "our_reading"),
    [
        # Where this language reads as other Prologs do: powers bind tighter than signs and products.
        ("2*3^2", (("*", ("number", 2), ("^", ("number", 3), ("number", 2))),)),
        ("-X^2", (("-", ("^", ("variable", "X"), ("number", 2))),)),
        ("not(a,b)", (("not", (",", ("a",), ("b",))),)),
        ("(a|b)", None),
    ],
)
def test_known_differences(text: str, our_reading: Shape) -> None:
    if our_reading is None:
        assert parse_program(Source("t", f"p({text})."))[1]
    else:
        assert ours(text) == our_reading
    if text == "2*3^2":
        with pytest.raises(ProbLogError, match="clash"):
            theirs(text)
    else:
        assert theirs(text) != our_reading


_BINARY = [
    "+",
    "-",
    "*",
    "/",
    "//",
    "mod",
    "xor",
    "<<",
    "=",
    "<",
    "is",
    "=..",
    ",",
    ";",
    "->",
    ":",
    "**",
    "=:=",
]


def random_term(random: Random, depth: int) -> Term:
    choice = random.randrange(9 if depth else 4)
    if choice < 4:
        leaves: list[Term] = [
            Atom(random.choice(["a", "b", "foo"])),
            Number(random.choice([0, 1, 12, -3, 2.5, -0.5])),
            Variable(random.choice(["X", "Y"])),
            String("text"),
        ]
        return leaves[choice]
    inner = [random_term(random, depth - 1) for _ in range(random.randint(1, 3))]
    if choice == 4:
        return Compound(random.choice(["f", "g", "query"]), tuple(inner))
    if choice == 5:
        return ListTerm(tuple(inner), random.choice([None, Variable("T")]))
    if choice == 6:
        return Compound(random.choice(["-", "\\+"]), (inner[0],))
    return Compound(random.choice(_BINARY), (inner[0], inner[-1]))


def test_random_terms_are_read_back_alike() -> None:
    random = Random(3)
    read = 0
    for _ in range(1500):
        term = random_term(random, 3)
        text = f"({term_text(term)})"
        mine = ours(text)
        assert mine == (_our_shape(term),), text
        if re.search(r"[^(,\[|]\[", text):
            continue  # to it, what touches a `[` is a functor of the items
        try:
            other = theirs(text)
        except ProbLogError:
            continue  # it refuses some: signs side by side, arguments looser than a comma
        assert mine == other, text
        read += 1
    assert read > 700
