"""Arithmetic as goals: evaluation, comparison by value, ranges of integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from nesy.errors import Span
from nesy.grounding.arithmetic import Numeric, evaluate
from nesy.grounding.builtins.invocation import NO, Entry, Invocation, entry
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermStore
from nesy.language.syntax import Indicator


def _comparison(name: str, holds: Callable[[Numeric, Numeric], bool]) -> Entry:
    """A comparison of the values of two arithmetic expressions."""

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        left, right = (evaluate(store, a, span) for a in args)
        return (args,) if holds(left, right) else NO

    return (name, 2), run


def _is(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
    return ((store.number(evaluate(store, args[1], span)), args[1]),)


def _between(call: Invocation) -> Iterable[Args]:
    store = call.store
    low = call.integer(0)
    unbounded = store.is_atom(call[1], "inf") or store.is_atom(call[1], "infinite")
    if call[2] >= 0:
        value = call.integer(2, "an integer, or not bound")
        return call.yes() if low <= value and (unbounded or value <= call.integer(1)) else NO
    if unbounded:
        raise call.refusal(2, "bound where there is no upper bound")
    high = call.integer(1)
    return (call.where((2, store.number(v))) for v in range(low, high + 1))


def _succ(call: Invocation) -> Iterable[Args]:
    if call[0] >= 0:
        call.integer_if_bound(1)
        return call.only((1, call.store.number(call.integer(0) + 1)))
    return call.only((0, call.store.number(call.integer(1, "an integer where argument 1 is not bound") - 1)))


def _plus(call: Invocation) -> Iterable[Args]:
    numbers = [call.integer_if_bound(i) for i in range(3)]
    if numbers.count(None) > 1:
        last = max(i for i, n in enumerate(numbers) if n is None)
        raise call.refusal(last, "an integer, as only one of the three may be not bound")
    a, b, c = (n or 0 for n in numbers)
    if numbers[0] is None:
        return call.only((0, call.store.number(c - b)))
    if numbers[1] is None:
        return call.only((1, call.store.number(c - a)))
    return call.only((2, call.store.number(a + b)))


TABLE: dict[Indicator, Builtin] = {
    ("is", 2): _is,
    **dict(
        (
            _comparison("<", lambda a, b: a < b),
            _comparison(">", lambda a, b: a > b),
            _comparison("=<", lambda a, b: a <= b),
            _comparison(">=", lambda a, b: a >= b),
            _comparison("=:=", lambda a, b: a == b),
            _comparison("=\\=", lambda a, b: a != b),
            entry("between", 3, _between),
            entry("succ", 2, _succ),
            entry("plus", 3, _plus),
        )
    ),
}
