"""The standard order of terms: variables, numbers, atoms, strings, compounds."""

from __future__ import annotations

from nesy.grounding.terms import TermId, TermStore
from nesy.language.syntax import Atom, Number


def compare(store: TermStore, left: TermId, right: TermId) -> int:
    """Negative, zero or positive as left is before, equal to or after right. Iterative.

    Numbers compare by value (a float before an equal integer); compounds by arity, functor, arguments.
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


def _key(store: TermStore, term: TermId) -> tuple[int, float | int, str]:
    """What orders a term before its arguments are looked at."""
    if term < 0:
        return (0, -term, "")
    head = store.heads[term]
    if isinstance(head, Number):
        return (1, head.value, "" if isinstance(head.value, float) else "integer")
    if isinstance(head, str):
        return (4, len(store.args[term]), head)
    if isinstance(head, Atom):
        return (2, 0, head.name)
    return (3, 0, head.value)
