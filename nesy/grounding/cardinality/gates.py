"""Counts of literals as nodes: rows that say "of the first i, so many hold", decided one after the other.

The nodes of a row exclude one another, and each follows from the row before by a literal or its denial, so
what is built is deterministic, and decomposable wherever the literals share no symbol. It is a decision
diagram; as clauses, it is the sequential counter (Sinz, CP 2005).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, final

from nesy.errors import Span
from nesy.grounding.collect.decisions import Decisions, Fold, Solution
from nesy.logic.counts import Count
from nesy.logic.graph import TRUE, Graph, Kind, Lit
from nesy.logic.program import Symbol

_PAIRS = 12
"""Of up to so many literals all pairs are made."""

_REMEDY = "scale the values down, or split the list: sums that are equal count as one"


class Term(NamedTuple):
    """A literal, and what it adds where it holds."""

    weight: int
    literal: Lit


@final
class Gates:
    """Makes the nodes of counts for one goal.

    symbols: those of the grounding, as far as they are made. name, span: the goal's, for messages.
    """

    def __init__(self, graph: Graph, symbols: Sequence[Symbol], name: str, span: Span | None) -> None:
        self._graph = graph
        self._symbols = symbols
        self._decisions = Decisions(graph, name, _REMEDY, span)

    def count(self, terms: Sequence[Term], low: int | None, high: int | None) -> Lit:
        """The literal that holds where the weights of those that hold add up to `low` to `high`.

        Raises `GroundingError` (too-many-worlds). Cost: a few nodes for each term and each sum that there
        can be of those before it, which is at most one more than the bounds where no weight is negative.
        """
        terms, least = self._shifted(terms)
        low, high = (None if bound is None else bound - least for bound in (low, high))
        count = Count.over(terms, low, high)
        sums = self._sums(terms, self._enough(terms, low, high))
        within = [x for s, x in sums if (low is None or s >= low) and (high is None or s <= high)]
        literal = self._graph.disjunction(within)
        self._graph.note(literal, count)
        return literal

    def one(self, literals: Sequence[Lit], *, surely: bool) -> Lit:
        """The literal that holds where at most one of some does; exactly one, where `surely`.

        Of few literals pairs are made, and not rows: circuits of what is asked of one symbol several times,
        as of the cells of a Sudoku, are smaller by a third.
        """
        if len(literals) > _PAIRS:
            return self.count([Term(1, x) for x in literals], 1 if surely else None, 1)
        pairs = (self._graph.disjunction((-a, -b)) for a, b in combinations(literals, 2))
        literal = self._graph.conjunction((*pairs, self._graph.disjunction(literals) if surely else TRUE))
        self._graph.note(literal, Count.over(((1, x) for x in literals), 1 if surely else None, 1))
        return literal

    def every_sum(self, terms: Sequence[Term]) -> Iterator[tuple[int, Lit]]:
        """Each sum that there can be, with the literal that holds where it is the one."""
        terms, least = self._shifted(terms)
        for number, literal in self._sums(terms, None):
            self._graph.note(literal, Count.over(terms, number, number))
            yield number + least, literal

    def _shifted(self, terms: Sequence[Term]) -> tuple[list[Term], int]:
        """The same sums without the least value of what surely has one, and what that is.

        So there are no sums for the case that a symbol has none of its values.
        """
        graph = self._graph
        groups: dict[int, dict[int, list[Term]]] = {}
        shifted: list[Term] = []
        least = 0
        for term in terms:
            if term.literal > 0 and graph.kinds[term.literal] == Kind.LEAF:
                symbol, value = graph.args[term.literal]
                groups.setdefault(symbol, {}).setdefault(value, []).append(term)
            else:
                shifted.append(term)
        for symbol, by_value in groups.items():
            sums = {value: sum(t.weight for t in found) for value, found in by_value.items()}
            base = min(sums.values()) if len(sums) == len(self._symbols[symbol].values) else 0
            least += base
            shifted += [Term(w - base, by_value[v][0].literal) for v, w in sums.items() if w != base]
        return shifted, least

    def _sums(self, terms: Sequence[Term], enough: int | None) -> Iterator[tuple[int, Lit]]:
        """The sums; from `enough` on they are not told apart."""

        def step(state: int, weight: int) -> int:
            return state + weight if enough is None else min(state + weight, enough)

        solutions = [Solution(t.weight, t.literal) for t in terms]
        return self._decisions.fold(solutions, Fold(0, step), any_order=True)

    def _enough(self, terms: Sequence[Term], low: int | None, high: int | None) -> int | None:
        """From which sum on it makes no difference how much more there is; None where it always does."""
        if any(t.weight < 0 for t in terms):
            return None
        return max(0, high + 1 if high is not None else low or 0)
