"""Brings a ground program's graph into the compiler's formulas, with variables in decision order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.compile.formulas import Formulas
from nesy.logic.graph import Graph, Kind, Lit
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True)
class Imported:
    """A program as formulas. `columns[v]` is the first input column of variable v.

    `rank[k]` is the variable of symbol k; output i, where outputs are variables, is `rank[symbols + i]`.
    """

    formulas: Formulas
    image: dict[int, Lit]
    columns: tuple[int, ...]
    rank: tuple[int, ...]

    def literal(self, source: int) -> Lit:
        """The formula of a literal of the ground program."""
        node = self.image[abs(source)]
        return node if source > 0 else self.formulas.negated(node)


def decision_order(program: GroundProgram, roots: Sequence[int]) -> list[int]:
    """The symbols, those that stand highest above the leaves of a chain first.

    A symbol's depth is the longest way down to it from a root. Deciding the shallow ones first keeps
    what is rewritten small: everything deeper is left as it is. Neither names nor the order of
    clauses matter, except to break ties. Cost: O(nodes and edges).
    """
    graph = program.graph
    depth: dict[int, int] = {}
    deepest = [0] * len(program.symbols)
    for node in reversed(list(graph.reachable(roots))):
        here = depth.get(node, 0)
        if graph.kinds[node] == Kind.LEAF:
            symbol = graph.args[node][0]
            deepest[symbol] = max(deepest[symbol], here)
        for child in map(abs, graph.children(node)):
            depth[child] = max(depth.get(child, 0), here + 1)
    return sorted(range(len(deepest)), key=lambda s: (deepest[s], s))


def imported(program: GroundProgram, roots: Sequence[int], extra: Sequence[int] = ()) -> Imported:
    """The formulas of some roots; `extra` are the sizes of further variables (outputs), decided last."""
    order = decision_order(program, roots)
    symbols = len(order)
    sizes = [len(s.values) for s in program.symbols] + list(extra)
    starts = [0]
    for size in sizes:
        starts.append(starts[-1] + size)
    order += range(symbols, len(sizes))
    rank = [0] * len(sizes)
    for position, variable in enumerate(order):
        rank[variable] = position
    formulas = Formulas([sizes[k] for k in order])
    return Imported(
        formulas,
        _images(program.graph, roots, formulas, rank),
        tuple(starts[k] for k in order),
        tuple(rank),
    )


def _images(graph: Graph, roots: Sequence[int], formulas: Formulas, rank: list[int]) -> dict[int, Lit]:
    image: dict[int, Lit] = {1: Lit(1)}
    for node in graph.reachable(roots):
        kind, args = graph.kinds[node], graph.args[node]
        if kind == Kind.LEAF:
            image[node] = formulas.leaf(rank[args[0]], args[1])
        elif kind != Kind.TRUE:
            parts = [image[a] if a > 0 else formulas.negated(image[-a]) for a in args]
            image[node] = formulas.conjunction(parts) if kind == Kind.AND else formulas.disjunction(parts)
    return image
