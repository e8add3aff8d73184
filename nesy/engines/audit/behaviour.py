"""What a program does with concepts, as formulas over their values alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from nesy.engines.audit.concepts import Concepts
from nesy.logic.cnf import Encoding, encode
from nesy.logic.graph import TRUE, Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output, Symbol


@final
@dataclass(frozen=True)
class Behaviour:
    """Formulas over the concepts; leaf (c, v) is that concept c has value v.

    observed: two combinations of values look alike to training where all of these agree.
    possible: what holds of every combination that can be at all (evidence and constraints).
    labelled: what holds where some output has some value.
    labels: for each output and each of its values, whether that can be seen.
    certain: nothing but networks is uncertain, so what can be seen is what is seen.
    """

    concepts: Concepts
    outputs: tuple[Output, ...]
    graph: Graph = field(repr=False)
    observed: tuple[Lit, ...] = field(repr=False)
    possible: tuple[Lit, ...] = field(repr=False)
    labelled: tuple[Lit, ...] = field(repr=False)
    labels: tuple[tuple[Lit, ...], ...] = field(repr=False)
    certain: bool = True

    def holding(self, of: Sequence[Lit], world: Sequence[int]) -> list[Lit]:
        """What holds of a combination: each of some formulas, or its negation.

        Cost: O(nodes and edges below them).
        """
        graph = self.graph
        true: set[int] = {TRUE}
        for node in graph.reachable(of):
            kind, args = graph.kinds[node], graph.args[node]
            if kind == Kind.LEAF:
                holds = world[args[0]] == args[1]
            elif kind == Kind.TRUE:
                continue
            else:
                some = any if kind == Kind.OR else all
                holds = some((abs(x) in true) == (x > 0) for x in args)
            if holds:
                true.add(node)
        return [x if (abs(x) in true) == (x > 0) else Lit(-x) for x in of]

    def encoded(self, also: Sequence[Lit] = ()) -> Encoding:
        """Clauses of what is observed and possible, and of further formulas; every concept has literals.

        Cost: O(nodes and edges).
        """
        concepts = self.concepts.concepts
        symbols = tuple(Symbol(c.name, c.values) for c in concepts)
        leaves = [self.graph.leaf(c, 0) for c in range(len(concepts))]
        asked = [*self.observed, *self.possible, *also, *leaves]
        return encode(GroundProgram(symbols, self.graph), asked, both_ways=True)


def certain_behaviour(program: GroundProgram, concepts: Concepts) -> Behaviour:
    """The behaviour where nothing but networks is uncertain. Cost: O(nodes and edges)."""
    graph = Graph()
    roots = [*(x for o in program.outputs for x in o.literals), *program.condition]

    def leaf(symbol: int, value: int) -> Lit:
        concept = concepts.of_symbol[symbol]
        assert concept is not None
        return graph.leaf(concept, value)

    image = substituted(program.graph, roots, graph, leaf)
    labels = tuple(tuple(literal(image, x) for x in o.literals) for o in program.outputs)
    return Behaviour(
        concepts,
        program.outputs,
        graph,
        tuple(dict.fromkeys(x for group in labels for x in group if abs(x) != TRUE)),
        tuple(literal(image, x) for x in program.condition),
        (graph.disjunction(x for group in labels for x in group),),
        labels,
    )


def substituted(
    source: Graph, roots: Sequence[int], target: Graph, leaf: Callable[[int, int], Lit]
) -> Mapping[int, Lit]:
    """The image in `target` of each node at or below the roots, with other literals for its leaves.

    Cost: O(nodes and edges reached).
    """
    image: dict[int, Lit] = {TRUE: TRUE}
    for node in source.reachable(roots):
        kind, args = source.kinds[node], source.args[node]
        if kind == Kind.LEAF:
            image[node] = leaf(*args)
        elif kind != Kind.TRUE:
            parts = literals(image, args)
            image[node] = target.conjunction(parts) if kind == Kind.AND else target.disjunction(parts)
    return image


def literal(image: Mapping[int, Lit], of: int) -> Lit:
    """The image of a literal."""
    return image[of] if of > 0 else Lit(-image[-of])


def literals(image: Mapping[int, Lit], of: Iterable[int]) -> list[Lit]:
    """The images of literals."""
    return [literal(image, x) for x in of]
