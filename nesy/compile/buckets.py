"""Finds the disjuncts that an assignment leaves alive, without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from nesy.compile.formulas import Formulas
from nesy.logic.graph import Kind

INDEXED_FROM = 8
"""Disjunctions of fewer disjuncts are scanned."""

Disjuncts = tuple[int, ...]


@final
class Buckets:
    """For large disjunctions, the disjuncts by the value they give a variable, built on first need."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas
        self._known: dict[tuple[int, int], dict[int, Disjuncts]] = {}

    def live(self, node: int, children: Disjuncts, assigned: Sequence[tuple[int, int]]) -> Disjuncts:
        """The children that the assigned (variable, value) pairs do not plainly make false.

        Children of anything but a large OR are returned as they are.
        Cost: O(pairs), after one pass over the disjuncts for each variable first met.
        """
        best = children
        if len(best) < INDEXED_FROM or self._formulas.graph.kinds[node] != Kind.OR:
            return best
        support = self._formulas.supports[node]
        for variable, value in assigned:
            if support >> variable & 1:
                by_value = self._known.get((node, variable))
                if by_value is None:
                    by_value = self._known[node, variable] = self._sorted(children, variable)
                found = by_value.get(value, by_value[SILENT])
                if len(found) < len(best):
                    best = found
        return best

    def _sorted(self, children: Disjuncts, variable: int) -> dict[int, Disjuncts]:
        """Disjuncts by value; those that give the variable none stand in every list."""
        groups: dict[int, list[int]] = {}
        silent = []
        for child in children:
            value = self._value(child, variable)
            if value is None:
                silent.append(child)
            else:
                groups.setdefault(value, []).append(child)
        found = {value: (*members, *silent) for value, members in groups.items()}
        found[SILENT] = tuple(silent)
        return found

    def _value(self, child: int, variable: int) -> int | None:
        graph = self._formulas.graph
        conjunction = child > 0 and graph.kinds[child] == Kind.AND
        for part in graph.args[child] if conjunction else (child,):
            assigned = self._formulas.assignment(part)
            if assigned is not None and assigned[0] == variable:
                return assigned[1]
        return None


SILENT = -1
"""Stands in place of a value for the disjuncts that mention none."""
