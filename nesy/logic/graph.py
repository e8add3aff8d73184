"""The AND-OR graph: hash-consed nodes over the values of multi-valued symbols.

A literal is a signed integer: `+n` is node n, `-n` its negation. `TRUE` is node 1, so `FALSE` is -1.
Conjunctions and disjunctions are simplified as they are made (constants, duplicates, complements,
absorption, nodes of one child), so equal content is always one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NewType, final

from nesy.logic.counts import Count

Lit = NewType("Lit", int)
"""A node, or its negation."""

TRUE = Lit(1)
FALSE = Lit(-1)


class Kind(IntEnum):
    """What a node is."""

    TRUE = 0
    LEAF = 1
    AND = 2
    OR = 3


@final
class Graph:
    """A growing AND-OR graph. Node n has `kinds[n]` and `args[n]`; index 0 is unused.

    A LEAF's args are (symbol, value): it holds where that symbol takes that value.
    Every other node's args are literals. Nodes made by `disjunction` and `conjunction` come after
    their children. Only `declare` makes a node whose children come later, and so allows cycles.
    """

    __slots__ = ("_declared", "_index", "args", "counts", "families", "kinds")

    def __init__(self) -> None:
        self.families: list[tuple[Lit, ...]] = []
        """Groups of literals made so that they exclude one another."""
        self.counts: dict[int, Count] = {}
        """What some conjunctions and disjunctions say, as counts of literals: a help, never needed."""
        self.kinds: list[Kind] = [Kind.TRUE, Kind.TRUE]
        self.args: list[tuple[int, ...]] = [(), ()]
        self._index: dict[tuple[Kind, tuple[int, ...]], int] = {}
        self._declared: set[int] = set()

    def __len__(self) -> int:
        """One more than the highest node."""
        return len(self.kinds)

    def leaf(self, symbol: int, value: int) -> Lit:
        """The node that holds where `symbol` takes `value`."""
        return self._node(Kind.LEAF, (symbol, value))

    def conjunction(self, literals: Iterable[int]) -> Lit:
        """All of the literals; TRUE for none. Cost: O(k log k), k being the literals and their children."""
        unique = set(literals)
        unique.discard(TRUE)
        if FALSE in unique or any(-x in unique for x in unique):
            return FALSE
        if len(unique) > 1:
            unique -= self._absorbed(unique, Kind.OR)
        if not unique:
            return TRUE
        if len(unique) == 1:
            return Lit(unique.pop())
        return self._node(Kind.AND, tuple(sorted(unique)))

    def disjunction(self, literals: Iterable[int]) -> Lit:
        """Any of the literals; FALSE for none. Cost: O(k log k), k being the literals and their children."""
        unique = set(literals)
        unique.discard(FALSE)
        if TRUE in unique or any(-x in unique for x in unique):
            return TRUE
        if len(unique) > 1:
            unique -= self._absorbed(unique, Kind.AND)
        if not unique:
            return FALSE
        if len(unique) == 1:
            return Lit(unique.pop())
        return self._node(Kind.OR, tuple(sorted(unique)))

    def _absorbed(self, literals: set[int], dual: Kind) -> set[int]:
        """The literals that another makes redundant: x or (x and y) is x, and x and (x or y) is x."""
        kinds, args = self.kinds, self.args
        # Declared nodes stay whole: two of them may mention each other, and both would be absorbed.
        return {
            x
            for x in literals
            if x > 0 and kinds[x] == dual and x not in self._declared and not literals.isdisjoint(args[x])
        }

    def declare(self) -> Lit:
        """A fresh OR node whose children are given later, by `define`; it is never merged with another."""
        declared = self._append(Kind.OR, ())
        self._declared.add(declared)
        return declared

    def define(self, declared: Lit, literals: Iterable[int]) -> None:
        """Give a declared node its children, kept as they are (no simplification: they may be cyclic)."""
        self.args[declared] = tuple(literals)

    def note(self, literal: int, count: Count) -> None:
        """Note that a literal says the same as a count. What cannot be noted, such as a leaf, is left out."""
        said = count if literal > 0 else count.negated()
        node = abs(literal)
        if said is not None and self.kinds[node] in (Kind.AND, Kind.OR):
            self.counts.setdefault(node, said)

    def children(self, node: int) -> tuple[int, ...]:
        """The literals below a node; none below TRUE and leaves."""
        return () if self.kinds[node] in (Kind.LEAF, Kind.TRUE) else self.args[node]

    def reachable(self, roots: Iterable[int]) -> Iterator[int]:
        """The nodes at or below the roots, children before parents (where the graph has no cycle).

        Cost: O(nodes and edges reached); iterative.
        """
        seen: set[int] = set()
        stack = [abs(r) for r in roots][::-1]
        while stack:
            node = stack.pop()
            if node < 0:
                yield -node
            elif node not in seen:
                seen.add(node)
                stack.append(-node)
                stack.extend(abs(c) for c in reversed(self.children(node)) if abs(c) not in seen)

    def _node(self, kind: Kind, args: tuple[int, ...]) -> Lit:
        key = (kind, args)
        found = self._index.get(key)
        if found is None:
            found = self._append(kind, args)
            self._index[key] = found
        return Lit(found)

    def _append(self, kind: Kind, args: tuple[int, ...]) -> Lit:
        self.kinds.append(kind)
        self.args.append(args)
        return Lit(len(self.kinds) - 1)
