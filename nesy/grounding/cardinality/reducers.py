"""From the rows of a counting goal to its results: what the engine runs when they are complete."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.cardinality.gates import Gates, Term
from nesy.grounding.collect.decisions import settled
from nesy.grounding.messages import shown
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from nesy.logic.program import Symbol

RESULT = "$holds"
"""The functor of what a result is."""

Answers = list[tuple[Args, Lit]]


@final
@dataclass(frozen=True, slots=True)
class Counted:
    """How many goals hold, or what the values of terms add up to, against a bound.

    A row is the bound, the list, the number of an item and, for terms, a value and its factor. Item 0
    always holds, and is no item. low, high: the bound is one from below, from above. Where both, it may
    be unbound: then every number that there can be is a result. values: the items are terms.
    symbols: those of the grounding, as far as they are made.
    """

    name: str
    span: Span | None
    low: bool
    high: bool
    values: bool
    symbols: Sequence[Symbol]

    def __call__(self, store: TermStore, graph: Graph, answers: Answers) -> Iterator[tuple[TermId, Lit]]:
        """The results. Raises `GroundingError`: call-mode, not-an-integer, no-answers, too-many-worlds."""
        bound = self._bound(store, answers[0][0][0])
        rows = [(args, literal) for args, literal in answers if store.number_value(args[2]) != 0]
        terms = [Term(self._weight(store, args), settled(graph, literal)) for args, literal in rows]
        if self.values:
            require_values(store, answers[0][0][1], {args[2] for args, _ in rows}, self.name, self.span)
        gates = Gates(graph, self.symbols, self.name, self.span)
        if bound is None:
            for number, literal in gates.every_sum(terms):
                yield store.compound(RESULT, (store.number(number),)), literal
            return
        literal = gates.count(terms, bound if self.low else None, bound if self.high else None)
        if literal != FALSE:
            yield store.compound(RESULT, (store.number(bound),)), literal

    def _bound(self, store: TermStore, bound: TermId) -> int | None:
        number = store.number_value(bound)
        if isinstance(number, int):
            return number
        if bound < 0 and self.low and self.high:
            return None
        found = "it is not bound" if bound < 0 else f"it is {shown(store, bound)}"
        raise GroundingError(
            "call-mode" if bound < 0 else "not-an-integer",
            f"{self.name} needs an integer to compare with, and {found}",
            span=self.span,
            hint="put the goal that binds it before this one" if bound < 0 else "give a whole number",
        )

    def _weight(self, store: TermStore, args: Args) -> int:
        if not self.values:
            return 1
        _, _, _, value, factor = args
        number, times = store.number_value(value), store.number_value(factor)
        assert isinstance(times, int)
        if not isinstance(number, int):
            raise GroundingError(
                "not-an-integer",
                f"{self.name} adds up integers, and a value is {_shown(store, value)}",
                span=self.span,
                hint="scale the values, and round them to whole numbers",
            )
        return number * times


@final
@dataclass(frozen=True, slots=True)
class AllDifferent:
    """No two of some terms have the same value.

    A row is the list, the number of a term, a value of it, and what is added to that; term 0 means nothing.
    symbols: those of the grounding, as far as they are made.
    """

    name: str
    span: Span | None
    symbols: Sequence[Symbol]

    def __call__(self, store: TermStore, graph: Graph, answers: Answers) -> Iterator[tuple[TermId, Lit]]:
        """The one result. Raises `GroundingError` (call-mode, no-answers).

        Where there are as many values as terms, and every term has one, every value occurs.
        """
        terms = self._terms(store, graph, answers)
        by_value: dict[TermId, list[Lit]] = {}
        for values in terms.values():
            for value, literal in values.items():
                by_value.setdefault(value, []).append(literal)
        some = all(_has_value(graph, values.values(), self.symbols) for values in terms.values())
        surely = some and len(by_value) == len(terms)
        gates = Gates(graph, self.symbols, self.name, self.span)
        literal = graph.conjunction(gates.one(literals, surely=surely) for literals in by_value.values())
        if literal != FALSE:
            yield store.atom(RESULT), literal

    def _terms(self, store: TermStore, graph: Graph, answers: Answers) -> dict[TermId, dict[TermId, Lit]]:
        """For each term, by its place, the literal of each of its values."""
        terms: dict[TermId, dict[TermId, Lit]] = {}
        for (_, place, value, shift), literal in answers:
            if store.number_value(place) != 0:
                moved = self._moved(store, value, shift)
                terms.setdefault(place, {})[moved] = settled(graph, literal)
        require_values(store, answers[0][0][0], terms.keys(), self.name, self.span)
        return terms

    def _moved(self, store: TermStore, value: TermId, shift: TermId) -> TermId:
        """A value with what is added to it."""
        number, more = store.number_value(value), store.number_value(shift)
        if more and isinstance(number, int):
            return store.number(number + more)
        if not store.is_ground(value):
            raise GroundingError(
                "call-mode",
                f"{self.name} compares values, and one is not bound",
                span=self.span,
                hint="let the rules bind the last argument of each term's predicate",
            )
        if more:
            raise GroundingError(
                "not-an-integer",
                f"{self.name} adds {more} to a value that is {shown(store, value)}",
                span=self.span,
                hint="let the term's values be integers, or leave out what is added",
            )
        return value


def _has_value(graph: Graph, literals: Iterable[Lit], symbols: Sequence[Symbol]) -> bool:
    """Whether one of some literals surely holds, for they are all values of one symbol."""
    values: dict[int, set[int]] = {}
    for literal in literals:
        if literal == TRUE:
            return True
        if literal > 0 and graph.kinds[literal] == Kind.LEAF:
            symbol, value = graph.args[literal]
            values.setdefault(symbol, set()).add(value)
    return any(len(found) == len(symbols[symbol].values) for symbol, found in values.items())


def require_values(
    store: TermStore, items: TermId, places: Collection[TermId], name: str, span: Span | None
) -> None:
    """Raise `GroundingError` (no-answers) where no rule gives a term of a list any value.

    places: the numbers, from 1, of the terms that can have one.
    """
    for i, item in enumerate(store.list_items(items) or (), start=1):
        if store.number(i) not in places:
            raise GroundingError(
                "no-answers",
                f"{name}: no rule can give {shown(store, item)} a value",
                span=span,
                hint="check its arguments, or leave it out of the list",
            )


def _shown(store: TermStore, value: TermId) -> str:
    return "not bound" if value < 0 else shown(store, value)
