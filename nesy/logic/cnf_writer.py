"""Clauses under construction: variables, and literals of which exactly one holds."""

from __future__ import annotations

from itertools import combinations
from typing import final

Clause = tuple[int, ...]
"""A disjunction of literals: variables from 1 on, negative where negated, as DIMACS writes them."""

PAIRWISE_LIMIT = 12
"""Of more literals than this, at most one is said by linearly many clauses instead of all pairs."""


@final
class ClauseWriter:
    """A growing list of clauses over variables 1 to `variables`."""

    __slots__ = ("_true", "clauses", "variables")

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.variables = 0
        self._true: int | None = None

    def fresh(self) -> int:
        """A new variable."""
        self.variables += 1
        return self.variables

    def add(self, *clause: int) -> None:
        """One more clause; one without literals is said by a literal that never holds."""
        self.clauses.append(clause or (-self.true(),))

    def true(self) -> int:
        """A literal that always holds."""
        if self._true is None:
            self._true = self.fresh()
            self.add(self._true)
        return self._true

    def exactly_one(self, size: int) -> Clause:
        """New literals of which exactly one holds: for two, a variable and its negation."""
        if size == 2:
            variable = self.fresh()
            return (-variable, variable)
        literals = tuple(self.fresh() for _ in range(size))
        self.clauses.append(literals)
        if size <= PAIRWISE_LIMIT:
            self.clauses.extend((-a, -b) for a, b in combinations(literals, 2))
        else:
            self._at_most_one(literals)
        return literals

    def _at_most_one(self, literals: Clause) -> None:
        """The sequential encoding (Sinz, CP 2005): a variable after each literal says "one so far"."""
        seen = literals[0]
        for literal in literals[1:-1]:
            self.clauses.append((-seen, -literal))
            now = self.fresh()
            self.clauses.extend([(-seen, now), (-literal, now)])
            seen = now
        self.clauses.append((-seen, -literals[-1]))
