"""How large a ground program is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.logic.graph import Kind
from nesy.logic.ground_rules import GroundRules


@final
@dataclass(frozen=True, slots=True)
class Sizes:
    """atoms: different ones that are not certain. symbols, values: random variables, and their values in all.
    nodes, edges: of the AND-OR graph as it was made. observed: literals that every world must meet.
    """

    atoms: int
    symbols: int
    values: int
    nodes: int
    edges: int
    queries: int
    observed: int


def sizes_of(rules: GroundRules) -> Sizes:
    """The sizes of ground rules. Raises what their outputs raise. Cost: linear in the graph."""
    kinds, args = rules.graph.kinds, rules.graph.args
    inner = (Kind.AND, Kind.OR)
    return Sizes(
        atoms=len(set(rules.atoms().values())),
        symbols=len(rules.symbols),
        values=sum(len(symbol.values) for symbol in rules.symbols),
        nodes=len(kinds) - 1,
        edges=sum(len(args[node]) for node in range(1, len(kinds)) if kinds[node] in inner),
        queries=len(rules.outputs),
        observed=len(rules.condition),
    )
