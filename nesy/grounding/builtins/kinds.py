"""Tests of what kind of term an argument is."""

from __future__ import annotations

from nesy.grounding.builtins.invocation import Entry, test
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import TermId, TermStore
from nesy.language.syntax import Atom, Indicator, Number, String


def _constant(name: str, *kinds: type) -> Entry:
    return test(name, 1, lambda store, args: args[0] >= 0 and isinstance(store.heads[args[0]], kinds))


def _number(name: str, kind: type) -> Entry:
    return test(name, 1, lambda store, args: isinstance(store.number_value(args[0]), kind))


def _callable(store: TermStore, term: TermId) -> bool:
    return term >= 0 and isinstance(store.heads[term], (Atom, str))


TABLE: dict[Indicator, Builtin] = dict(
    (
        test("var", 1, lambda _, args: args[0] < 0),
        test("nonvar", 1, lambda _, args: args[0] >= 0),
        test("ground", 1, lambda store, args: store.is_ground(args[0])),
        test("simple", 1, lambda store, args: store.functor(args[0]) is None),
        test("compound", 1, lambda store, args: store.functor(args[0]) is not None),
        test("callable", 1, lambda store, args: _callable(store, args[0])),
        test("is_list", 1, lambda store, args: store.list_items(args[0]) is not None),
        _constant("atom", Atom),
        _constant("string", String),
        _constant("number", Number),
        _constant("atomic", Atom, Number, String),
        _constant("primitive", Atom, Number, String),
        _number("integer", int),
        _number("float", float),
        _number("rational", int),
        # There are no references to clauses, so that nothing is one.
        test("dbreference", 1, lambda *_: False),
    )
)
