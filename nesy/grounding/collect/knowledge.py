"""What decisions about derived answers say about later ones, through the symbols they share.

Lists do not merge, so each way of deciding the answers would be a list of its own, however impossible.
Here a decision is propagated down to the symbols, and later answers that it settles are not decided.
Propagation is sound and cheap, not complete: what it misses is a result of probability zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import final

from nesy.grounding.collect.choices import Choices
from nesy.logic.graph import TRUE, Graph, Kind, Lit

MOST_NODES = 200
"""An answer with more nodes below it is taken as a whole, as if it were a symbol of its own."""


@final
class Knowledge:
    """The answers still to be decided; choices are the leaves (and whole answers) known so far."""

    def __init__(self, graph: Graph, literals: Sequence[Lit]) -> None:
        self._graph = graph
        self._below = {x: self._nodes(x) for x in {Lit(abs(x)) for x in literals}}
        self._used: dict[tuple[str, int], int] = {}
        for literal in literals:
            for subject in self._subjects(literal):
                self._used[subject] = self._used.get(subject, 0) + 1

    @property
    def shared(self) -> bool:
        """Whether some answers depend on the same symbol."""
        return any(count > 1 for count in self._used.values())

    def meet(self, literal: Lit) -> None:
        """Take a literal off those that are left."""
        if literal != TRUE:
            for subject in self._subjects(literal):
                self._used[subject] -= 1

    def verdict(self, literal: Lit, choices: Choices) -> bool | None:
        """Whether a literal holds after earlier decisions; None where they leave it open."""
        if literal == TRUE:
            return True
        holds = self._values(literal, _known(choices))[abs(literal)]
        return holds if literal > 0 or holds is None else not holds

    def decided(self, choices: Choices, literal: Lit | None) -> Choices | None:
        """The decisions that still matter once a literal is known to hold too; None where it cannot."""
        known = _known(choices)
        if literal is not None and not self._assert(literal, known):
            return None
        found = ((self._subject(abs(x)), x) for x in known.values())
        return frozenset((subject, x) for subject, x in found if self._used.get(subject))

    def _assert(self, literal: Lit, known: dict[int, int]) -> bool:
        """Note what follows from a literal, as far as single steps lead; False on a contradiction."""
        values = self._values(literal, known)
        work = [int(literal)]
        while work:
            current = work.pop()
            node, wanted = abs(current), current > 0
            if values.get(node) is (not wanted):
                return False
            values[node] = wanted
            kind = self._kind(literal, node)
            if kind == Kind.LEAF:
                if not self._learn(current, known):
                    return False
                continue
            children = self._graph.children(node)
            if (kind == Kind.AND) == wanted:
                work.extend(c if wanted else -c for c in children if _value(c, values) is not wanted)
                continue
            left = [c for c in children if _value(c, values) is not (not wanted)]
            if not left:
                return False
            if len(left) == 1 and _value(left[0], values) is None:
                work.append(left[0] if wanted else -left[0])
        return True

    def _learn(self, literal: int, known: dict[int, int]) -> bool:
        """Note what a leaf says; False where another value of its symbol is known."""
        subject = self._subject(abs(literal))
        if literal > 0:
            if any(x > 0 and x != literal and self._subject(x) == subject for x in known.values()):
                return False
            if known.get(literal, literal) != literal:
                return False
        elif known.get(-literal, literal) != literal:
            return False
        known[abs(literal)] = literal
        return True

    def _values(self, literal: Lit, known: Mapping[int, int]) -> dict[int, bool | None]:
        """The truth of the nodes below a literal, where it is known."""
        chosen = {self._subject(x): x for x in known.values() if x > 0}
        values: dict[int, bool | None] = {TRUE: True}
        for node in self._below[Lit(abs(literal))]:
            kind = self._kind(literal, node)
            if kind == Kind.LEAF:
                other = chosen.get(self._subject(node))
                decided = known.get(node) if other is None else other
                values[node] = None if decided is None else decided == node
            elif kind != Kind.TRUE:
                found = {_value(c, values) for c in self._graph.children(node)}
                short = kind == Kind.OR
                values[node] = short if short in found else None if None in found else not short
        return values

    def _kind(self, literal: Lit, node: int) -> Kind:
        """The kind of a node; a leaf where it stands for all below it."""
        whole = len(self._below[Lit(abs(literal))]) == 1
        return Kind.LEAF if whole else self._graph.kinds[node]

    def _nodes(self, literal: Lit) -> list[int]:
        """The nodes below a literal, children first; itself alone where they are too many."""
        found = list(islice(self._graph.reachable([literal]), MOST_NODES + 1))
        complete = len(found) <= MOST_NODES and all(
            self._graph.kinds[n] in (Kind.LEAF, Kind.TRUE) or self._graph.children(n) for n in found
        )
        return found if complete else [abs(literal)]

    def _subjects(self, literal: Lit) -> set[tuple[str, int]]:
        below = self._below[Lit(abs(literal))]
        leaves = (n for n in below if self._kind(literal, n) == Kind.LEAF)
        return {self._subject(n) for n in leaves}

    def _subject(self, node: int) -> tuple[str, int]:
        if self._graph.kinds[node] == Kind.LEAF:
            return "symbol", self._graph.args[node][0]
        return "node", node


def _known(choices: Choices) -> dict[int, int]:
    return {abs(x): x for _, x in choices}


def _value(child: int, values: Mapping[int, bool | None]) -> bool | None:
    found = values.get(abs(child))
    return found if child > 0 or found is None else not found


def shares(graph: Graph, literals: Iterable[Lit]) -> Knowledge | None:
    """The knowledge of some answers, where they share symbols."""
    found = Knowledge(graph, [x for x in literals if x != TRUE])
    return found if found.shared else None
