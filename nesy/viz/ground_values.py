"""The probabilities of ground atoms and bodies, and what queries owe to choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Union, final

import numpy as np

from nesy.compile.relations import compile_values
from nesy.engines.inconsistent import inconsistent, require_consistent
from nesy.grounding.written.drafts import Body, Choice, Drafts, Item, Name
from nesy.logic.graph import FALSE, Graph, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import Output
from nesy.viz.beliefs import Beliefs, beliefs_of
from nesy.viz.derivatives import by_column, evaluated

Place = tuple[Name, int]
"""A body: the name of its head, and which of its rules."""

Key = Union[Name, Place, Choice]
"""What a probability is of."""


@final
@dataclass
class GroundValues:
    """held: the probability of each atom, body and choice, given the evidence.

    slopes: of each choice, how the queries change with its probability.
    """

    held: dict[Key, float] = field(default_factory=dict)
    slopes: dict[Choice, tuple[float, ...]] = field(default_factory=dict)


def ground_values(
    rules: GroundRules, found: Drafts, queries: Sequence[str], beliefs: Beliefs | None = None
) -> GroundValues:
    """All of them. queries: those that derivatives are of. beliefs: see `beliefs_of`.

    Raises `SemanticsError`: negative-cycle, inconsistent-evidence. Cost: compiling every atom and body.
    """
    # Names the atoms of a cycle through negation, which the graph below could not.
    rules.acyclic()
    graph = _Graph(found)
    program = replace(
        rules,
        graph=graph.graph,
        asked=graph.outputs,
        condition=graph.condition,
        families=tuple,
        given=0,
    ).acyclic()
    circuit = compile_values(program)
    require_consistent(program, circuit)
    weights = beliefs_of(program.symbols, beliefs)
    numbers = {key: i for i, key in enumerate(graph.literals)}
    asked = [numbers[text] for text in queries]
    with np.errstate(divide="ignore", invalid="ignore"):
        known = evaluated(circuit, weights, asked, len(numbers))
    given = known.values[circuit.roots[-1]]
    if given == 0:
        raise inconsistent(program, "the evidence has probability zero")
    result = GroundValues()
    for key in graph.literals:
        result.held[key] = float(known.values[circuit.roots[numbers[key]]] / given)
    slopes = by_column(circuit, known.derivatives, program.symbols, weights)
    own = {id(symbol): number for number, symbol in enumerate(rules.symbols)}
    for symbol, start in zip(program.symbols, program.offsets[:-1], strict=True):
        for value in range(len(symbol.values)):
            found_slopes = tuple(map(float, slopes[:, start + value]))
            result.slopes[Choice(own[id(symbol)], value)] = found_slopes
    return result


@final
class _Graph:
    """Drafts as a graph. literals: that of each name, and of each body of several goals by its place."""

    def __init__(self, found: Drafts) -> None:
        self.graph = Graph()
        names = dict.fromkeys([*found.bodies, *found.queries])
        self._nodes: dict[Name, Lit] = {name: self.graph.declare() for name in names}
        self.literals: dict[Key, Lit] = {name: node for name, node in self._nodes.items()}  # noqa: C416 - of wider keys
        for name, node in self._nodes.items():
            bodies = found.queries.get(name, []) if isinstance(name, str) else []
            if name in found.bodies:
                bodies = found.bodies[name]
            self.graph.define(node, [self._place(name, i, body) for i, body in enumerate(bodies)])
        held = [self._literal(item) for item in found.observed]
        broken = [Lit(-self._conjunction(body)) for body in found.broken]
        self.condition = (*held, *broken, *((FALSE,) if found.impossible else ()))

    def outputs(self) -> tuple[Output, ...]:
        """One output of one value for each literal."""
        return tuple(Output(str(i), ("true",), (x,)) for i, x in enumerate(self.literals.values()))

    def _place(self, name: Name, number: int, body: Body) -> Lit:
        literal = self._conjunction(body)
        if len(body) > 1:
            self.literals[name, number] = literal
        return literal

    def _conjunction(self, body: Body) -> Lit:
        return self.graph.conjunction(map(self._literal, body))

    def _literal(self, item: Item) -> Lit:
        if isinstance(item, Choice):
            literal = self.graph.leaf(item.symbol, item.value)
            self.literals[Choice(item.symbol, item.value)] = literal
        else:
            literal = self._nodes[item.name]
        return literal if item.positive else Lit(-literal)
