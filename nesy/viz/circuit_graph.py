"""The circuit of a program's queries, or one from a file, as a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.formats.names import Names, numbered
from nesy.circuit.passes.trimming import trimmed
from nesy.compile.backends import Compiler, compiler_named
from nesy.engines.inconsistent import inconsistent, require_consistent
from nesy.engines.solve import probabilities
from nesy.grounding import ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram, Symbol
from nesy.viz.beliefs import Beliefs, beliefs_of, unknown_networks
from nesy.viz.derivatives import Evaluated, by_column, evaluated
from nesy.viz.drawing import Drawing, Edge, Look, Node
from nesy.viz.lettering import counted
from nesy.viz.levels import MOST, by_level
from nesy.viz.symbols import LEAF, NETWORK, ambiguous, symbol_node

ROOT = Look("query", "box", "blue", "a query")
SUM = Look("sum", "circle", "green", "sum")
PRODUCT = Look("product", "circle", "grey", "product")
CONSTANT = Look("constant", "circle", "plain", "constant")
LOOKS = (ROOT, SUM, PRODUCT, LEAF, NETWORK, CONSTANT)
SIGNS = {NodeKind.ZERO: "0", NodeKind.ONE: "1", NodeKind.SUM: "+", NodeKind.PRODUCT: "\u00d7"}
KINDS = {
    NodeKind.ZERO: CONSTANT,
    NodeKind.ONE: CONSTANT,
    NodeKind.SUM: SUM,
    NodeKind.PRODUCT: PRODUCT,
    NodeKind.INPUT: LEAF,
}

MOST_EVALUATED = 100_000
"""Circuits of more edges are drawn without values, which would take long."""
MOST_QUERIES = 12
"""Derivatives are of the first queries only."""


def circuit_drawing(
    program: Program,
    *,
    compiler: str | Compiler = "native",
    beliefs: Beliefs | None = None,
    budget: Budget | None = None,
) -> Drawing:
    """The circuit of a program's queries, each node with its value and the queries' derivatives by it.

    Where evidence or constraints are given, queries are of what they leave. Networks of which `beliefs` says
    nothing find every value as probable. A circuit of more than `MOST` nodes is drawn level by level.
    Raises `NesyError`: what grounding and compiling raise; inconsistent-evidence; what `beliefs_of` raises.
    Cost: grounding, compiling, one step for each edge and query, and the layout.
    """
    grounded = ground(program, evaluate=probabilities, budget=budget)
    compiled = compiler_named(compiler).compile_values(grounded)
    require_consistent(grounded, compiled)
    chosen, names = _asked(grounded)
    last = len(compiled.roots) - 1
    roots = [*chosen, last] if grounded.condition else chosen
    small = trimmed(replace(compiled, roots=compiled.roots[roots]))
    condition = len(chosen) if grounded.condition else None
    weights = beliefs_of(grounded.symbols, beliefs)
    shown = _Shown(small, names, grounded.symbols, weights, condition)
    if shown.found is not None and condition is not None and shown.found.values[small.roots[-1]] == 0:
        raise inconsistent(grounded, "the evidence has probability zero")
    return shown.drawing(uniform=unknown_networks(grounded.symbols, beliefs))


def file_drawing(given: Circuit, names: Names | None = None) -> Drawing:
    """A circuit as it is. Every value of a variable is taken to be as probable as the others.

    Cost: as `circuit_drawing`, without compiling.
    """
    named = names or numbered(given)
    symbols = [Symbol(n, v) for n, v in zip(named.variables, named.values, strict=True)]
    return _Shown(given, named.roots, symbols, beliefs_of(symbols), None).drawing(uniform=False)


def _asked(program: GroundProgram) -> tuple[list[int], tuple[str, ...]]:
    """The roots to draw and their names: of a query that it holds, of other outputs each value."""
    chosen, names, start = [], [], 0
    for output in program.outputs:
        if output.domain == ("false", "true"):
            chosen.append(start + 1)
            names.append(output.name)
        else:
            chosen += range(start, start + len(output.domain))
            names += [f"{output.name} = {value}" for value in output.domain]
        start += len(output.domain)
    return chosen, tuple(names)


@final
class _Shown:
    """A circuit, the names of its roots, what its columns are, and which root is the condition.

    found: its values; None for a circuit that is too large.
    """

    def __init__(
        self,
        given: Circuit,
        names: Sequence[str],
        symbols: Sequence[Symbol],
        weights: NDArray[np.float64],
        condition: int | None,
    ) -> None:
        self._given = given
        self._names = names
        self._symbols = symbols
        self._weights = weights
        self._condition = condition
        self._queries = list(names[:MOST_QUERIES])
        self.found: Evaluated | None = None
        if given.edges <= MOST_EVALUATED:
            # A condition of probability zero is told by whoever asks for the drawing.
            with np.errstate(divide="ignore", invalid="ignore"):
                self.found = evaluated(given, weights, range(len(self._queries)), condition)

    def drawing(self, *, uniform: bool) -> Drawing:
        """The drawing. uniform: some networks are taken to find every value as probable."""
        nodes = self._roots()
        first = len(nodes)
        edges = [Edge(i, first + int(root)) for i, root in enumerate(self._given.roots)]
        nodes += self._inner()
        for node in range(self._given.size):
            edges += [Edge(first + node, first + child) for child in self._given.children_of(node).tolist()]
        drawing = Drawing(
            "Circuit",
            self._note(uniform),
            nodes,
            edges,
            tuple(look for look in LOOKS if any(node.kind == look.name for node in nodes)),
            queries=self._queries if self.found is not None else [],
            value_name="value",
            arrows=False,
        )
        return drawing if len(nodes) <= MOST else by_level(drawing)

    def _roots(self) -> list[Node]:
        """A node for each root, above all others."""
        values = None if self.found is None else self.found.values[self._given.roots]
        whole = 1.0 if values is None or self._condition is None else values[self._condition]
        given = (("given", "the evidence"),) if self._condition is not None else ()
        nodes = []
        for number, name in enumerate(self._names):
            value = None if values is None else float(values[number] / whole)
            nodes.append(Node(name, ROOT.name, (("query", name), *given), value, strong=True))
        if self._condition is not None:
            told = (("evidence", "what every world has to meet"),)
            nodes.append(Node("evidence", ROOT.name, told, None if values is None else float(whole)))
        return nodes

    def _inner(self) -> Iterator[Node]:
        given, found = self._given, self.found
        shared = ambiguous(self._symbols)
        values = [(symbol, value) for symbol in self._symbols for value in range(len(symbol.values))]
        slopes = found and by_column(given, found.derivatives, self._symbols, self._weights)
        for node, kind in enumerate(map(NodeKind, given.kinds.tolist())):
            column = int(given.columns[node])
            if kind == NodeKind.INPUT:
                drawn = symbol_node(*values[column], shared)
            else:
                told = (("inputs", str(len(given.children_of(node)))),)
                drawn = Node(SIGNS[kind], KINDS[kind].name, told)
            if found is not None and slopes is not None:
                by = slopes[:, column] if kind == NodeKind.INPUT else found.derivatives[:, node]
                drawn = replace(drawn, value=float(found.values[node]), derivatives=tuple(map(float, by)))
            yield drawn

    def _note(self, uniform: bool) -> str:
        parts = [f"{counted(self._given.size, 'node')}, {counted(self._given.edges, 'edge')}"]
        if uniform:
            parts.append("what networks say is taken to be uniform")
        if self._condition is not None:
            parts.append("a query's value is given the evidence")
        if self.found is None:
            parts.append(f"without values, for there are more than {MOST_EVALUATED:,} edges")
        return "; ".join(parts)
