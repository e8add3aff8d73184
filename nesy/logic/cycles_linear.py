"""Components whose rules are linear: a system of Boolean equations, solved by elimination.

Where every conjunction of a component has at most one child in it, its nodes are the least solution of
x_i = b_i or (a_i1 and x_1) or (a_i2 and x_2) ..., the a and b being literals from below the component.
Node k is eliminated by putting its equation in the place of x_k:

    a_ij := a_ij or (a_ik and a_kj)        b_i := b_i or (a_ik and b_k)

and a_kk is dropped, for the least x with x = c or (a and x) is c. When all are eliminated, each x_k is
read from its equation, which mentions only nodes eliminated after it.

The entries go through fronts, as in a sparse solver (Duff and Reid, 1983): the front of node k holds the
entries among k and its neighbours that the nodes eliminated below it make, and is handed on without k.
A front is kept closed (a_ip and a_pj imply a_ij for each p in it), so that what it says is all that
matters of the nodes below it: worlds that agree on the entries of a front agree on all that is above,
and there are few such cases (for undirected edges, the partitions of the front).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import final

from nesy.logic.graph import FALSE, Graph, Lit

CLOSED_WIDTH = 16
"""Fronts of more nodes are not closed: their entries would be too many."""

_ALWAYS = 0
"""The column of the b's: a variable that always holds. No node is 0."""

_ONE, _OTHER, _BOTH = 1, 2, 3
"""Which of two fronts an entry comes from."""

Cells = dict[tuple[int, int], int]
"""Entries by row and column."""


@final
@dataclass(frozen=True, slots=True)
class Equation:
    """What a node is: `given`, or any of other nodes while its literal in `steps` holds."""

    given: Lit
    steps: Mapping[int, Lit]


@final
@dataclass(frozen=True, slots=True)
class _Front:
    cells: Cells
    closed: bool

    def nodes(self) -> dict[int, None]:
        return dict.fromkeys(n for n in chain.from_iterable(self.cells) if n != _ALWAYS)


@final
class Elimination:
    """The solved system: `solution` gives what one node is, and builds nothing that it does not need.

    An entry is any of some products of one or two entries made before it.
    Cost: for a front of w nodes O(w^2) entries, for each of the m given entries where it is closed;
    O((n + m) w^2) in all.
    """

    def __init__(self, graph: Graph, equations: Mapping[int, Equation], order: Iterable[int]) -> None:
        """order: every node of the equations. Nothing is built in the graph yet."""
        self._graph = graph
        self._products: list[tuple[tuple[int, ...], ...]] = []
        self._built: dict[int, Lit] = {}
        self._literals: dict[Lit, int] = {}
        place = {node: i for i, node in enumerate(order)}
        arriving: dict[int, list[_Front]] = {n: [] for n in place}
        for first, front in self._given(equations, place):
            arriving[first].append(front)
        rows = []
        for node in place:
            rest, row = self._without(node, self._assembled(arriving.pop(node)))
            rows.append((node, row))
            above = rest.nodes()
            if above:
                arriving[min(above, key=place.__getitem__)].append(rest)
        self._solutions = self._solved(rows)

    def solution(self, node: int) -> Lit:
        """The node in the graph; entries are built in the order of elimination.

        Cost: O(the entries it needs that are not built yet); iterative.
        """
        wanted = self._solutions[node]
        needed: set[int] = set()
        stack = [wanted]
        while stack:
            entry = stack.pop()
            if entry not in needed and entry not in self._built:
                needed.add(entry)
                stack.extend(chain.from_iterable(self._products[entry]))
        for entry in sorted(needed):
            products = [self._graph.conjunction([self._built[e] for e in p]) for p in self._products[entry]]
            self._built[entry] = self._graph.disjunction(products)
        return self._built[wanted]

    def _given(self, equations: Mapping[int, Equation], place: Mapping[int, int]) -> list[tuple[int, _Front]]:
        """The entries of the equations: the two between a pair of nodes go together, to the first to go."""
        pairs: dict[tuple[int, int], Cells] = {}
        for node, equation in equations.items():
            if equation.given != FALSE:
                pairs[node, _ALWAYS] = {(node, _ALWAYS): self._literal(equation.given)}
            for child, step in equation.steps.items():
                if child != node:
                    pair = (node, child) if place[node] < place[child] else (child, node)
                    pairs.setdefault(pair, {})[node, child] = self._literal(step)
        ordered = sorted(pairs, key=lambda pair: (place[pair[0]], place.get(pair[1], -1)))
        return [(pair[0], _Front(pairs[pair], closed=True)) for pair in ordered]

    def _assembled(self, parts: Iterable[_Front]) -> _Front:
        front = _Front({}, closed=True)
        # What other nodes handed on comes first: what is given then joins a closed front, bit by bit.
        for part in sorted(parts, key=lambda p: -len(p.cells)):
            front = self._joined(front, part)
        return front

    def _joined(self, one: _Front, other: _Front) -> _Front:
        """The entries of both; closed where both are and there are not too many nodes."""
        cells = {**one.cells, **other.cells}
        source = dict.fromkeys(one.cells, _ONE) | dict.fromkeys(other.cells, _OTHER)
        for cell in one.cells.keys() & other.cells.keys():
            cells[cell] = self._entry([(one.cells[cell],), (other.cells[cell],)])
            source[cell] = _BOTH
        nodes, others = one.nodes(), other.nodes()
        if not (one.closed and other.closed) or len(nodes | others) > CLOSED_WIDTH:
            return _Front(cells, closed=False)
        # A way through both changes sides only at a node of both, and each side has its own shortcuts.
        for pivot in nodes:
            if pivot in others:
                self._pivot(cells, pivot, source)
        return _Front(cells, closed=True)

    def _pivot(self, cells: Cells, pivot: int, source: dict[tuple[int, int], int]) -> None:
        """Add the ways through a node that do not lie within one source."""
        into = [(i, e) for (i, j), e in cells.items() if j == pivot]
        onward = [(j, e) for (i, j), e in cells.items() if i == pivot]
        for i, first in into:
            for j, second in onward:
                if i != j and source[i, pivot] | source[pivot, j] == _BOTH:
                    old = cells.get((i, j))
                    before = [] if old is None else [(old,)]
                    cells[i, j] = self._entry([*before, (first, second)])
                    source[i, j] = _BOTH

    def _without(self, node: int, front: _Front) -> tuple[_Front, dict[int, int]]:
        """The front that is handed on, and the node's equation."""
        cells = dict(front.cells)
        if not front.closed:
            self._pivot(cells, node, dict.fromkeys(cells, _BOTH))
        row = {j: e for (i, j), e in cells.items() if i == node}
        return _Front({cell: e for cell, e in cells.items() if node not in cell}, front.closed), row

    def _solved(self, rows: list[tuple[int, dict[int, int]]]) -> dict[int, int]:
        """The entries of the nodes themselves, from the last to go to the first."""
        solutions: dict[int, int] = {}
        for node, row in reversed(rows):
            solutions[node] = self._entry(
                (step,) if column == _ALWAYS else (step, solutions[column]) for column, step in row.items()
            )
        return solutions

    def _literal(self, literal: Lit) -> int:
        found = self._literals.get(literal)
        if found is None:
            found = self._literals[literal] = self._entry(())
            self._built[found] = literal
        return found

    def _entry(self, products: Iterable[tuple[int, ...]]) -> int:
        self._products.append(tuple(products))
        return len(self._products) - 1
