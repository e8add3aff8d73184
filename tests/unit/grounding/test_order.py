from __future__ import annotations

from functools import cmp_to_key
from random import Random

from nesy.grounding.order import compare
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import TermId, TermStore
from nesy.language.parser import parse_atom
from tests.unit.grounding.test_syntax_terms import parse_args
from tests.unit.grounding.test_terms import nested


def test_the_standard_order() -> None:
    store = TermStore()
    written = (
        'f(X, -3, 0.5, 1.0, 1, 2, \'A\', [], a, b, "a", "b", g(z), f(a,a), f(a,b), f(b,a), g(a,a), f(a,a,a))'
    )
    terms = [intern(store, t, {"X": 0}) for t in parse_args(written)]
    shuffled = terms[:]
    Random(0).shuffle(shuffled)

    def order(a: TermId, b: TermId) -> int:
        return compare(store, a, b)

    assert sorted(shuffled, key=cmp_to_key(order)) == terms
    for i, a in enumerate(terms):
        for j, b in enumerate(terms):
            assert compare(store, a, b) == (i > j) - (i < j)


def test_deep_terms() -> None:
    store = TermStore()
    one, two = nested(store, store.number(1)), nested(store, store.number(2))
    assert compare(store, one, two) == -1
    assert compare(store, two, one) == 1
    assert compare(store, one, one) == 0


def test_the_first_difference_decides() -> None:
    store = TermStore()
    left = intern(store, parse_atom("f(g(1,z),a)"), {})
    right = intern(store, parse_atom("f(g(2,a),a)"), {})
    assert compare(store, left, right) == -1
