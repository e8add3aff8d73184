"""A large conjunction taken apart into small ones, each over symbols of its own choice."""

from __future__ import annotations

from nesy.logic.graph import Kind, Lit
from nesy.logic.parts import independent_parts
from nesy.logic.program import GroundProgram, Output

Conjunct = tuple[GroundProgram, tuple[int, ...]]
"""A program of one output, false or true, and which of the whole's symbols are its symbols."""


def conjuncts(program: GroundProgram, literal: Lit, largest: int) -> list[Conjunct] | None:
    """The conjuncts of a literal, taken apart until each has no more than `largest` worlds.

    None where some conjunct is too large and no conjunction. Values of a symbol that a conjunct does not
    tell apart count once. Cost: O(nodes and edges below each conjunct).
    """
    found: list[Conjunct] = []
    stack, seen = [literal], {literal}
    while stack:
        conjunct = stack.pop()
        if _worlds(program, conjunct) <= largest:
            found.append(_alone(program, conjunct))
            continue
        node = abs(conjunct)
        if program.graph.kinds[node] != (Kind.AND if conjunct > 0 else Kind.OR):
            return None
        below = [x if conjunct > 0 else Lit(-x) for x in map(Lit, program.graph.children(node))]
        fresh = [x for x in below if x not in seen]
        seen.update(fresh)
        stack += reversed(fresh)
    return found


def _worlds(program: GroundProgram, literal: Lit) -> int:
    """How many worlds there are, if values that are not told apart count once."""
    graph = program.graph
    used: dict[int, int] = {}
    for node in graph.reachable([literal]):
        if graph.kinds[node] == Kind.LEAF:
            symbol = graph.args[node][0]
            used[symbol] = used.get(symbol, 0) + 1
    found = 1
    for symbol, values in used.items():
        found *= min(values + 1, len(program.symbols[symbol].values))
    return found


def _alone(program: GroundProgram, literal: Lit) -> Conjunct:
    output = Output("conjunct", (False, True), (Lit(-literal), literal))
    (part,) = independent_parts(GroundProgram(program.symbols, program.graph, (output,)))
    return part.program, part.symbols
