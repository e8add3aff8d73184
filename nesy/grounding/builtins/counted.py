"""The items of lists that are counted, compared or added up: goals, and terms that stand for values.

The first row is item 0, which always holds: so there is a row whatever the others come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nesy.errors import GroundingError
from nesy.grounding.builtins.invocation import Invocation, entry
from nesy.grounding.messages import shown
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import CONS, Args, TermId
from nesy.language.syntax import Atom, Indicator

_TERM = "a term that stands for a value"
_TERM_HINT = "cell(1,2) stands for the V of cell(1,2,V)"
_HINT = "put the goals that bind it before this one"


def _goals(call: Invocation) -> Iterable[Args]:
    """`$goals`(Name, Goals, I, Goal): Goal is item I, counted from 1."""
    items = _items(call)
    for item in items:
        _check(call, item, "a goal", "goals look like rain or edge(a, b)")
    return _rows(call, call.store.atom("true"), [(item,) for item in items])


def _values(call: Invocation) -> Iterable[Args]:
    """`$values`(Name, Terms, I, Term, Shift): item I is Term, or Term + Shift, or Term - (-Shift)."""
    rows = [_shifted(call, item) for item in _items(call)]
    for term, _ in rows:
        _check(call, term, _TERM, _TERM_HINT)
    return _rows(call, _certain(call), rows, call.store.number(0))


def _terms(call: Invocation) -> Iterable[Args]:
    """`$terms`(Name, Terms, I, Term, Factor): item I is Term, or Factor * Term."""
    rows = [_parted(call, item) for item in _items(call)]
    for term, _ in rows:
        _check(call, term, _TERM, _TERM_HINT)
    return _rows(call, _certain(call), rows, call.store.number(0))


def _certain(call: Invocation) -> TermId:
    """A term that surely has a value: that of `=`(true) is true."""
    return call.store.compound("=", (call.store.atom("true"),))


def _rows(
    call: Invocation, first: TermId, rows: Sequence[tuple[TermId, ...]], *rest: TermId
) -> Iterator[Args]:
    number = call.store.number
    for i, row in enumerate([(first, *rest), *rows]):
        yield call[0], call[1], number(i), *row


def _items(call: Invocation) -> list[TermId]:
    found = call.store.list_items(call[1])
    if found is None:
        hint = "write the items in brackets, as in [a, b]" if call.store.is_ground(call[1]) else _HINT
        raise _refused(call, "the list must be closed", call[1], hint)
    return found


def _parted(call: Invocation, item: TermId) -> tuple[TermId, TermId]:
    """The term of an item, and its factor."""
    store = call.store
    if store.functor(item) != ("*", 2):
        return item, store.number(1)
    factor, term = store.args[item]
    if not isinstance(store.number_value(factor), int):
        raise _refused(call, "a factor must be an integer", factor, "write 3 * cost(a)", "not-an-integer")
    return term, factor


def _shifted(call: Invocation, item: TermId) -> tuple[TermId, TermId]:
    """The term of an item, and what is added to its value."""
    store = call.store
    functor = store.functor(item)
    if functor not in (("+", 2), ("-", 2)):
        return item, store.number(0)
    term, shift = store.args[item]
    number = store.number_value(shift)
    if not isinstance(number, int):
        raise _refused(
            call, "what is added must be an integer", shift, "write queen(1) + 3", "not-an-integer"
        )
    return term, store.number(number if functor == ("+", 2) else -number)


def _check(call: Invocation, item: TermId, what: str, hint: str) -> None:
    """Raises where an item is no atom, or holds a variable."""
    store = call.store
    if not store.is_ground(item):
        raise _refused(call, f"each item must be {what} without variables", item, _HINT)
    head = store.heads[item]
    other = not store.args[item] and (not isinstance(head, Atom) or head.name == "[]")
    if other or store.functor(item) == (CONS, 2):
        raise _refused(call, f"each item must be {what}", item, hint, "not-a-goal")


def _refused(call: Invocation, rule: str, term: TermId, hint: str, code: str = "call-mode") -> GroundingError:
    name = call.text(0)
    found = "it is not bound" if term < 0 else f"there is {shown(call.store, term)}"
    return GroundingError(code, f"{name}: {rule}, and {found}", span=call.span, hint=hint)


TABLE: dict[Indicator, Builtin] = dict(
    (entry("$goals", 4, _goals), entry("$values", 5, _values), entry("$terms", 5, _terms))
)
