"""Between run-time terms and Python values, for each type of a foreign predicate's argument."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from typing import Any

from nesy.grounding.foreign.objects import held_object, object_term
from nesy.grounding.syntax_terms import intern, syntax
from nesy.grounding.terms import CONS, EMPTY_LIST, TermId, TermStore
from nesy.language.foreign import Kind
from nesy.language.terms import Atom, Compound, ListTerm, Number, String, Variable


class UnfitError(Exception):
    """A value or term that is not of the type wanted; the text says what was wanted. Never shown as it is."""


EXPECTED: dict[Kind, str] = {
    "int": "an integer",
    "float": "a number",
    "str": "an atom or text",
    "string": "text in quotes",
    "list": "a closed list without variables",
    "term": "a term",
    "obj": "an object that Python gave",
}


def python_value(store: TermStore, term: TermId, kind: Kind) -> Any:
    """What the function is given for an argument. Raises `UnfitError`. Iterative; linear in the term."""
    if kind == "term":
        return syntax(store, term)
    if kind == "obj":
        held = held_object(store, term)
        if held is None:
            raise UnfitError(EXPECTED[kind])
        return held.value
    if kind == "list":
        return _python_list(store, term)
    value = _constant(store, term)
    if kind == "float" and isinstance(value, (int, float)):
        return float(value)
    is_string = term >= 0 and isinstance(store.heads[term], String)
    fits = isinstance(value, int if kind == "int" else str)
    if not fits or kind == "float" or (kind == "string" and not is_string):
        raise UnfitError(EXPECTED[kind])
    return value


def _constant(store: TermStore, term: TermId) -> int | float | str | None:
    head = store.heads[term] if term >= 0 else None
    if isinstance(head, (Number, String)):
        return head.value
    return head.name if isinstance(head, Atom) else None


def _python_list(store: TermStore, term: TermId) -> list[Any]:
    if not store.is_ground(term):
        raise UnfitError(EXPECTED["list"])
    whole: list[Any] = []
    # Each entry: a list to fill, and the term of its items.
    work = [(whole, term)]
    while work:
        filled, rest = work.pop()
        items = store.list_items(rest)
        if items is None:
            raise UnfitError(EXPECTED["list"])
        for item in items:
            if store.functor(item) == (CONS, 2) or store.is_atom(item, EMPTY_LIST):
                inner: list[Any] = []
                filled.append(inner)
                work.append((inner, item))
            else:
                filled.append(_item(store, item))
    return whole


def _item(store: TermStore, term: TermId) -> Any:
    held = held_object(store, term)
    if held is not None:
        return held.value
    value = _constant(store, term)
    return syntax(store, term) if value is None else value


def term_of(store: TermStore, value: Any, kind: Kind) -> TermId:
    """The term of what the function returns for an argument. Raises `UnfitError`. Iterative."""
    if kind == "obj":
        return object_term(store, value)
    if kind == "list":
        if not isinstance(value, (list, tuple)):
            raise UnfitError("a list")
        return _list_term(store, value)
    if kind == "term":
        return _list_term(store, value) if isinstance(value, (list, tuple)) else _any_term(store, value)
    return _CONSTANTS[kind](store, value)


def _integer(store: TermStore, value: Any) -> TermId:
    value = _scalar(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise UnfitError("an int")
    return store.number(int(value))


def _float(store: TermStore, value: Any) -> TermId:
    value = _scalar(value)
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise UnfitError("a float")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise UnfitError("a finite float")
    return store.number(found)


def _scalar(value: Any) -> Any:
    """The number that an array or tensor without dimensions holds; every other value as it is."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _name(store: TermStore, value: Any) -> TermId:
    if not isinstance(value, str):
        raise UnfitError("a str")
    return store.atom(str(value))


def _string(store: TermStore, value: Any) -> TermId:
    if not isinstance(value, str):
        raise UnfitError("a str")
    return store.constant(String(str(value)))


_CONSTANTS: dict[Kind, Callable[[TermStore, Any], TermId]] = {
    "int": _integer,
    "float": _float,
    "str": _name,
    "string": _string,
}


def _any_term(store: TermStore, value: Any) -> TermId:
    """A syntax tree, or a constant by its Python type; variables of a tree are not allowed."""
    value = _scalar(value)
    if isinstance(value, bool):
        return store.atom("true" if value else "false")
    if isinstance(value, str):
        return store.atom(str(value))
    if isinstance(value, numbers.Integral):
        return _integer(store, value)
    if isinstance(value, numbers.Real):
        return _float(store, value)
    if isinstance(value, (Atom, Number, String, Compound, ListTerm)):
        term = intern(store, value, {})
        if store.is_ground(term):
            return term
    raise UnfitError(
        "a term without variables" if isinstance(value, (Compound, ListTerm, Variable)) else "a term"
    )


def _list_term(store: TermStore, value: list[Any] | tuple[Any, ...]) -> TermId:
    """A list of values and lists. Results of inner lists are put together when they are complete."""
    # Each entry: the items still to convert, last first, and the terms of those done.
    work: list[tuple[list[Any], list[TermId]]] = [(list(reversed(value)), [])]
    while True:
        rest, done = work[-1]
        if not rest:
            work.pop()
            term = store.make_list(done)
            if not work:
                return term
            work[-1][1].append(term)
            continue
        item = rest.pop()
        if isinstance(item, (list, tuple)):
            work.append((list(reversed(item)), []))
        else:
            done.append(_any_term(store, item))
