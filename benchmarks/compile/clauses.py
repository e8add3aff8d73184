"""A work as weighted clauses, the same for every peer that takes clauses."""

from __future__ import annotations

from typing import NamedTuple

import nesy
from benchmarks.compile.ours import COUNT
from benchmarks.compile.programs import Clauses
from nesy.grounding import ground
from nesy.logic.cnf import encode


class Weighted(NamedTuple):
    """Clauses, the weight of each literal, and the literals asked for by name; 0 asks for the count."""

    variables: int
    clauses: list[tuple[int, ...]]
    weights: dict[int, float]
    asked: dict[str, int]


def weighted(work: str | Clauses) -> Weighted:
    """The clauses of a work; a program's by `nesy.logic.cnf`, every node defined in both directions.

    Programs with a condition are not given to these peers.
    """
    if isinstance(work, Clauses):
        weights = dict(enumerate(work.weights, 1))
        weights |= {-i: 1 - w for i, w in weights.items()}
        return Weighted(work.variables, list(work.clauses), weights, {COUNT: 0})
    program = ground(nesy.parse(work))
    encoding = encode(program, [x for o in program.outputs for x in o.literals], both_ways=True)
    weights = {sign * v: 1.0 for v in range(1, encoding.variables + 1) for sign in (1, -1)}
    for symbol, literals in encoding.values.items():
        weights |= dict(zip(literals, program.symbols[symbol].prior or (), strict=True))
    asked = {o.name: encoding.literal(o.literals[1]) for o in program.outputs}
    return Weighted(encoding.variables, list(encoding.clauses), weights, asked)
