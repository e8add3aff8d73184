"""Counts of literals as clauses, each true wherever a given clause is: `prefix`, or the count holds.

Of every encoding only the clauses that forbid are made conditional on the prefix; those that say what a
new variable counts stand for themselves, and hold whatever is counted when all such variables are true.
So unit propagation from the literals finds that a count does not hold, whether or not it must, and then
what the prefix must be.

Sources, by what is chosen: pairs, for at most one of up to 12; the sequential counter (Sinz, CP 2005),
k (n - k) clauses; the cardinality network (Asín, Nieuwenhuis, Oliveras and Rodríguez-Carbonell, Constraints
2011), n log² k clauses, both from PySAT; for sums, and for many bounds on one count, `cnf_sums`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple, Protocol, final

from nesy.logic.cnf_sums import Group, SumLadder, sum_at_most
from nesy.logic.cnf_writer import PAIRWISE_LIMIT, Clause, ClauseWriter

_COUNTER_LIMIT = 2_000
"""Up to so many clauses a sequential counter is taken, which propagates with less ado than a network."""


class Bounds(NamedTuple):
    """What a sum may be; None is no bound."""

    low: int | None
    high: int | None


class Bounding(Protocol):
    """Says bounds on one sum."""

    def at_most(self, prefix: Clause, high: int) -> None:
        """Clauses: the prefix holds, or the sum is at most `high`."""
        ...

    def at_least(self, prefix: Clause, low: int) -> None:
        """Clauses: the prefix holds, or the sum is at least `low`."""
        ...


def say_count(
    writer: ClauseWriter, prefix: Clause, bounding: Bounding, bounds: Bounds, *, positive: bool
) -> None:
    """Clauses: the prefix holds, or a sum is within bounds (not so, where not `positive`).

    prefix: at most one literal. Cost: that of one or two bounds.
    """
    low, high = bounds
    if positive:
        if low is not None:
            bounding.at_least(prefix, low)
        if high is not None:
            bounding.at_most(prefix, high)
        return
    # Outside of the bounds is below or above them: where it can be either, a new literal each says so.
    below, above = (writer.fresh(), writer.fresh()) if low is not None and high is not None else (0, 0)
    if below or (low is None and high is None):
        writer.add(*prefix, *(x for x in (below, above) if x))
    if low is not None:
        bounding.at_most((-below,) if below else prefix, low - 1)
    if high is not None:
        bounding.at_least((-above,) if above else prefix, high + 1)


@final
class EachBound:
    """Bounds on the sum over some groups, each said with clauses of its own."""

    def __init__(self, writer: ClauseWriter, groups: Sequence[Group]) -> None:
        self._writer = writer
        self._groups = groups

    def at_most(self, prefix: Clause, high: int) -> None:
        """See `Bounding`. Cost: polynomial in groups and `high`; see the module."""
        _at_most(self._writer, prefix, self._groups, high)

    def at_least(self, prefix: Clause, low: int) -> None:
        """See `Bounding`. Cost: as `at_most`."""
        _at_most(self._writer, prefix, _negated(self._groups), -low)


@final
class SharedBounds:
    """Bounds on the sum over some groups, all of them said with the same counting. Cost: see `SumLadder`."""

    def __init__(self, writer: ClauseWriter, groups: Sequence[Group]) -> None:
        self._writer = writer
        self._groups = groups
        self._ladders: dict[bool, tuple[SumLadder, int]] = {}

    def at_most(self, prefix: Clause, high: int) -> None:
        """See `Bounding`."""
        self._below(prefix, high, negated=False)

    def at_least(self, prefix: Clause, low: int) -> None:
        """See `Bounding`."""
        self._below(prefix, -low, negated=True)

    def _below(self, prefix: Clause, high: int, *, negated: bool) -> None:
        if negated not in self._ladders:
            groups, least = _shifted(_negated(self._groups) if negated else self._groups)
            self._ladders[negated] = SumLadder(self._writer, [g for g in groups if g]), least
        ladder, least = self._ladders[negated]
        ladder.at_most(prefix, high - least)


def _negated(groups: Sequence[Group]) -> list[Group]:
    return [[(-w, x) for w, x in group] for group in groups]


def _shifted(groups: Sequence[Group]) -> tuple[list[Group], int]:
    """The groups without the least weight of each, and what all of these add up to."""
    least = [min(w for w, _ in group) for group in groups]
    return [
        [(w - own, x) for w, x in group if w != own] for group, own in zip(groups, least, strict=True)
    ], sum(least)


def _at_most(writer: ClauseWriter, prefix: Clause, groups: Sequence[Group], high: int) -> None:
    """Clauses: the prefix holds, or the sum over the groups is at most `high`."""
    shifted, least = _shifted(groups)
    weights = {w for group in shifted for w, _ in group}
    if len(weights) <= 1:
        (weight,) = weights or {1}
        _few(writer, prefix, [x for group in shifted for _, x in group], (high - least) // weight)
    else:
        sum_at_most(writer, prefix, [group for group in shifted if group], high - least)


def _few(writer: ClauseWriter, prefix: Clause, literals: list[int], high: int) -> None:
    """Clauses: the prefix holds, or at most `high` of the literals."""
    size = len(literals)
    if high >= size:
        return
    if high < 0:
        writer.add(*prefix)
    elif high == 0:
        writer.clauses.extend((*prefix, -x) for x in literals)
    elif high == size - 1:
        writer.add(*prefix, *(-x for x in literals))
    elif high == 1 and size <= PAIRWISE_LIMIT:
        writer.clauses.extend((*prefix, -a, -b) for a, b in combinations(literals, 2))
    else:
        _counted(writer, prefix, literals, high)


def _counted(writer: ClauseWriter, prefix: Clause, literals: list[int], high: int) -> None:
    # Loaded here: most programs count nothing.
    from pysat.card import CardEnc, EncType  # noqa: PLC0415

    few = high * (len(literals) - high) <= _COUNTER_LIMIT
    kind = EncType.seqcounter if few else EncType.cardnetwrk
    first = writer.variables
    found = CardEnc.atmost(lits=literals, bound=high, top_id=first, encoding=kind)
    writer.variables = max(first, found.nv)
    for clause in found.clauses:
        defines = any(x > first for x in clause)
        writer.clauses.append(tuple(clause) if defines else (*prefix, *clause))
