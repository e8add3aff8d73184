"""Taking terms apart and building them: functor/3, arg/3, `=..`, copies, numbered variables."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.grounding.builtins.invocation import NO, Invocation, entry
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import CONS, EMPTY_LIST, Args, TermId, TermStore
from nesy.grounding.unification import fresh_number, shifted
from nesy.language.syntax import Atom, Indicator

NUMBERED = "$Var"
"""The functor of a variable that numbervars/3 has numbered."""

MOST_ARGUMENTS = 1_000_000
"""The most arguments, or list items, that a number in a program may ask for."""


def build(call: Invocation, functor: TermId, args: Args, position: int) -> TermId:
    """The term of a functor and arguments; the functor itself where there are none."""
    if not args:
        return functor
    head = call.store.heads[functor] if functor >= 0 else None
    if not isinstance(head, Atom):
        raise call.refused(f"the functor in argument {position + 1} must be an atom", functor)
    return call.store.compound(head.name, args)


def limited(call: Invocation, position: int, least: int = 0) -> int:
    """The number of parts that an argument asks for."""
    count = call.integer(position, f"an integer from {least} to {MOST_ARGUMENTS}")
    if not least <= count <= MOST_ARGUMENTS:
        raise call.refusal(position, f"an integer from {least} to {MOST_ARGUMENTS}")
    return count


def name_of(store: TermStore, term: TermId) -> TermId:
    """A compound's functor as an atom; a constant itself."""
    functor = store.functor(term)
    return term if functor is None else store.atom(functor[0])


def _functor(call: Invocation) -> Iterable[Args]:
    store, term = call.store, call[0]
    if term >= 0:
        return call.only((1, name_of(store, term)), (2, store.number(len(store.args[term]))))
    arity = limited(call, 2)
    if call[1] < 0 or store.functor(call[1]) is not None:
        raise call.refusal(1, "a constant where argument 1 is not bound")
    return call.only((0, build(call, call[1], call.fresh(arity), 1)))


def _arg(call: Invocation) -> Iterable[Args]:
    if call[1] < 0:
        raise call.refusal(1, "bound")
    parts = call.store.args[call[1]]
    index = call.integer_if_bound(0)
    if index is None:
        return [call.where((0, call.store.number(i)), (2, part)) for i, part in enumerate(parts, 1)]
    return call.only((2, parts[index - 1])) if 1 <= index <= len(parts) else NO


def _univ(call: Invocation) -> Iterable[Args]:
    store, term = call.store, call[0]
    if term >= 0:
        return call.only((1, store.make_list((name_of(store, term), *store.args[term]))))
    items = call.items(1, "a closed list where argument 1 is not bound")
    if not items:
        raise call.refusal(1, "a list of at least one item")
    return call.only((0, build(call, items[0], tuple(items[1:]), 1)))


def _copy(call: Invocation) -> Iterable[Args]:
    copied = shifted(call.store, (call[0],), fresh_number(call.store, call.args))
    return call.only((1, copied[0]))


def _variables(call: Invocation) -> Iterable[Args]:
    return call.only((1, call.store.make_list(call.store.variables((call[0],)))))


def _numbered(call: Invocation, start: int) -> tuple[TermId, int]:
    """A term with its variables as `$Var`(N), and the first number that is left."""
    store = call.store
    numbers = {v: start + i for i, v in enumerate(store.variables((call[0],)))}
    term = store.map_variables(call[0], lambda v: store.compound(NUMBERED, (store.number(numbers[v]),)))
    return term, start + len(numbers)


def _numbervars_to_term(call: Invocation) -> Iterable[Args]:
    return call.only((1, _numbered(call, 0)[0]))


def _numbervars_from(call: Invocation) -> Iterable[Args]:
    return call.only((2, _numbered(call, call.integer(1))[0]))


def _varnumbers(call: Invocation) -> Iterable[Args]:
    """Replace every `$Var`(N) by a variable. Iterative, each shared part once."""
    store = call.store
    apart = fresh_number(store, call.args)
    names: dict[TermId, TermId] = {}
    images: dict[TermId, TermId] = {}
    stack = [call[0]]
    while stack:
        term = stack[-1]
        if term < 0 or not store.args[term]:
            images[stack.pop()] = term
        elif store.functor(term) == (NUMBERED, 1):
            images[stack.pop()] = names.setdefault(term, TermId(-1 - apart - len(names)))
        elif missing := [a for a in store.args[term] if a not in images]:
            stack.extend(missing)
        else:
            args = tuple(images[a] for a in store.args[term])
            images[stack.pop()] = store.compound(str(store.heads[term]), args)
    return call.only((1, images[call[0]]))


def _rest(call: Invocation) -> tuple[list[TermId], TermId]:
    """The items of a list so far, and what it ends in."""
    items, term = [], call[0]
    while call.store.functor(term) == (CONS, 2):
        item, term = call.store.args[term]
        items.append(item)
    return items, term


def _length(call: Invocation) -> Iterable[Args]:
    store = call.store
    items, end = _rest(call)
    if store.is_atom(end, EMPTY_LIST):
        call.integer_if_bound(1)
        return call.only((1, store.number(len(items))))
    if end >= 0:
        raise call.refusal(0, "a list")
    if call[1] < 0:
        raise call.refusal(0, "a closed list where argument 2 is not bound")
    missing = limited(call, 1) - len(items) if call.integer(1) >= 0 else -1
    if missing < 0 or end == call[1]:
        return NO
    return call.only((0, store.make_list((*items, *call.fresh(missing)))))


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("functor", 3, _functor),
        entry("arg", 3, _arg),
        entry("=..", 2, _univ),
        entry("copy_term", 2, _copy),
        entry("term_variables", 2, _variables),
        entry("numbervars", 2, _numbervars_to_term),
        entry("numbervars", 3, _numbervars_from),
        entry("varnumbers", 2, _varnumbers),
        entry("length", 2, _length),
    )
)
