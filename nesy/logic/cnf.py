"""A ground program as clauses: one-hot symbols, and a definition for each node of the AND-OR graph.

Nothing here solves anything; `Encoding` is plain data that any SAT tool can take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import final

from nesy.logic.cnf_counts import Bounding, Bounds, EachBound, SharedBounds, say_count
from nesy.logic.cnf_sums import Group
from nesy.logic.cnf_uses import NEGATIVE, POSITIVE, Uses, find_uses
from nesy.logic.cnf_writer import Clause, ClauseWriter
from nesy.logic.counts import Count
from nesy.logic.graph import TRUE, Kind, Lit
from nesy.logic.program import GroundProgram

__all__ = ["Clause", "Encoding", "encode"]


@final
@dataclass(frozen=True)
class Encoding:
    """Clauses over variables 1 to `variables`, and what the variables mean.

    values: for each symbol that the encoded literals depend on, the literal of each of its values.
    A symbol with two values is one variable: true is value 1, false is value 0.
    nodes: the literal of each node of the graph that has one: of all, where all are defined both ways,
    else of those asked for and those that are used more than once.
    """

    clauses: tuple[Clause, ...] = field(repr=False)
    variables: int
    values: Mapping[int, Clause] = field(repr=False)
    nodes: Mapping[int, int] = field(repr=False)

    def literal(self, lit: Lit) -> int:
        """The CNF literal that stands for a literal of the graph, which must have been encoded."""
        return self.nodes[lit] if lit > 0 else -self.nodes[-lit]


def encode(
    program: GroundProgram,
    literals: Iterable[Lit],
    *,
    asserted: Iterable[Lit] = (),
    both_ways: bool = False,
) -> Encoding:
    """Clauses that define the literals by the symbols they depend on.

    asserted: literals that hold in every model, such as the condition. What they decide needs no
    variables, and its clauses are shorter: much better than to assert them afterwards. All else is only
    defined. By default each node is defined only in the direction its use asks for (Plaisted and
    Greenbaum, 1986): asserting the CNF literal of a given literal is then sound, asserting its negation or
    reading its truth from a model is not. Nodes that are known to be counts (`Graph.counts`) are encoded
    as such (`cnf_counts`). With `both_ways` every node is equivalent to its definition (Tseitin, 1968), the
    symbols determine every variable, and every model tells the truth of every node.

    Either way unit propagation from a value for every symbol finds a conflict exactly where an
    asserted literal is false. Cost: O(nodes and edges reached, and symbols' values), and that of counts.
    """
    wanted = tuple(literals)
    uses = find_uses(program.graph, wanted, asserted, both_ways=both_ways)
    encoder = _Encoder(program, uses)
    for node, direction in uses.directions.items():
        encoder.define(node, direction)
    for fact in uses.facts:
        encoder.say((), fact)
    if not uses.consistent:
        encoder.writer.add(-encoder.writer.true())
    nodes = encoder.nodes
    # What assertions have decided is a constant to whoever asks for it.
    nodes.update((abs(x), encoder.constant(abs(x))) for x in wanted if abs(x) in uses.known)
    return Encoding(tuple(encoder.writer.clauses), encoder.writer.variables, encoder.values, nodes)


@final
class _Encoder:
    """Clauses under construction. Nodes are defined children first."""

    __slots__ = ("_graph", "_program", "_shared", "_uses", "nodes", "values", "writer")

    def __init__(self, program: GroundProgram, uses: Uses) -> None:
        self._program = program
        self._graph = program.graph
        self._uses = uses
        self._shared: dict[tuple[tuple[int, int], ...], SharedBounds] = {}
        self.writer = ClauseWriter()
        self.values: dict[int, Clause] = {}
        self.nodes: dict[int, int] = {}

    def define(self, node: int, direction: int) -> None:
        """Give a node its literal, and the clauses that tie it to its children."""
        if self._graph.kinds[node] == Kind.LEAF:
            symbol, value = self._graph.args[node]
            self.nodes[node] = self._values_of(symbol)[value]
        elif node not in self._uses.known and node not in self._uses.inline:
            variable = self.nodes[node] = self.writer.fresh()
            if direction & POSITIVE:
                self.say((-variable,), node)
            if direction & NEGATIVE:
                self.say((variable,), -node)

    def say(self, prefix: Clause, literal: int) -> None:
        """Clauses: the prefix holds, or what a literal's node is defined by does (or does not)."""
        stack = [literal]
        while stack:
            said = stack.pop()
            if said == literal or abs(said) in self._uses.inline:
                stack += self._expanded(prefix, said)[::-1]
            else:
                self._clause(prefix, [said])

    def constant(self, node: int) -> int:
        """The literal of a node that assertions have decided."""
        return self.writer.true() if self._uses.known[node] else -self.writer.true()

    def _expanded(self, prefix: Clause, said: int) -> list[int]:
        """The literals that say the same together; none where clauses have said it."""
        node = abs(said)
        count = self._uses.counts.get(node)
        if count is not None:
            bounding, bounds = self._bounding(count)
            say_count(self.writer, prefix, bounding, bounds, positive=said > 0)
        elif self._graph.kinds[node] == Kind.LEAF:
            self.writer.add(*prefix, self._literal(said))
        elif self._graph.kinds[node] == (Kind.AND if said > 0 else Kind.OR):
            return self._children(said)
        else:
            self._clause(prefix, self._disjuncts(said))
        return []

    def _disjuncts(self, said: int) -> list[int]:
        """The literals of which one must hold, those of nodes without a variable in their place."""
        found: list[int] = []
        stack = [said]
        while stack:
            current = stack.pop()
            if current == said or abs(current) in self._uses.inline:
                stack += self._children(current)[::-1]
            else:
                found.append(current)
        return found

    def _children(self, said: int) -> list[int]:
        return [c if said > 0 else -c for c in self._graph.args[abs(said)]]

    def _clause(self, prefix: Clause, literals: Iterable[int]) -> None:
        """One clause, without what is known."""
        unknown = []
        for literal in literals:
            truth = self._truth(literal)
            if truth:
                return
            if truth is None:
                unknown.append(self._literal(literal))
        self.writer.add(*prefix, *unknown)

    def _bounding(self, count: Count) -> tuple[Bounding, Bounds]:
        """What says bounds on what a count counts, without what is known, and the bounds."""

        def reduced(literal: int) -> int:
            truth = self._truth(literal)
            return literal if truth is None else TRUE if truth else -TRUE

        left = count.mapped(reduced)
        bounds = Bounds(left.low, left.high)
        if count.terms not in self._uses.shared:
            return EachBound(self.writer, self._groups(left)), bounds
        if count.terms not in self._shared:
            self._shared[count.terms] = SharedBounds(self.writer, self._groups(left))
        return self._shared[count.terms], bounds

    def _groups(self, left: Count) -> list[Group]:
        """What is counted, as groups of literals of which exactly one holds."""
        alone: list[Group] = []
        by_symbol: dict[int, dict[int, int]] = {}
        for weight, literal in left.terms:
            if literal > 0 and self._graph.kinds[literal] == Kind.LEAF:
                symbol, value = self._graph.args[literal]
                by_symbol.setdefault(symbol, {})[value] = weight
            else:
                own = self._literal(literal)
                alone.append([(weight, own), (0, -own)])
        for symbol, weights in by_symbol.items():
            literals = self._values_of(symbol)
            if len(weights) == 1:
                ((value, weight),) = weights.items()
                alone.append([(weight, literals[value]), (0, -literals[value])])
            else:
                alone.append([(weights.get(v, 0), x) for v, x in enumerate(literals)])
        return alone

    def _truth(self, literal: int) -> bool | None:
        """Whether a literal holds, where assertions have decided that."""
        known = self._uses.known.get(abs(literal))
        return known if literal > 0 or known is None else not known

    def _literal(self, literal: int) -> int:
        return self.nodes[literal] if literal > 0 else -self.nodes[-literal]

    def _values_of(self, symbol: int) -> Clause:
        found = self.values.get(symbol)
        if found is None:
            found = self.writer.exactly_one(len(self._program.symbols[symbol].values))
            self.values[symbol] = found
        return found
