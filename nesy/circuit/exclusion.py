"""Proofs that nodes of a circuit exclude one another: that no world satisfies two of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import final

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.forbidden import Forbidden

Goal = tuple[int, int]
"""Two nodes, the lower number first, that are to exclude one another."""

Coloured = tuple[int, int]
"""A node and its colour. Nodes of one colour need not exclude one another."""

Proof = Generator[Goal, bool, bool]
"""Asks for goals, is sent whether each holds, and returns whether its own does."""

CANDIDATES = 4
"""How many variables are tried for a split, and how many nodes for finding one."""


@final
class Exclusion:
    """A prover for one circuit. What it has found, for any pair of nodes, it remembers.

    Two nodes exclude one another if they leave some variable no value (`Forbidden`); a product and a node, if
    one of the product's children excludes the node; a sum and a node, if all of the sum's children do.
    Sets of nodes are first split by variables on whose values they disagree, so that hundreds of
    children that each fix a variable are told apart at one look.

    supports: the variables below each node, as bits.
    limit: how many goals may be asked for; beyond, nothing more is proved. By default a million, and a
    hundred for every edge.
    """

    __slots__ = ("_children", "_circuit", "_forbidden", "_kinds", "_known", "_left", "_supports")

    def __init__(self, circuit: Circuit, supports: Sequence[int], limit: int | None = None) -> None:
        self._circuit = circuit
        self._kinds: list[int] = circuit.kinds.tolist()
        self._supports = supports
        self._forbidden = Forbidden(circuit)
        self._known: dict[Goal, bool] = {}
        self._left = 1_000_000 + 100 * circuit.edges if limit is None else limit

    def among(self, nodes: Sequence[int]) -> bool:
        """Whether every two of the nodes are proved to exclude one another."""
        return self._run(self._separate([(node, colour) for colour, node in enumerate(nodes)]))

    def between(self, a: int, b: int) -> bool:
        """Whether two nodes are proved to exclude one another."""
        return self._run(self._separate([(a, 0), (b, 1)]))

    def _run(self, proof: Proof) -> bool:
        """Run a proof and those it asks for on a stack of our own: circuits are deeper than Python's."""
        goals: list[Goal | None] = [None]
        stack = [proof]
        answer: bool | None = None
        while True:
            try:
                goal = next(stack[-1]) if answer is None else stack[-1].send(answer)
            except StopIteration as finished:
                answer = bool(finished.value)
                stack.pop()
                done = goals.pop()
                if done is None:
                    return answer
                self._known[done] = answer
                continue
            self._left -= 1
            answer = self._at_once(goal)
            if answer is None:
                goals.append(goal)
                stack.append(self._prove(*goal))

    def _at_once(self, goal: Goal) -> bool | None:
        """What is known of a goal without a proof."""
        a, b = goal
        if self._forbidden.contradicts(self._forbidden[a] | self._forbidden[b]):
            return True
        inner = self._kinds[a] >= NodeKind.SUM or self._kinds[b] >= NodeKind.SUM
        if a == b or not inner or not self._supports[a] & self._supports[b] or self._left <= 0:
            return False
        return self._known.get(goal)

    def _prove(self, a: int, b: int) -> Proof:
        for whole, parts in ((a, b), (b, a)):
            if self._kinds[parts] == NodeKind.PRODUCT:
                for child in self._below(parts):
                    if (yield _goal(whole, child)):
                        return True
        if NodeKind.SUM in (self._kinds[a], self._kinds[b]):
            return (yield from self._separate([*self._alternatives(a, 0), *self._alternatives(b, 1)]))
        return False

    def _below(self, node: int) -> list[int]:
        children: list[int] = self._circuit.children_of(node).tolist()
        return children

    def _alternatives(self, node: int, colour: int) -> Iterator[Coloured]:
        parts = self._below(node) if self._kinds[node] == NodeKind.SUM else [node]
        return ((part, colour) for part in parts)

    def _separate(self, nodes: list[Coloured]) -> Proof:
        """Whether every two nodes of different colours exclude one another."""
        parts = [nodes]
        while parts:
            part = parts.pop()
            first, colour = part[0]
            others = [node for node, other in part if other != colour]
            if not others:
                continue
            split = self._split(part, others) if len(part) > 2 else [part]
            if len(split) > 1:
                parts.extend(split)
                continue
            for other in others:
                if not (yield _goal(first, other)):
                    return False
            if len(part) > 2:
                parts.append(part[1:])
        return True

    def _split(self, part: list[Coloured], others: Sequence[int]) -> list[list[Coloured]]:
        """The nodes cut into sets that exclude one another by one variable; one set if no variable does.

        The variable is one that tells the first node from some of the others.
        """
        best = [part]
        for other in others[:CANDIDATES]:
            union = self._forbidden[part[0][0]] | self._forbidden[other]
            for variable in self._forbidden.contradictions(union, CANDIDATES):
                split = self._by_value(part, variable)
                if max(map(len, split)) < max(map(len, best)):
                    best = split
            if len(best) > 1:
                break
        return best

    def _by_value(self, part: list[Coloured], variable: int) -> list[list[Coloured]]:
        """The finest cut into sets that share no allowed value of a variable."""
        cut: list[tuple[int, list[Coloured]]] = []
        by_allowed: dict[int, list[Coloured]] = {}
        for item in part:
            by_allowed.setdefault(self._forbidden.allowed(item[0], variable), []).append(item)
        for allowed, items in by_allowed.items():
            apart = [c for c in cut if not c[0] & allowed]
            for values, others in (c for c in cut if c[0] & allowed):
                allowed |= values  # noqa: PLW2901
                items = others + items  # noqa: PLW2901
            cut = [*apart, (allowed, items)]
        return [items for _, items in cut]


def _goal(a: int, b: int) -> Goal:
    return (a, b) if a < b else (b, a)
