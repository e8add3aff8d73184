"""Bounds on sums as clauses: the generalised totalizer, over groups of literals that exclude one another.

Joshi, Martins and Manquinho, "Generalized totalizer encoding for pseudo-Boolean constraints" (CP 2015), its
leaves groups of which exactly one literal holds, as in Bofill, Coll, Suy and Villaret, "SAT encodings of
pseudo-Boolean constraints with at-most-one relations" (CPAIOR 2019).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import final

from nesy.logic.cnf_writer import Clause, ClauseWriter

Group = list[tuple[int, int]]
"""(weight, literal) of literals of which exactly one holds; those of weight 0 may be left out."""

Sums = dict[int, int]
"""For each sum above 0, the literal that must hold where it is the sum; the last may stand for more."""


def sum_at_most(writer: ClauseWriter, prefix: Clause, groups: Sequence[Group], high: int) -> None:
    """Clauses: the prefix holds, or the weights of the literals that hold add up to `high` at most.

    Weights are not negative. Unit propagation finds every literal that would make the sum too large.
    Cost: for each of log(groups) levels, the squared number of different sums up to `high`.
    """
    if high < 0:
        writer.add(*prefix)
        return
    for number, literal in _sums(writer, groups, high + 1).items():
        if number > high:
            writer.add(*prefix, -literal)


@final
class SumLadder:
    """The sums of some groups, once for many bounds: each bound is then one clause.

    Weights are not negative. Cost: for each of log(groups) levels, the squared number of different sums.
    """

    def __init__(self, writer: ClauseWriter, groups: Sequence[Group]) -> None:
        self._writer = writer
        # A single group's sums are its own literals, which say nothing of one another.
        sums = _sums(writer, groups, sum(max((w for w, _ in group), default=0) for group in groups) + 1)
        alone = len(groups) == 1
        self._steps = [(number, _under(writer, x) if alone else x) for number, x in sorted(sums.items())]
        # What stands for a sum holds where there is more, too.
        for (_, below), (_, above) in pairwise(self._steps):
            writer.add(-above, below)

    def at_most(self, prefix: Clause, high: int) -> None:
        """A clause: the prefix holds, or the sum is at most `high`. Cost: O(log(sums))."""
        if high < 0:
            self._writer.add(*prefix)
            return
        place = bisect_right(self._steps, high, key=lambda step: step[0])
        if place < len(self._steps):
            self._writer.add(*prefix, -self._steps[place][1])


def _under(writer: ClauseWriter, literal: int) -> int:
    """A new literal that must hold where another does."""
    found = writer.fresh()
    writer.add(-literal, found)
    return found


def _sums(writer: ClauseWriter, groups: Sequence[Group], enough: int) -> Sums:
    """The sums of all groups; from `enough` on they are not told apart."""
    level = [_leaf(writer, group, enough) for group in groups]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [_joined(writer, left, right, enough) for left, right in pairs]
        level = joined + level[len(joined) * 2 :]
    return level[0] if level else {}


def _leaf(writer: ClauseWriter, group: Group, enough: int) -> Sums:
    """The sums of one group: a new literal where several have the same weight, or enough of it."""
    by_sum: dict[int, list[int]] = {}
    for weight, literal in group:
        if weight:
            by_sum.setdefault(min(weight, enough), []).append(literal)
    return {number: _any(writer, literals) for number, literals in sorted(by_sum.items())}


def _any(writer: ClauseWriter, literals: list[int]) -> int:
    """A literal that must hold where one of some does."""
    if len(literals) == 1:
        return literals[0]
    found = writer.fresh()
    writer.clauses.extend((-x, found) for x in literals)
    return found


def _joined(writer: ClauseWriter, left: Sums, right: Sums, enough: int) -> Sums:
    """The sums of two parts together; from `enough` on they are not told apart."""
    pairs: dict[int, list[Clause]] = {}
    for a, x in (*left.items(), (0, 0)):
        for b, y in (*right.items(), (0, 0)):
            if x or y:
                pairs.setdefault(min(a + b, enough), []).append(tuple(-z for z in (x, y) if z))
    sums: Sums = {}
    for number in sorted(pairs):
        sums[number] = writer.fresh()
        writer.clauses.extend((*holding, sums[number]) for holding in pairs[number])
    return sums
