"""Lists of numbers, and the largest and smallest items of lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add

from nesy.grounding.arithmetic import Numeric, computed, evaluate
from nesy.grounding.builtins.construction import MOST_ARGUMENTS
from nesy.grounding.builtins.invocation import NO, Entry, Invocation, entry
from nesy.grounding.order import compare
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.syntax import Indicator


def _values(call: Invocation) -> list[Numeric]:
    return [evaluate(call.store, item, call.span) for item in call.items(0, "a closed list of numbers")]


def _sum_list(call: Invocation) -> Iterable[Args]:
    values = _values(call)
    # One addition after the other: the built-in `sum` rounds floats in ways that differ between versions.
    total = computed(call.store, call[0], lambda: reduce(add, values) if values else 0, call.span)
    return call.only((1, call.store.number(total)))


def _best_number(name: str, better: Callable[[Numeric, Numeric], bool]) -> Entry:
    """max_list/2 or min_list/2: of equal numbers, such as 1 and 1.0, the last."""

    def solve(call: Invocation) -> Iterable[Args]:
        values = _values(call)
        return call.only((1, call.store.number(reduce(_choose(better), values)))) if values else NO

    return entry(name, 2, solve)


def _choose(better: Callable[[Numeric, Numeric], bool]) -> Callable[[Numeric, Numeric], Numeric]:
    return lambda best, other: best if better(best, other) else other


def _best_item(name: str, sign: int) -> Entry:
    """max_member/2 or min_member/2, by the standard order of terms."""

    def best(store: TermStore, a: TermId, b: TermId) -> TermId:
        return a if compare(store, a, b) * sign > 0 else b

    def solve(call: Invocation) -> Iterable[Args]:
        items = call.items(0)
        return call.only((1, reduce(lambda a, b: best(call.store, a, b), items))) if items else NO

    return entry(name, 2, solve)


def _numlist(call: Invocation) -> Iterable[Args]:
    low, high = call.integer(0), call.integer(1)
    if low > high:
        return NO
    if high - low >= MOST_ARGUMENTS:
        raise call.refusal(1, f"less than {MOST_ARGUMENTS} above argument 1")
    return call.only((2, call.store.make_list(map(call.store.number, range(low, high + 1)))))


TABLE: dict[Indicator, Builtin] = dict(
    (
        entry("sum_list", 2, _sum_list),
        entry("sumlist", 2, _sum_list),
        _best_number("max_list", lambda a, b: a > b),
        _best_number("min_list", lambda a, b: a < b),
        _best_item("max_member", 1),
        _best_item("min_member", -1),
        entry("numlist", 3, _numlist),
    )
)
