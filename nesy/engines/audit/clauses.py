"""Clauses in which one formula stands several times, about different things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import final

from nesy.logic.cnf import Clause, Encoding


@final
class Clauses:
    """A growing list of clauses over variables from 1 on."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.variables = 0

    def fresh(self) -> int:
        """A new variable."""
        self.variables += 1
        return self.variables

    def add(self, *clause: int) -> None:
        """One more clause."""
        self.clauses.append(clause)

    def one_of(self, size: int) -> list[int]:
        """Literals of which exactly one holds.

        In pairs, whatever their number: variables that help to say so would be decided in their stead, and
        a solver's wishes come to nothing. Cost: O(size^2) clauses.
        """
        if size == 2:
            variable = self.fresh()
            return [-variable, variable]
        literals = [self.fresh() for _ in range(size)]
        self.clauses.append(tuple(literals))
        self.clauses += [(-a, -b) for a, b in combinations(literals, 2)]
        return literals

    def any(self, of: Iterable[int]) -> int:
        """A variable that holds only where one of some literals does."""
        found = self.fresh()
        self.clauses.append((-found, *of))
        return found

    def differ(self, left: int, right: int) -> int:
        """A variable that holds only where two literals differ."""
        found = self.fresh()
        self.clauses += [(-found, left, right), (-found, -left, -right)]
        return found

    def copy(
        self, encoding: Encoding, given: Mapping[int, Sequence[int]] | None = None
    ) -> Callable[[int], int]:
        """Add the clauses of an encoding, with new variables; returns what its literals became.

        given: for each symbol the literals that stand for its values, exactly one of which holds.
        Cost: O(size of the clauses).
        """
        image = [0] * (encoding.variables + 1)
        for symbol, values in (given or {}).items():
            for own, other in zip(encoding.values[symbol], values, strict=True):
                image[abs(own)] = other if own > 0 else -other
        # That one value of each symbol holds is known: what helps to say so is left out.
        left_out = _helping(encoding) if given else frozenset[int]()
        for variable in range(1, encoding.variables + 1):
            if not image[variable] and variable not in left_out:
                image[variable] = self.fresh()

        def translated(literal: int) -> int:
            return image[literal] if literal > 0 else -image[-literal]

        self.clauses += [
            tuple(map(translated, clause))
            for clause in encoding.clauses
            if left_out.isdisjoint(map(abs, clause))
        ]
        return translated


def _helping(encoding: Encoding) -> frozenset[int]:
    """The variables of an encoding that stand for no value and no node."""
    values = (abs(x) for literals in encoding.values.values() for x in literals)
    named = {*values, *map(abs, encoding.nodes.values())}
    return frozenset(range(1, encoding.variables + 1)).difference(named)
