from __future__ import annotations

from functools import cmp_to_key
from random import Random

from nesy.grounding.order import compare, sorted_terms
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import TermId, TermStore
from nesy.language.parser import parse_atom
from tests.unit.grounding.test_syntax_terms import parse_args
from tests.unit.grounding.test_terms import nested


def test_the_standard_order() -> None:
    store = TermStore()
    written = (
        'f(X, -3, 0.5, 1.0, 1, 2, "a", "b", \'A\', [], a, b, g(z), f(a,a), f(a,b), f(b,a), g(a,a), f(a,a,a))'
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


def test_numbers_that_are_equal_or_no_numbers() -> None:
    store = TermStore()
    inf = float("inf")
    values = [float("nan"), -inf, -1, -0.0, 0.0, 0, 2**60, 2**60 + 1, inf]
    terms = [store.number(v) for v in values]
    assert sorted_terms(store, reversed(terms)) == terms
    for i, a in enumerate(terms):
        for j, b in enumerate(terms):
            assert compare(store, a, b) == (i > j) - (i < j)


def test_sorting_constants_is_sorting_terms() -> None:
    store = TermStore()
    terms = [intern(store, t, {"X": 0}) for t in parse_args('f(c, "b", 3, X, 1.0, a, 1, "a", [])')]
    pair = store.compound("-", (terms[0], terms[1]))
    assert sorted_terms(store, [*terms, pair]) == [*sorted_terms(store, terms), pair]


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
