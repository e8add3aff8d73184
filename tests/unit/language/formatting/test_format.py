"""Canonical layout: comments kept, meaning kept, and nothing left to do the second time."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.errors import LanguageError, Source
from nesy.language.formatting import format_text
from nesy.language.parser import parse_program
from nesy.language.printer import program_text
from nesy.language.syntax import Program
from nesy.language.tokens import Tokens
from nesy_site.ebnf import read_grammar
from tests.unit.language.ebnf import generated
from tests.unit.language.trees import programs

ROOT = Path(__file__).parents[4]
FILES = [
    *sorted((ROOT / "grammar" / "corpus" / "valid").glob("*.nesy")),
    *sorted((ROOT / "tests" / "conformance" / "problog").glob("*.pl")),
]


def formatted(text: str) -> str:
    return format_text(Source("t", text))


def tree(text: str) -> Program:
    program, problems = parse_program(Source("t", text))
    assert not problems
    return program


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_corpora(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    once = formatted(text)
    assert formatted(once) == once
    assert tree(once) == tree(text)
    assert sorted(c for c in once if not c.isspace()) == sorted(c for c in text if not c.isspace())
    assert all(line == line.rstrip() for line in once.splitlines())
    assert "\n\n\n" not in once


@settings(derandomize=True, max_examples=150, deadline=None)
@given(programs)
def test_any_program(program: Program) -> None:
    text = program_text(program)
    once = formatted(text)
    assert tree(once) == program
    assert formatted(once) == once


NOISE = ("", " ", "\n", "\n\n\n", "\t ", " % note\n", "\n% note\n", " /* note */ ", "\n/* two\n  lines */\n")


@settings(derandomize=True, max_examples=150, deadline=None)
@given(programs, st.integers(0, 10**6))
def test_comments_between_any_tokens(program: Program, seed: int) -> None:
    random = Random(seed)
    text = program_text(program)
    tokens = Tokens(Source("t", text))
    pieces: list[str] = []
    for index in range(len(tokens)):
        start = tokens.ends[index - 1] if index else 0
        gap = text[start : tokens.starts[index]]
        # Between some tokens nothing may stand; where something stands, anything may.
        noise = random.choice(NOISE) if gap else ""
        pieces += [gap, noise, " " if noise else "", text[tokens.starts[index] : tokens.ends[index]]]
    noisy = "".join(pieces)
    once = formatted(noisy)
    assert tree(once) == tree(noisy) == program
    assert formatted(once) == once
    assert once.count("note") == noisy.count("note")
    assert once.count("two\n  lines") == noisy.count("two\n  lines")


def test_texts_that_the_grammar_derives() -> None:
    rules = read_grammar((ROOT / "grammar" / "nesy.ebnf").read_text(encoding="utf-8"))
    random = Random(11)
    taken = 0
    for _ in range(400):
        text = generated(rules, "statement", random, budget=random.choice([20, 60]))
        program, problems = parse_program(Source("t", text))
        if problems:
            continue
        once = formatted(text)
        assert tree(once) == program, text
        assert formatted(once) == once, text
        taken += 1
    assert taken > 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("% only a comment", "% only a comment\n"),
        ("a.b.", None),
        ("a. b.", "a.\nb.\n"),
        ("\n\n\na.\n\n\n\nb.\n\n", "a.\n\nb.\n"),
        ("a:-b,c;d.", "a :- b, c; d.\n"),
        ("a :- b,\n  c.", "a :- b, c.\n"),
        ("a<-b.", "a <- b.\n"),
        ("0.3 :: a(X,y);0.7::b:-c(X).", "0.3::a(X, y); 0.7::b :- c(X).\n"),
        ("a:- \\+ b,\\+(c,d),not e,not(f).", "a :- \\+b, \\+(c, d), not e, not (f).\n"),
        ("a:-X=1+2*3-(4-5)**2,X<-1.", None),
        ("a:-X=1+2*3-(4-5)**2,X< -1.", "a :- X = 1 + 2*3 - (4 - 5)**2, X < -1.\n"),
        ("a:-X is 7 mod(2).", "a :- X is 7 mod (2).\n"),
        ("p([H|T],[a , b|_]).", "p([H|T], [a, b|_]).\n"),
        ("p(0..9).", None),
        ("nn(n,[X],D,0 .. 9)::d(X,D).", "nn(n, [X], D, 0..9)::d(X, D).\n"),
        ("t( _ )::a.", "t(_)::a.\n"),
        ("total(G,sum< X >):-s(G,X).", "total(G, sum<X>) :- s(G, X).\n"),
        ("a:-(b->c;d).", "a :- (b -> c; d).\n"),
        ("a:-s : b.", "a :- s:b.\n"),
        ("a:-m([X]>>p(X),[1]).", "a :- m([X]>>p(X), [1]).\n"),
        (":-dynamic a/1,b/2.", ":- dynamic a/1, b/2.\n"),
        (":-op(700,xfx,[=>,<=> ]).a=>b.", None),
        (":-op(700,xfx,[=>,<=> ]). a=>b.", ":- op(700, xfx, [=>, <=>]).\na => b.\n"),
        ("p(- 1,-1,-(1),- (1),- X,-X).", "p(- 1, -1, -(1), - (1), -X, -X).\n"),
        ("p(+,-). q(X):-X= + .", "p(+, -).\nq(X) :- X = + .\n"),
        ("p('A b',\"s\",0'c,0x1F).", "p('A b', \"s\", 0'c, 0x1F).\n"),
        ("#!/usr/bin/nesy\na.", "#!/usr/bin/nesy\na.\n"),
        ("a. % one\n% two\n\n% three\nb. /* four */ c.", "a.  % one\n% two\n\n% three\nb.  /* four */\nc.\n"),
        ("a :- b, % why\n c.", "a :-\n    b,  % why\n    c.\n"),
        ("a :-\n % why\n b /* x */ , c.", "a :-\n    % why\n    b /* x */ ,\n    c.\n"),
        ("p(a, % first\n b).", "p(a,  % first\n    b).\n"),
        ("a % end\n.", "a  % end\n    .\n"),
        ("a.\r\n% c\r\nb.\r\n", "a.\n% c\nb.\n"),
    ],
)
def test_layout(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(LanguageError):
            formatted(text)
    else:
        assert formatted(text) == expected


def test_long_statements_have_one_goal_a_line() -> None:
    names = [f"a_rather_long_name({i}, X)" for i in range(5)]
    assert formatted(f"head(X) :- {','.join(names)}.") == "head(X) :-\n    " + ",\n    ".join(names) + ".\n"
    assert (
        formatted(";".join(f"0.1::{n}" for n in names) + ".")
        == ";\n    ".join(f"0.1::{n}" for n in names) + ".\n"
    )


def test_a_malformed_text_is_refused_with_every_mistake() -> None:
    with pytest.raises(LanguageError) as caught:
        formatted("a b.\nc.\nd e.")
    assert caught.value.code == "unexpected-token"
    assert len(caught.value.others) == 1
