"""Lists as sets: in the order of the list, or sorted (the `ord_` predicates)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nesy.grounding.builtins.identity import unifiable
from nesy.grounding.builtins.invocation import CLOSED, NO, Entry, Invocation, entry
from nesy.grounding.order import sorted_terms
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import Unifier
from nesy.language.syntax import Indicator


def _is_set(call: Invocation) -> Iterable[Args]:
    items = call.store.list_items(call[0])
    return call.yes() if items is not None and len(set(items)) == len(items) else NO


def _list_to_set(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(dict.fromkeys(call.items(0)))))


class _Matching:
    """Membership as memberchk/2 sees it: the first item that unifies, which binds what both hold.

    Cost: O(1) for a ground item of a ground list, else linear in the list.
    """

    def __init__(self, store: TermStore, items: list[TermId]) -> None:
        self._store = store
        self._items = items
        self._ground = set(items) if all(store.is_ground(i) for i in items) else None
        self.bound = Unifier(store)

    def has(self, item: TermId) -> bool:
        """Whether an item unifies with one of the list; binds it to the first that does."""
        store, resolve = self._store, self.bound.resolve
        item = resolve(item)
        if self._ground is not None and store.is_ground(item):
            return item in self._ground
        for other in self._items:
            if unifiable(store, item, resolve(other)):
                return self.bound.unify(item, other)
        return False

    def answer(self, call: Invocation, *values: tuple[int, TermId]) -> Iterable[Args]:
        """The call's answer under what has been bound."""
        return (tuple(map(self.bound.resolve, call.where(*values))),)


def _difference(call: Invocation) -> Iterable[Args]:
    found = _Matching(call.store, call.items(1))
    return found.answer(call, (2, call.store.make_list([x for x in call.items(0) if not found.has(x)])))


def _intersection(call: Invocation) -> Iterable[Args]:
    found = _Matching(call.store, call.items(1))
    return found.answer(call, (2, call.store.make_list([x for x in call.items(0) if found.has(x)])))


def _union(call: Invocation) -> Iterable[Args]:
    found = _Matching(call.store, call.items(1))
    own = [x for x in call.items(0) if not found.has(x)]
    return found.answer(call, (2, call.store.make_list(own, call[1])))


def _subset(call: Invocation) -> Iterable[Args]:
    found = _Matching(call.store, call.items(1))
    return found.answer(call) if all(found.has(x) for x in call.items(0)) else NO


def _sorted(name: str, keep: Callable[[set[TermId], set[TermId]], set[TermId]]) -> Entry:
    """An operation on two sets that gives a sorted one."""

    def solve(call: Invocation) -> Iterable[Args]:
        found = keep(set(call.items(0)), set(call.items(1)))
        return call.only((2, call.store.make_list(sorted_terms(call.store, found))))

    return entry(name, 3, solve)


def _ord_test(name: str, holds: Callable[[set[TermId], set[TermId]], bool]) -> Entry:
    def solve(call: Invocation) -> Iterable[Args]:
        return call.yes() if holds(set(call.items(0)), set(call.items(1))) else NO

    return entry(name, 2, solve)


def _ord_memberchk(call: Invocation) -> Iterable[Args]:
    return call.yes() if call[0] in set(call.items(1)) else NO


def _ord_union_all(call: Invocation) -> Iterable[Args]:
    found: set[TermId] = set()
    for part in call.items(0, "a closed list of lists"):
        items = call.store.list_items(part)
        if items is None:
            raise call.refused("argument 1 must hold closed lists", part)
        found.update(items)
    return call.only((1, call.store.make_list(sorted_terms(call.store, found))))


def _ord_with(name: str, keep: Callable[[set[TermId], set[TermId]], set[TermId]]) -> Entry:
    """An operation on a set and one element."""

    def solve(call: Invocation) -> Iterable[Args]:
        found = keep(set(call.items(0, CLOSED)), {call[1]})
        return call.only((2, call.store.make_list(sorted_terms(call.store, found))))

    return entry(name, 3, solve)


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("is_set", 1, _is_set),
        entry("list_to_set", 2, _list_to_set),
        entry("subtract", 3, _difference),
        entry("intersection", 3, _intersection),
        entry("union", 3, _union),
        entry("subset", 2, _subset),
        entry("ord_memberchk", 2, _ord_memberchk),
        entry("ord_union", 2, _ord_union_all),
        _sorted("ord_union", lambda a, b: a | b),
        _sorted("ord_subtract", lambda a, b: a - b),
        _sorted("ord_intersection", lambda a, b: a & b),
        _ord_with("ord_insert", lambda a, b: a | b),
        _ord_with("ord_add_element", lambda a, b: a | b),
        _ord_with("ord_del_element", lambda a, b: a - b),
        _ord_test("ord_subset", lambda a, b: a <= b),
        _ord_test("ord_disjoint", lambda a, b: not a & b),
    )
)
