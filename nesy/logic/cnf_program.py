"""Weighted clauses as a ground program, so that whatever takes programs takes them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Symbol
from nesy.logic.weighted_cnf import WeightedCnf

VALUES = ("false", "true")
"""The values of a variable's symbol."""


@final
@dataclass(frozen=True)
class CnfProgram:
    """A ground program without outputs, whose condition is the clauses.

    The weighted model count is the probability of the condition times `factor`. Symbol v - 1 is variable
    v; its prior is the weights of its literals over their sum, and the factor is the product of those sums,
    exactly. A variable whose weights are both 0 has an even prior, and makes the factor 0.
    """

    program: GroundProgram
    factor: Fraction = field(repr=False)


def cnf_program(cnf: WeightedCnf) -> CnfProgram:
    """The program of some clauses. Cost: O(variables and literals), and exact products."""
    graph = Graph()
    leaves = [graph.leaf(v, 1) for v in range(cnf.variables)]
    clauses = [
        graph.disjunction([leaves[x - 1] if x > 0 else Lit(-leaves[-x - 1]) for x in clause])
        for clause in cnf.clauses
    ]
    even = (0.5, 0.5)
    symbols = [Symbol(f"x{v + 1}", VALUES, even) for v in range(cnf.variables)]
    numerators, denominators = [2] * (cnf.variables - len(cnf.weights)), [1]
    for variable, (negative, positive) in cnf.weights.items():
        total = negative + positive
        numerators.append(total.numerator)
        denominators.append(total.denominator)
        if total:
            prior = (float(negative / total), float(positive / total))
            symbols[variable - 1] = Symbol(f"x{variable}", VALUES, prior)
    factor = Fraction(math.prod(numerators), math.prod(denominators))
    return CnfProgram(GroundProgram(tuple(symbols), graph, condition=tuple(dict.fromkeys(clauses))), factor)
