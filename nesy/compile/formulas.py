"""The formulas a compiler works on: an AND-OR graph that grows, with each node's support and height."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import final

from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit


@final
class Formulas:
    """Hash-consed formulas over finite-domain variables.

    Negated leaves of two-valued variables are written as the leaf of the other value, and a
    conjunction that gives one variable two values is FALSE, so that more formulas are equal.

    domains: the number of values of each variable, in decision order: variable 0 is decided first.
    """

    __slots__ = ("domains", "graph", "heights", "leaves", "supports")

    def __init__(self, domains: Sequence[int]) -> None:
        self.graph = Graph()
        self.domains = list(domains)
        self.supports: list[int] = [0, 0]
        """For each node, the set of variables below it, as a bit mask."""
        self.heights: list[int] = [0, 0]
        """For each node, the longest way down to a leaf."""
        self.leaves: list[dict[int, int]] = [{} for _ in domains]
        """For each variable, the leaf nodes of its values so far."""

    def leaf(self, variable: int, value: int) -> Lit:
        """The formula that holds where a variable takes a value."""
        if self.domains[variable] == 1:
            return TRUE
        found = self.graph.leaf(variable, value)
        if len(self.graph) > len(self.supports):
            self.supports.append(1 << variable)
            self.heights.append(0)
            self.leaves[variable][value] = found
        return found

    def negated(self, literal: int) -> Lit:
        """The negation of a literal, in normal form."""
        node = abs(literal)
        if self.graph.kinds[node] == Kind.LEAF:
            variable, value = self.graph.args[node]
            if self.domains[variable] == 2 and literal > 0:
                return self.leaf(variable, 1 - value)
        return Lit(-literal)

    def conjunction(self, literals: Iterable[int]) -> Lit:
        """All of the literals."""
        literals = list(literals)
        if self._clashes(literals):
            return FALSE
        return self._measured(self.graph.conjunction(literals))

    def disjunction(self, literals: Iterable[int]) -> Lit:
        """Any of the literals."""
        literals = list(literals)
        if self._covers(literals):
            return TRUE
        return self._measured(self.graph.disjunction(literals))

    def disjuncts(self, literal: int) -> tuple[int, ...]:
        """What a positive OR or a negated AND is the disjunction of."""
        children = self.graph.children(abs(literal))
        return children if literal > 0 else tuple(self.negated(c) for c in children)

    def support(self, literal: int) -> int:
        """The variables a literal depends on, as a bit mask."""
        return self.supports[abs(literal)]

    def assignment(self, literal: int) -> tuple[int, int] | None:
        """The (variable, value) that a positive leaf stands for, else None."""
        if literal > 0 and self.graph.kinds[literal] == Kind.LEAF:
            variable, value = self.graph.args[literal]
            return variable, value
        return None

    def _clashes(self, literals: Iterable[int]) -> bool:
        values: dict[int, int] = {}
        for literal in literals:
            assigned = self.assignment(literal)
            if assigned is not None and values.setdefault(*assigned) != assigned[1]:
                return True
        return False

    def _covers(self, literals: Iterable[int]) -> bool:
        """Whether some variable has all its values among the literals."""
        values: dict[int, set[int]] = {}
        for literal in literals:
            assigned = self.assignment(literal)
            if assigned is not None:
                values.setdefault(assigned[0], set()).add(assigned[1])
        return any(len(found) == self.domains[v] for v, found in values.items())

    def _measured(self, literal: Lit) -> Lit:
        """Record the support and height of a node just made."""
        if len(self.graph) > len(self.supports):
            children = [abs(c) for c in self.graph.args[-1]]
            support = 0
            for child in children:
                support |= self.supports[child]
            self.supports.append(support)
            self.heights.append(1 + max(self.heights[c] for c in children))
        return literal
