"""Whole lists: joined, split, turned around, rearranged, flattened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import permutations

from nesy.grounding.builtins.identity import unifiable
from nesy.grounding.builtins.invocation import NO, Invocation, entry
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import CONS, EMPTY_LIST, Args, TermId
from nesy.language.syntax import Indicator


def _append(call: Invocation) -> Iterable[Args]:
    store, back = call.store, call[1]
    items = store.list_items(call[0])
    if items is not None:
        return call.only((2, store.make_list(items, back)))
    whole = store.list_items(call[2])
    if whole is None:
        raise call.refusal(0, "a closed list where argument 3 is none")
    known = store.list_items(back)
    if known is not None:
        cut = len(whole) - len(known)
        if cut < 0:
            return NO
        return call.only((0, store.make_list(whole[:cut])), (1, store.make_list(whole[cut:])))
    return (
        call.where((0, store.make_list(whole[:i])), (1, store.make_list(whole[i:])))
        for i in range(len(whole) + 1)
    )


def _append_all(call: Invocation) -> Iterable[Args]:
    """append/2: all lists of a list, one behind the other; the last need not be closed."""
    store = call.store
    parts = call.items(0, "a closed list of lists")
    joined: list[TermId] = []
    for part in parts[:-1]:
        items = store.list_items(part)
        if items is None:
            raise call.refused("argument 1 must hold closed lists", part)
        joined.extend(items)
    return call.only((1, store.make_list(joined, parts[-1] if parts else None)))


def _prefix(call: Invocation) -> Iterable[Args]:
    store = call.store
    whole = store.list_items(call[1])
    if whole is not None:
        return (call.where((0, store.make_list(whole[:i]))) for i in range(len(whole) + 1))
    items = call.items(0, "a closed list where argument 2 is none")
    return call.only((1, store.make_list(items, call.fresh(1)[0])))


def _reverse(call: Invocation) -> Iterable[Args]:
    store = call.store
    items = store.list_items(call[0])
    if items is not None:
        return call.only((1, store.make_list(items[::-1])))
    return call.only((0, store.make_list(call.items(1, "a closed list where argument 1 is none")[::-1])))


def _permutation(call: Invocation) -> Iterable[Args]:
    store = call.store
    items, free = store.list_items(call[0]), 1
    if items is None:
        items, free = call.items(1, "a closed list where argument 1 is none"), 0
    return (call.where((free, store.make_list(order))) for order in permutations(items))


def _flattened(call: Invocation) -> Iterator[TermId]:
    """The items of nested lists, left to right. Iterative: lists may nest to any depth."""
    store, stack = call.store, [call[0]]
    while stack:
        term = stack.pop()
        if store.functor(term) == (CONS, 2):
            first, rest = store.args[term]
            stack += (rest, first)
        elif not store.is_atom(term, EMPTY_LIST):
            yield term


def _flatten(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(_flattened(call))))


def _delete(call: Invocation) -> Iterable[Args]:
    kept = [x for x in call.items(0) if not unifiable(call.store, x, call[1])]
    return call.only((2, call.store.make_list(kept)))


def _proper_length(call: Invocation) -> Iterable[Args]:
    items = call.store.list_items(call[0])
    return NO if items is None else call.only((1, call.store.number(len(items))))


def _same_length(call: Invocation) -> Iterable[Args]:
    store = call.store
    left, right = store.list_items(call[0]), store.list_items(call[1])
    if left is not None and right is not None:
        return call.yes() if len(left) == len(right) else NO
    known = left if left is not None else right
    if known is None:
        raise call.refusal(0, "a closed list where argument 2 is none")
    return call.only((0 if left is None else 1, store.make_list(call.fresh(len(known)))))


def _groups(call: Invocation, pairs: Iterable[tuple[TermId, TermId]]) -> Iterable[Args]:
    """One answer for each group, in order of appearance: its name, and the list of its values."""
    grouped: dict[TermId, list[TermId]] = {}
    for group, value in pairs:
        grouped.setdefault(group, []).append(value)
    make_list = call.store.make_list
    return [call.where((-2, group), (-1, make_list(values))) for group, values in grouped.items()]


def _groups_of_pairs(call: Invocation) -> Iterable[Args]:
    pairs = []
    for item in call.items(0, "a closed list of pairs"):
        functor = call.store.functor(item)
        if functor is None or functor[1] < 2:
            raise call.refused("argument 1 must hold pairs (Group, Value)", item)
        pairs.append(call.store.args[item][:2])
    return _groups(call, ((p[0], p[1]) for p in pairs))


def _groups_of_lists(call: Invocation) -> Iterable[Args]:
    groups, values = call.items(0), call.items(1)
    if len(groups) != len(values):
        raise call.refusal(1, "as long as argument 1")
    return _groups(call, zip(groups, values, strict=True))


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("append", 3, _append),
        entry("append", 2, _append_all),
        entry("prefix", 2, _prefix),
        entry("reverse", 2, _reverse),
        entry("permutation", 2, _permutation),
        entry("flatten", 2, _flatten),
        entry("delete", 3, _delete),
        entry("proper_length", 2, _proper_length),
        entry("same_length", 2, _same_length),
        entry("enum_groups", 3, _groups_of_pairs),
        entry("enum_groups", 4, _groups_of_lists),
    )
)
