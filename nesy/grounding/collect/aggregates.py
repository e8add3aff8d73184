"""What solutions are reduced to: lists, sets, counts, sums, extremes and averages.

An aggregate sees the solutions in the order they were found, unless another order keeps its partial
results few. Numbers among the partial results are terms, so that 1 and 1.0 stay apart.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, final

from nesy.errors import Span
from nesy.grounding.arithmetic import Numeric, computed, evaluate
from nesy.grounding.collect.decisions import Fold, Solution
from nesy.grounding.template import standard_order
from nesy.grounding.terms import CONS, EMPTY_LIST, Args, TermId, TermStore, variable
from nesy.grounding.unification import fresh_number, shifted

Solutions = Sequence[Solution[Args]]
"""Solutions of a goal, each with the terms that are collected of it."""


@final
@dataclass(frozen=True, slots=True)
class Aggregate:
    """A fold over what solutions give, and what its last state stands for.

    The states are its own; `result` takes one of them to terms, or to None where it is no result.
    order: the order in which the fold takes the solutions; None where any will do.
    """

    fold: Fold[Args, Any]
    result: Callable[[Any], Args | None]
    order: Callable[[Solutions], Solutions] | None = None


Maker = Callable[[TermStore, "Span | None"], Aggregate]
"""Makes an aggregate over the terms of a store; the span is that of the goal, for errors."""


def listing(store: TermStore, span: Span | None) -> Aggregate:
    """The list of the first terms, in the order of the solutions."""
    start = store.atom(EMPTY_LIST)
    return Aggregate(Fold(start, partial(_cons, store)), _only, partial(_backwards, store, 0))


def open_listing(store: TermStore, span: Span | None) -> Aggregate:
    """The list of the first terms, in the order of the solutions, without its end; and that end."""
    end = variable(0)
    order = partial(_backwards, store, 1)
    return Aggregate(Fold(end, partial(_cons, store)), lambda state: (state, end), order)


def sorted_set(store: TermStore, span: Span | None) -> Aggregate:
    """The list of the different first terms, in the standard order."""

    def step(state: TermId, values: Args) -> TermId:
        # What equals the value stands next to it, so it is the head of the list if it is there.
        return state if store.functor(state) and store.args[state][0] == values[0] else cons(state, values)

    def order(solutions: Solutions) -> Solutions:
        terms = sorted({s.value[0] for s in solutions}, key=standard_order(store))
        rank = {t: i for i, t in enumerate(terms)}
        return _backwards(store, 0, sorted(solutions, key=lambda s: rank[s.value[0]]))

    cons = partial(_cons, store)
    return Aggregate(Fold(store.atom(EMPTY_LIST), step), _only, order)


def count(store: TermStore, span: Span | None) -> Aggregate:
    """How many solutions there are."""
    return Aggregate(Fold(0, lambda state, _: state + 1), lambda state: (store.number(state),))


def total(store: TermStore, span: Span | None) -> Aggregate:
    """The sum of the first terms."""
    start = store.number(0)
    return Aggregate(Fold(start, partial(_add, store, span)), _only)


def average(store: TermStore, span: Span | None) -> Aggregate:
    """The mean of the first terms, a float; nothing has no mean."""

    def step(state: tuple[TermId, int], values: Args) -> tuple[TermId, int]:
        return _add(store, span, state[0], values), state[1] + 1

    def result(state: tuple[TermId, int]) -> Args | None:
        summed, size = state
        if not size:
            return None
        return (store.number(computed(store, summed, lambda: evaluate(store, summed, span) / size, span)),)

    return Aggregate(Fold((store.number(0), 0), step), result)


def extreme(store: TermStore, span: Span | None, *, largest: bool, witness: bool = False) -> Aggregate:
    """The least or greatest of the first terms, by value; nothing has none.

    witness: the second term comes with it, as `max(X, W)`, of the first solution of that value.
    """
    name = "max" if largest else "min"

    def value(term: TermId) -> Numeric:
        return evaluate(store, term, span)

    def step(state: TermId | None, values: Args) -> TermId:
        if state is not None:
            best = value(store.args[state][0] if witness else state)
            if value(values[0]) < best if largest else value(values[0]) >= best:
                return state
        found = store.number(value(values[0]))
        return store.compound(name, (found, values[1])) if witness else found

    def order(solutions: Solutions) -> Solutions:
        # Best first: the first that holds is the result, and no other matters.
        among = list(solutions)[::-1] if largest and not witness else solutions
        return sorted(among, key=lambda s: value(s.value[0]), reverse=largest)

    return Aggregate(Fold(None, step, lambda state: state is not None), _only, order)


def together(aggregates: Sequence[Aggregate]) -> Aggregate:
    """Several aggregates at once, each over a term of its own."""
    if len(aggregates) == 1:
        return aggregates[0]

    def step(states: tuple[Hashable, ...], values: Args) -> tuple[Hashable, ...]:
        pairs = zip(aggregates, states, values, strict=True)
        return tuple(a.fold.step(state, (value,)) for a, state, value in pairs)

    def result(states: tuple[Hashable, ...]) -> Args | None:
        found: Args = ()
        for aggregate, state in zip(aggregates, states, strict=True):
            terms = aggregate.result(state)
            if terms is None:
                return None
            found += terms
        return found

    return Aggregate(Fold(tuple(a.fold.start for a in aggregates), step), result)


def nonempty(aggregate: Aggregate) -> Aggregate:
    """The aggregate, but without a result where there is no solution."""
    fold = aggregate.fold

    def step(state: Any, values: Args) -> tuple[Any]:
        return (fold.step(fold.start if state is None else state[0], values),)

    def result(state: Any) -> Args | None:
        return None if state is None else aggregate.result(state[0])

    final = None if fold.final is None else partial(_final_inside, fold.final)
    return Aggregate(Fold(None, step, final), result, aggregate.order)


AGGREGATES: dict[str, Maker] = {
    "count": count,
    "sum": total,
    "avg": average,
    "min": partial(extreme, largest=False),
    "max": partial(extreme, largest=True),
    "bag": listing,
    "set": sorted_set,
}
"""The aggregates over one term of each solution, by the names they have in rules."""

WITNESSED: dict[str, Maker] = {
    "min": partial(extreme, largest=False, witness=True),
    "max": partial(extreme, largest=True, witness=True),
}
"""The aggregates over two terms of each solution: a value, and a witness of it."""


def _only(state: TermId | None) -> Args | None:
    return None if state is None else (state,)


def _final_inside(final: Callable[[Any], bool], state: Any) -> bool:
    return state is not None and final(state[0])


def _cons(store: TermStore, state: TermId, values: Args) -> TermId:
    return store.compound(CONS, (values[0], state))


def _add(store: TermStore, span: Span | None, state: TermId, values: Args) -> TermId:
    def added() -> Numeric:
        return evaluate(store, state, span) + evaluate(store, values[0], span)

    return store.number(computed(store, values[0], added, span))


def _backwards(store: TermStore, used: int, solutions: Solutions) -> Solutions:
    """Last first, for lists are built from the end; the variables of different solutions differ.

    used: how many variables are taken already.
    """
    renamed = []
    for solution in solutions:
        values = shifted(store, solution.value, used)
        used = max(used, fresh_number(store, values))
        renamed.append(Solution(values, solution.literal))
    return renamed[::-1]
