from __future__ import annotations

import pytest

from nesy.grounding.syntax_terms import atom_text, intern, syntax, text, value
from nesy.grounding.terms import TermStore, variable
from nesy.language.parser import parse_atom
from nesy.language.syntax import Atom, Compound, Term
from tests.unit.grounding.test_terms import nested


@pytest.mark.parametrize(
    "written",
    ["f(a)", "f([])", "f([a,b|c])", "f([[1],[2.0]],\"s\",'A b')", "1+2*3", "f(-1,- 1,-(-(1)))", "f([a|[b]])"],
)
def test_there_and_back(written: str) -> None:
    store = TermStore()
    tree = parse_atom(written)
    term = intern(store, tree, {})
    assert text(store, term) == text(store, intern(store, syntax(store, term), {}))
    assert intern(store, syntax(store, term), {}) == term
    assert intern(store, parse_atom(text(store, term)), {}) == term


def test_variables_are_numbered_in_order_of_appearance() -> None:
    store = TermStore()
    numbering: dict[str, int] = {}
    term = intern(store, parse_atom("f(Y,g(X,Y),[Z|_])"), numbering)
    assert list(numbering) == ["Y", "X", "Z", "_#1"]
    assert list(store.variables([term])) == [variable(i) for i in range(4)]


def test_values_are_what_users_see() -> None:
    store = TermStore()
    terms = [intern(store, t, {}) for t in parse_args("f(3, 2.5, \"s\", 'A b', g(1), [1,2])")]
    assert [value(store, t) for t in terms] == [3, 2.5, "s", "A b", "g(1)", "[1,2]"]


def parse_args(written: str) -> tuple[Term, ...]:
    atom = parse_atom(written)
    assert isinstance(atom, Compound)
    return atom.args


def test_atom_text() -> None:
    store = TermStore()
    assert atom_text(store, "p", ()) == "p"
    assert atom_text(store, "p", (store.number(1), store.atom("B"))) == "p(1,'B')"


def test_deep_terms() -> None:
    store = TermStore()
    depth = 100_000
    term = nested(store, store.atom("z"), depth)
    tree: Term = Atom("z")
    for _ in range(depth):
        tree = Compound("s", (tree,))
    assert intern(store, tree, {}) == term
    assert text(store, term) == "s(" * depth + "z" + ")" * depth
    items = [store.number(i) for i in range(depth)]
    assert text(store, store.make_list(items)).startswith("[0,1,2,3")
