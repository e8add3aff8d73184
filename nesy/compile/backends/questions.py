"""What a compiler of clauses is asked: conjunctions of literals of a program, one for each root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from nesy.logic.graph import Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output, Symbol


@final
@dataclass(frozen=True)
class Questions:
    """A program, and for each root the literals that hold there together."""

    program: GroundProgram
    roots: tuple[tuple[Lit, ...], ...]


def values_of(program: GroundProgram) -> Questions:
    """Each value of each output under the condition, and last the condition."""
    condition = program.condition
    roots = [(x, *condition) for output in program.outputs for x in output.literals]
    return Questions(program, (*roots, condition))


def joint_of(program: GroundProgram, *, unobserved: bool) -> Questions:
    """The joint relation, over a program whose outputs are symbols too, and the condition.

    Cost: O(nodes and edges): the graph is copied, for graphs are shared and only grow.
    """
    graph = Graph()
    literals = [x for output in program.outputs for x in output.literals]
    image = _copied(program, graph, [*literals, *program.condition])
    symbols = list(program.symbols)
    relation: list[Lit] = []
    for output in program.outputs:
        cases = [
            graph.conjunction([graph.leaf(len(symbols), value), _image(image, x)])
            for value, x in enumerate(output.literals)
        ]
        if unobserved:
            cases.append(graph.leaf(len(symbols), len(output.domain)))
        relation.append(graph.disjunction(cases))
        symbols.append(_as_symbol(output, unobserved))
    condition = tuple(_image(image, x) for x in program.condition)
    extended = GroundProgram(tuple(symbols), graph, condition=condition)
    return Questions(extended, ((*relation, *condition), condition))


def _as_symbol(output: Output, unobserved: bool) -> Symbol:
    return Symbol(output.name, (*map(str, output.domain), *(("unobserved",) if unobserved else ())))


def _copied(program: GroundProgram, graph: Graph, roots: Iterable[int]) -> dict[int, Lit]:
    source = program.graph
    image: dict[int, Lit] = {1: Lit(1)}
    for node in source.reachable(roots):
        kind, args = source.kinds[node], source.args[node]
        if kind == Kind.LEAF:
            image[node] = graph.leaf(args[0], args[1])
        elif kind != Kind.TRUE:
            parts = [_image(image, a) for a in args]
            image[node] = graph.conjunction(parts) if kind == Kind.AND else graph.disjunction(parts)
    return image


def _image(image: dict[int, Lit], literal: int) -> Lit:
    return image[literal] if literal > 0 else Lit(-image[-literal])
