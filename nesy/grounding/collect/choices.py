"""What earlier decisions say about a literal: several solutions may depend on one symbol, or one atom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import final

from nesy.logic.graph import TRUE, Graph, Kind, Lit

Decided = tuple[str, int]
"""What a literal depends on: a symbol, of which it says a value, or a node of the graph."""
Choices = frozenset[tuple[Decided, int]]
"""What is decided and still matters: what was decided, and the literal that holds of it."""

_OTHER = 0
"""Stands for a value of a symbol that no solution to come depends on."""


@final
class Remaining:
    """The literals still to be decided. A decision is forgotten once none of them depends on it."""

    def __init__(self, graph: Graph, literals: Iterable[Lit]) -> None:
        self._graph = graph
        uncertain = [x for x in literals if x != TRUE]
        self._subjects: Counter[Decided] = Counter(self.subject(x) for x in uncertain)
        self._nodes: Counter[int] = Counter(abs(x) for x in uncertain)

    def meet(self, literal: Lit) -> None:
        """Take a literal off those that are left."""
        if literal != TRUE:
            self._subjects[self.subject(literal)] -= 1
            self._nodes[abs(literal)] -= 1

    def verdict(self, literal: Lit, choices: Choices) -> bool | None:
        """Whether a literal holds after earlier decisions; None where they leave it open."""
        if literal == TRUE:
            return True
        if not choices:
            return None
        asked = self.subject(literal)
        for subject, choice in choices:
            if subject != asked:
                continue
            if choice in (literal, -literal):
                return choice == literal
            if choice >= 0:
                # The symbol has another value: a literal that denies its own holds.
                return literal < 0
        return None

    def decided(self, choices: Choices, literal: Lit | None) -> Choices:
        """The decisions that still matter, once a literal is known to hold too."""
        every = choices
        if literal is not None and self._subjects[self.subject(literal)]:
            every = choices | {(self.subject(literal), int(literal))}
        if not every:
            return every
        return frozenset(kept for subject, x in every for kept in self._kept(subject, x))

    def _kept(self, subject: Decided, choice: int) -> Iterable[tuple[Decided, int]]:
        if not self._subjects[subject]:
            return ()
        if choice == _OTHER or self._nodes[abs(choice)]:
            return ((subject, choice),)
        return ((subject, _OTHER),) if choice > 0 else ()

    def subject(self, literal: Lit) -> Decided:
        """What a literal depends on."""
        node = abs(literal)
        if self._graph.kinds[node] == Kind.LEAF:
            return "symbol", self._graph.args[node][0]
        return "node", node
