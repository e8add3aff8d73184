"""The standard order of terms: variables, numbers, strings, atoms, compounds, as in ProbLog."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

from nesy.grounding.terms import TermId, TermStore
from nesy.language.syntax import Atom, Number


def compare(store: TermStore, left: TermId, right: TermId) -> int:
    """Negative, zero or positive as left is before, equal to or after right. Iterative.

    Numbers compare by value (a float before an equal integer, and what is no number before all);
    compounds by arity, functor, arguments. Only identical terms are equal.
    """
    work = [(left, right)]
    while work:
        a, b = work.pop()
        if a == b:
            continue
        key_a, key_b = _key(store, a), _key(store, b)
        if key_a != key_b:
            return -1 if key_a < key_b else 1
        work.extend(zip(reversed(store.args[a]), reversed(store.args[b]), strict=True))
    return 0


def sort_key(store: TermStore, terms: Iterable[TermId]) -> Callable[[TermId], Any]:
    """A key by which these terms sort into the standard order. Cheap where all are constants."""
    if any(t >= 0 and store.args[t] for t in terms):
        return cmp_to_key(lambda a, b: compare(store, a, b))
    return lambda term: _key(store, term)


def sorted_terms(store: TermStore, terms: Iterable[TermId]) -> list[TermId]:
    """Terms in the standard order. Cost: O(n log n) comparisons."""
    listed = list(terms)
    return sorted(listed, key=sort_key(store, listed))


def _key(store: TermStore, term: TermId) -> tuple[int, float | int, str]:
    """What orders a term before its arguments are looked at."""
    if term < 0:
        return (0, -term, "")
    head = store.heads[term]
    if isinstance(head, Number):
        return _number_key(head.value)
    if isinstance(head, str):
        return (4, len(store.args[term]), head)
    if isinstance(head, Atom):
        return (3, 0, head.name)
    return (2, 0, head.value)


def _number_key(value: int | float) -> tuple[int, float | int, str]:
    if isinstance(value, int):
        return (1, value, "integer")
    if math.isnan(value):
        return (1, -math.inf, "")
    # -0.0 and 0.0 are two terms: the order tells them apart.
    return (1, value, "" if math.copysign(1.0, value) < 0 and value == 0 else "float")
