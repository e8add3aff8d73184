"""Goals in arguments: which they are, and what closures lack."""

import pytest

from nesy.language.checks.metacalls import argument_goals
from nesy.language.goals import goal_term
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text


def goals(text: str) -> list[str]:
    return [term_text(goal_term(g)) for g in argument_goals(parse_atom(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo(bar)", []),
        ("call(foo, X)", ["foo(_)"]),
        ("call(foo(a), X, Y)", ["foo(a,_,_)"]),
        ("call(F, X)", []),
        ("maplist(foo, A, B)", ["foo(_,_)"]),
        ("maplist(F, A)", ["call(F,_)"]),
        ("maplist([X]>>foo(X, Y), A)", ["foo(X,Y)"]),
        ("maplist([X]>>foo(X), A, B)", ["foo(X,_)"]),
        ("maplist(Y/[X]>>foo(X, Y), A)", ["foo(X,Y)"]),
        ("foldl(add, L, 0, S)", ["add(_,_,_)"]),
        ("findall(X, p(X), L)", ["p(X)"]),
        ("setof(X, Y^p(X, Y), L)", ["p(X,Y)"]),
        ("forall(p(X), q(X))", ["p(X)", "q(X)"]),
        ("call(3)", []),
    ],
)
def test_argument_goals(text: str, expected: list[str]) -> None:
    assert goals(text) == expected


def test_deep_goals_are_no_trouble() -> None:
    text = "findall(X, " * 1500 + "p" + ", L)" * 1500
    found = argument_goals(parse_atom(text))
    for _ in range(1499):
        (inner,) = found
        found = argument_goals(inner.atom)  # type: ignore[union-attr]
    assert len(found) == 1
