"""From the answers of a collected goal to its results: what the engine runs when they are complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import final

from nesy.errors import Span
from nesy.grounding.collect.aggregates import (
    Maker,
    Solutions,
    listing,
    nonempty,
    open_listing,
    sorted_set,
    together,
)
from nesy.grounding.collect.decisions import Decisions, Solution
from nesy.grounding.collect.proofs import Proofs
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.logic.graph import Graph, Lit

RESULT = "$result"
"""The functor of what a result is: the terms of its group, then what its solutions are reduced to."""

Answers = Sequence[tuple[Args, Lit]]
Reduce = Callable[[TermStore, Graph, list[tuple[Args, Lit]]], Iterable[tuple[TermId, Lit]]]

_REMEDY = "bind more of the goal, or round the values: results that are equal count as one"
_LIST_REMEDY = (
    "ask for an aggregate instead of a list, such as aggregate_all(count, Goal, N), or sum(X), min(X), "
    "max(X): there, results that are equal count as one"
)


@final
@dataclass(frozen=True, slots=True)
class Reducer:
    """How the answers of a goal are reduced.

    An answer's terms are those of its group, then `skipped` others, then those collected.
    makers: the aggregates; one takes all `width` terms collected, several take one each.
    grouped: each group has results of its own, and none in worlds without a solution of it.
    empty: without groups, a world without a solution has a result.
    proofs: where each answer is a proof, with its number as last argument: tells their order.
    """

    name: str
    span: Span | None
    makers: tuple[Maker, ...]
    group: int = 0
    skipped: int = 0
    width: int = 1
    grouped: bool = False
    empty: bool = True
    proofs: Proofs | None = None

    def __call__(self, store: TermStore, graph: Graph, answers: Answers) -> Iterator[tuple[TermId, Lit]]:
        """The results, each with the literal under which it is one.

        Raises `GroundingError`: too-many-worlds, or what arithmetic raises.
        """
        if self.proofs is not None:
            by_number = {args[-1]: (args, literal) for args, literal in answers}
            answers = [by_number[n] for n in self.proofs.in_order(by_number)]
        aggregate = together([make(store, self.span) for make in self.makers])
        if self.grouped or not self.empty:
            aggregate = nonempty(aggregate)
        remedy = _LIST_REMEDY if {listing, open_listing, sorted_set} & set(self.makers) else _REMEDY
        decisions = Decisions(graph, self.name, remedy, self.span)
        for group, solutions in self._groups(answers).items():
            ordered = solutions if aggregate.order is None else aggregate.order(solutions)
            any_order = aggregate.order is None
            for state, literal in decisions.fold(ordered, aggregate.fold, any_order=any_order):
                terms = aggregate.result(state)
                if terms is not None:
                    yield store.compound(RESULT, (*group, *terms)), literal

    def _groups(self, answers: Answers) -> dict[Args, Solutions]:
        """The solutions by group, in order of their first."""
        first = self.group + self.skipped
        groups: dict[Args, list[Solution[Args]]] = {} if self.grouped else {(): []}
        for args, literal in answers:
            group = args[: self.group] if self.grouped else ()
            groups.setdefault(group, []).append(Solution(args[first : first + self.width], literal))
        return dict(groups)
