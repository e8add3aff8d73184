"""An AND-OR graph laid out for evaluation in many worlds at once: rows of bits, one world a bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.logic.graph import Graph, Kind

Codes = NDArray[np.int32]
"""Literals of rows: twice the row, and one more where its negation is meant."""

TRUE_ROW = 0
"""The row that holds in every world."""

NOWHERE_ROW = 1
"""Where bits go that nobody asks for: values of symbols that no gate mentions."""


class Layout(NamedTuple):
    """What compiled code is given of a `WorldPlan`. Row `gates + g` is the conjunction of gate g's codes.

    gates: the first row of a gate; before it are the two constant rows and the leaves.
    codes, starts: the codes of gate g are `codes[starts[g]:starts[g + 1]]`.
    leaves, firsts: value v of symbol s is row `leaves[firsts[s] + v]`, where v is below
    `firsts[s + 1] - firsts[s]`.
    """

    gates: int
    codes: Codes
    starts: IntArray
    leaves: Codes
    firsts: IntArray


@final
class WorldPlan:
    """The nodes below some literals, in rows, children before parents.

    A disjunction is kept as the negation of a conjunction of negations, so there is but one operation; what
    refers to its row refers to its negation. Cost: O(nodes and edges reached), once.

    sizes: how many values each symbol has. Each value then has a row, whether the graph mentions it or not:
    row `2 + p` is that of the value with place p among the values of all symbols.
    """

    def __init__(self, graph: Graph, literals: Sequence[int], sizes: Sequence[int] | None = None) -> None:
        nodes = list(graph.reachable(literals))
        leaves = [n for n in nodes if graph.kinds[n] == Kind.LEAF]
        gates = [n for n in nodes if graph.kinds[n] in (Kind.AND, Kind.OR)]
        firsts, table = _leaf_table(graph, leaves, sizes)
        first_gate = NOWHERE_ROW + 1 + (len(leaves) if sizes is None else len(table))
        self._graph = graph
        self._rows = {1: TRUE_ROW, **{node: row for row, node in enumerate(gates, first_gate)}}
        for node in leaves:
            symbol, value = graph.args[node]
            self._rows[node] = int(table[firsts[symbol] + value])
        lines = [self._line(node) for node in gates]
        self.layout = Layout(
            gates=first_gate,
            codes=np.array([code for line in lines for code in line], dtype=np.int32),
            starts=np.cumsum([0, *map(len, lines)], dtype=np.int64),
            leaves=table,
            firsts=firsts,
        )
        self.literals = self.codes(literals)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.layout.gates + len(self.layout.starts) - 1

    @property
    def edges(self) -> int:
        """How many codes all gates have together."""
        return len(self.layout.codes)

    def codes(self, literals: Sequence[int]) -> Codes:
        """The codes of literals that are among the nodes of the plan."""
        return np.array([self._code(x) for x in literals], dtype=np.int32)

    def _line(self, node: int) -> list[int]:
        flip = int(self._graph.kinds[node] == Kind.OR)
        return [self._code(child) ^ flip for child in self._graph.children(node)]

    def _code(self, literal: int) -> int:
        negated = (literal < 0) != (self._graph.kinds[abs(literal)] == Kind.OR)
        return 2 * self._rows[abs(literal)] + negated


def _leaf_table(graph: Graph, leaves: Sequence[int], sizes: Sequence[int] | None) -> tuple[IntArray, Codes]:
    """Where each symbol's values start, and the row of each value."""
    if sizes is not None:
        firsts = np.cumsum([0, *sizes], dtype=np.int64)
        return firsts, np.arange(NOWHERE_ROW + 1, NOWHERE_ROW + 1 + firsts[-1], dtype=np.int32)
    found: dict[int, int] = {}
    for node in leaves:
        symbol, value = graph.args[node]
        found[symbol] = max(found.get(symbol, 0), value + 1)
    firsts = np.cumsum([0, *(found.get(s, 0) for s in range(max(found, default=-1) + 1))], dtype=np.int64)
    table = np.full(int(firsts[-1]), NOWHERE_ROW, dtype=np.int32)
    for row, node in enumerate(leaves, NOWHERE_ROW + 1):
        symbol, value = graph.args[node]
        table[firsts[symbol] + value] = row
    return firsts, table
