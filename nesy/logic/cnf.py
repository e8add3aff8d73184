"""A ground program as clauses: one-hot symbols, and a definition for each node of the AND-OR graph.

Nothing here solves anything; `Encoding` is plain data that any SAT tool can take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import final

from nesy.logic.graph import Kind, Lit
from nesy.logic.program import GroundProgram

Clause = tuple[int, ...]
"""A disjunction of literals: variables from 1 on, negative where negated, as DIMACS writes them."""

_POSITIVE, _NEGATIVE, _BOTH = 1, 2, 3
_PAIRWISE_LIMIT = 12
"""Symbols with more values than this get linearly many at-most-one clauses instead of all pairs."""


@final
@dataclass(frozen=True)
class Encoding:
    """Clauses over variables 1 to `variables`, and what the variables mean.

    values: for each symbol that the encoded literals depend on, the literal of each of its values.
    A symbol with two values is one variable: true is value 1, false is value 0.
    nodes: the literal of each encoded node of the graph.
    """

    clauses: tuple[Clause, ...] = field(repr=False)
    variables: int
    values: Mapping[int, Clause] = field(repr=False)
    nodes: Mapping[int, int] = field(repr=False)

    def literal(self, lit: Lit) -> int:
        """The CNF literal that stands for a literal of the graph, which must have been encoded."""
        return self.nodes[lit] if lit > 0 else -self.nodes[-lit]


def encode(program: GroundProgram, literals: Iterable[Lit], *, both_ways: bool = False) -> Encoding:
    """Clauses that define the literals by the symbols they depend on. Nothing is asserted.

    By default each node is defined only in the direction its use asks for (Plaisted and Greenbaum,
    1986): asserting the CNF literal of a given literal is then sound, asserting its negation or
    reading its truth from a model is not. With `both_ways` every node is equivalent to its
    definition (Tseitin, 1968), and every model tells the truth of every node.

    Either way unit propagation from a value for every symbol finds a conflict exactly where an
    asserted literal is false. Cost: O(nodes and edges reached, and symbols' values).
    """
    wanted = tuple(literals)
    encoder = _Encoder(program)
    for node, polarity in _polarities(program, wanted, both_ways=both_ways):
        encoder.define(node, polarity)
    return Encoding(tuple(encoder.clauses), encoder.variables, encoder.values, encoder.nodes)


def _polarities(
    program: GroundProgram, wanted: tuple[Lit, ...], *, both_ways: bool
) -> Iterator[tuple[int, int]]:
    """Each node reached and the directions in which it is used; children before parents."""
    graph = program.graph
    order = list(graph.reachable(wanted))
    uses = dict.fromkeys(order, 0)
    for lit in wanted:
        uses[abs(lit)] |= _POSITIVE if lit > 0 else _NEGATIVE
    for node in reversed(order):
        flipped = _flip(uses[node])
        for child in graph.children(node):
            uses[abs(child)] |= uses[node] if child > 0 else flipped
    for node in order:
        yield node, _BOTH if both_ways else uses[node]


def _flip(polarity: int) -> int:
    return polarity if polarity in (0, _BOTH) else _BOTH - polarity


@final
class _Encoder:
    """Clauses under construction. Nodes are defined children first."""

    __slots__ = ("clauses", "nodes", "program", "values", "variables")

    def __init__(self, program: GroundProgram) -> None:
        self.program = program
        self.clauses: list[Clause] = []
        self.variables = 0
        self.values: dict[int, Clause] = {}
        self.nodes: dict[int, int] = {}

    def define(self, node: int, polarity: int) -> None:
        """Give a node its literal, and the clauses that tie it to its children."""
        graph = self.program.graph
        match graph.kinds[node]:
            case Kind.TRUE:
                self.nodes[node] = self._fresh()
                self.clauses.append((self.nodes[node],))
            case Kind.LEAF:
                symbol, value = graph.args[node]
                self.nodes[node] = self._values_of(symbol)[value]
            case Kind.AND:
                self._gate(node, polarity, sign=1)
            case Kind.OR:
                # A disjunction is the negated conjunction of its negated children.
                self._gate(node, _flip(polarity), sign=-1)

    def _gate(self, node: int, polarity: int, *, sign: int) -> None:
        """`sign * node` is the conjunction of `sign *` its children, in the directions used."""
        children = [sign * self._literal(c) for c in self.program.graph.args[node]]
        variable = self._fresh()
        self.nodes[node] = variable
        gate = sign * variable
        if polarity & _POSITIVE:
            self.clauses.extend((-gate, child) for child in children)
        if polarity & _NEGATIVE:
            self.clauses.append((gate, *(-child for child in children)))

    def _literal(self, lit: int) -> int:
        return self.nodes[lit] if lit > 0 else -self.nodes[-lit]

    def _values_of(self, symbol: int) -> Clause:
        found = self.values.get(symbol)
        if found is None:
            found = self._one_hot(len(self.program.symbols[symbol].values))
            self.values[symbol] = found
        return found

    def _one_hot(self, size: int) -> Clause:
        """Literals of which exactly one holds."""
        if size == 2:
            variable = self._fresh()
            return (-variable, variable)
        literals = tuple(self._fresh() for _ in range(size))
        self.clauses.append(literals)
        if size <= _PAIRWISE_LIMIT:
            self.clauses.extend((-a, -b) for a, b in combinations(literals, 2))
        else:
            self._at_most_one(literals)
        return literals

    def _at_most_one(self, literals: Clause) -> None:
        """The sequential encoding (Sinz, 2005): a variable after each literal says "one so far"."""
        seen = literals[0]
        for literal in literals[1:-1]:
            self.clauses.append((-seen, -literal))
            now = self._fresh()
            self.clauses.extend([(-seen, now), (-literal, now)])
            seen = now
        self.clauses.append((-seen, -literals[-1]))

    def _fresh(self) -> int:
        self.variables += 1
        return self.variables
