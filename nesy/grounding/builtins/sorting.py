"""Sorting by the standard order of terms, and lists of pairs `Key-Value`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from nesy.grounding.builtins.invocation import NO, Invocation, entry
from nesy.grounding.order import sort_key, sorted_terms
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId
from nesy.language.syntax import Indicator

PAIR = "-"
ORDERS: dict[str, tuple[bool, bool]] = {
    "@<": (False, True),
    "@=<": (False, False),
    "@>": (True, True),
    "@>=": (True, False),
}
"""The orders of sort/4: whether descending, and whether only one of equals is kept."""


def _sort(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(sorted_terms(call.store, set(call.items(0))))))


def _msort(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(sorted_terms(call.store, call.items(0)))))


def _sort_by(call: Invocation) -> Iterable[Args]:
    """sort/4: by an argument of each item, or by the items themselves where that is 0."""
    store = call.store
    place = call.integer(0, "0, or the number of an argument")
    order = next((v for name, v in ORDERS.items() if store.is_atom(call[1], name)), None)
    if order is None:
        raise call.refusal(1, "@<, @=<, @> or @>=")
    descending, unique = order
    items = call.items(2)
    keys = {item: _part(call, item, place) for item in items}
    by_key = sort_key(store, keys.values())
    # Sorting backwards keeps equals in the order they came in, as sorting forwards does.
    items.sort(key=lambda item: by_key(keys[item]), reverse=descending)
    if unique:
        items = [next(group) for _, group in groupby(items, key=keys.__getitem__)]
    return call.only((3, store.make_list(items)))


def _part(call: Invocation, item: TermId, place: int) -> TermId:
    if place == 0:
        return item
    parts = () if item < 0 else call.store.args[item]
    if not 1 <= place <= len(parts):
        raise call.refused(f"the items of argument 3 must have an argument {place}", item)
    return parts[place - 1]


def _pairs(call: Invocation, position: int) -> list[tuple[TermId, TermId]]:
    """The keys and values of a closed list of pairs."""
    pairs = []
    for item in call.items(position, "a closed list of pairs Key-Value"):
        if call.store.functor(item) != (PAIR, 2):
            raise call.refused(f"argument {position + 1} must hold pairs Key-Value", item)
        key, value = call.store.args[item]
        pairs.append((key, value))
    return pairs


def _keysort(call: Invocation) -> Iterable[Args]:
    pairs = _pairs(call, 0)
    by_key = sort_key(call.store, (key for key, _ in pairs))
    pairs.sort(key=lambda pair: by_key(pair[0]))
    return call.only((1, call.store.make_list(call.store.compound(PAIR, pair) for pair in pairs)))


def _keys_and_values(call: Invocation) -> Iterable[Args]:
    store = call.store
    if store.list_items(call[0]) is not None:
        pairs = _pairs(call, 0)
        keys, values = (store.make_list([pair[i] for pair in pairs]) for i in (0, 1))
        return call.only((1, keys), (2, values))
    rule = "a closed list where argument 1 is none"
    known_keys, known_values = call.items(1, rule), call.items(2, rule)
    if len(known_keys) != len(known_values):
        return NO
    together = zip(known_keys, known_values, strict=True)
    return call.only((0, store.make_list(store.compound(PAIR, pair) for pair in together)))


def _keys(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list([key for key, _ in _pairs(call, 0)])))


def _values(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list([value for _, value in _pairs(call, 0)])))


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("sort", 2, _sort),
        entry("list_to_ord_set", 2, _sort),
        entry("msort", 2, _msort),
        entry("sort", 4, _sort_by),
        entry("keysort", 2, _keysort),
        entry("pairs_keys_values", 3, _keys_and_values),
        entry("pairs_keys", 2, _keys),
        entry("pairs_values", 2, _values),
    )
)
