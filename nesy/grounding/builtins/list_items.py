"""Items of lists: membership, positions, picking one out. Linear in the list, without proofs per item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from nesy.grounding.builtins.identity import unifiable
from nesy.grounding.builtins.invocation import NO, Invocation, entry
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId
from nesy.grounding.unification import Unifier
from nesy.language.syntax import Indicator


def _candidates(call: Invocation, item: TermId, items: list[TermId]) -> Iterator[tuple[int, TermId]]:
    """The places and items of a list that may unify with a term."""
    store = call.store
    ground = store.is_ground(item)
    for i, other in enumerate(items):
        if not ground or other == item or not store.is_ground(other):
            yield i, other


def _member(call: Invocation) -> Iterable[Args]:
    return [call.where((0, other)) for _, other in _candidates(call, call[0], call.items(1))]


def _memberchk(call: Invocation) -> Iterable[Args]:
    for _, other in _candidates(call, call[0], call.items(1)):
        if unifiable(call.store, call[0], other):
            return call.only((0, other))
    return NO


def _nth(call: Invocation, first: int) -> Iterable[Args]:
    items = call.items(1)
    index = call.integer_if_bound(0)
    if index is None:
        number = call.store.number
        return [call.where((0, number(i + first)), (2, x)) for i, x in _candidates(call, call[2], items)]
    return call.only((2, items[index - first])) if 0 <= index - first < len(items) else NO


def _nth_rest(call: Invocation, first: int) -> Iterable[Args]:
    """nth0/4 and nth1/4: the item at a position, and the others; or a list with it put in."""
    store, number = call.store, call.store.number
    index = call.integer_if_bound(0)
    items = store.list_items(call[1])
    if items is not None:
        return (
            call.where((0, number(i + first)), (2, item), (3, store.make_list((*items[:i], *items[i + 1 :]))))
            for i, item in _candidates(call, call[2], items)
            if index is None or i == index - first
        )
    rest = store.list_items(call[3])
    if rest is None:
        raise call.refusal(1, "a closed list where argument 4 is none")
    places = range(len(rest) + 1) if index is None else [index - first]
    return (
        call.where((0, number(i + first)), (1, store.make_list((*rest[:i], call[2], *rest[i:]))))
        for i in places
        if 0 <= i <= len(rest)
    )


def _last(call: Invocation) -> Iterable[Args]:
    items = call.items(0)
    return call.only((1, items[-1])) if items else NO


def _next_to(call: Invocation) -> Iterable[Args]:
    items = call.items(2)
    pairs = dict.fromkeys(pairwise(items))
    return [call.where((0, a), (1, b)) for a, b in pairs]


def _select(call: Invocation) -> Iterable[Args]:
    """select/3 takes an item out of the list in argument 2, or puts it into the one in argument 3."""
    store = call.store
    items = store.list_items(call[1])
    if items is not None:
        return (
            call.where((0, item), (2, store.make_list((*items[:i], *items[i + 1 :]))))
            for i, item in _candidates(call, call[0], items)
        )
    rest = store.list_items(call[2])
    if rest is None:
        raise call.refusal(1, "a closed list where argument 3 is none")
    return (call.where((1, store.make_list((*rest[:i], call[0], *rest[i:])))) for i in range(len(rest) + 1))


def _select_first(call: Invocation) -> Iterable[Args]:
    items = call.items(1)
    for i, item in _candidates(call, call[0], items):
        if unifiable(call.store, call[0], item):
            rest = call.store.make_list((*items[:i], *items[i + 1 :]))
            return call.only((0, item), (2, rest))
    return NO


def _replacements(call: Invocation) -> Iterator[Args]:
    """select/4: lists that differ in one place, where one holds argument 1 and the other argument 3."""
    store = call.store
    before, after = store.list_items(call[1]), store.list_items(call[3])
    if before is None and after is None:
        raise call.refusal(1, "a closed list where argument 4 is none")
    for i, item in enumerate(before if before is not None else after or ()):
        if before is not None:
            changed = store.make_list((*before[:i], call[2], *before[i + 1 :]))
            yield call.where((0, item), (3, changed))
        else:
            original = store.make_list((*(after or ())[:i], call[0], *(after or ())[i + 1 :]))
            yield call.where((2, item), (1, original))


def _select_replace(call: Invocation) -> Iterable[Args]:
    return _replacements(call)


def _first_replacement(call: Invocation) -> Iterable[Args]:
    for answer in _replacements(call):
        if Unifier(call.store).unify_all(call.args, answer):
            return (answer,)
    return NO


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("member", 2, _member),
        entry("memberchk", 2, _memberchk),
        entry("nth0", 3, lambda call: _nth(call, 0)),
        entry("nth1", 3, lambda call: _nth(call, 1)),
        entry("nth0", 4, lambda call: _nth_rest(call, 0)),
        entry("nth1", 4, lambda call: _nth_rest(call, 1)),
        entry("last", 2, _last),
        entry("nextto", 3, _next_to),
        entry("select", 3, _select),
        entry("selectchk", 3, _select_first),
        entry("select", 4, _select_replace),
        entry("selectchk", 4, _first_replacement),
    )
)
