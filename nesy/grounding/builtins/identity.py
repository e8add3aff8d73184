"""Unification, identity and the standard order of terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nesy.errors import Span
from nesy.grounding.builtins.invocation import NO, Entry, Invocation, entry, test
from nesy.grounding.order import compare
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.grounding.unification import Unifier, canonical, fresh_number, shifted
from nesy.language.syntax import Indicator


def unifiable(store: TermStore, left: TermId, right: TermId) -> bool:
    """Whether two terms unify. Cost: their size; O(1) where both are ground."""
    if store.is_ground(left) and store.is_ground(right):
        return left == right
    return Unifier(store).unify(left, right)


def _unify(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    left, right = args
    if store.is_ground(left) and store.is_ground(right):
        return (args,) if left == right else NO
    unifier = Unifier(store)
    if not unifier.unify(left, right):
        return NO
    both = unifier.resolve(left)
    # Each variable must be bound in the caller, also those within the two terms.
    return ((both, both),)


def _subsumes(store: TermStore, args: Args) -> bool:
    """Whether the second term is an instance of the first: nothing of the second may be bound."""
    general, specific = args
    apart = fresh_number(store, args)
    frozen = store.map_variables(specific, lambda v: store.compound("$frozen", (store.number(-v),)))
    (renamed,) = shifted(store, (general,), apart)
    return Unifier(store).unify(renamed, frozen)


def _variants(store: TermStore, args: Args) -> bool:
    """Whether two terms are equal but for the names of their variables."""
    return canonical(store, args[:1]) == canonical(store, args[1:])


def _ordering(name: str, holds: Callable[[int], bool]) -> Entry:
    return test(name, 2, lambda store, args: holds(compare(store, args[0], args[1])))


def _compare(call: Invocation) -> Iterable[Args]:
    order = compare(call.store, call[1], call[2])
    if call[0] >= 0 and not any(call.store.is_atom(call[0], sign) for sign in "<=>"):
        raise call.refusal(0, "<, = or >, or not bound")
    return call.only((0, call.store.atom("=><"[(order > 0) - (order < 0)])))


TABLE: dict[Indicator, Builtin] = {
    ("=", 2): _unify,
    ("unify_with_occurs_check", 2): _unify,
    **dict(
        (
            test("true", 0, lambda *_: True),
            test("fail", 0, lambda *_: False),
            test("false", 0, lambda *_: False),
            test("\\=", 2, lambda store, args: not unifiable(store, *args)),
            test("==", 2, lambda _, args: args[0] == args[1]),
            test("\\==", 2, lambda _, args: args[0] != args[1]),
            test("=@=", 2, _variants),
            test("\\=@=", 2, lambda store, args: not _variants(store, args)),
            test("subsumes_term", 2, _subsumes),
            test("subsumes_chk", 2, _subsumes),
            _ordering("@<", lambda c: c < 0),
            _ordering("@>", lambda c: c > 0),
            _ordering("@=<", lambda c: c <= 0),
            _ordering("@>=", lambda c: c >= 0),
            entry("compare", 3, _compare),
        )
    ),
}
