"""Weighted model counting of clauses, exactly."""

from __future__ import annotations

import math
from fractions import Fraction

from nesy.circuit.exact_values import exact_values
from nesy.circuit.passes.smooth import Smooth
from nesy.compile.relations import compile_values
from nesy.logic.cnf_program import cnf_program
from nesy.logic.weighted_cnf import WeightedCnf


def count_models(cnf: WeightedCnf) -> Fraction:
    """The sum over all models of the product of their literals' weights; without weights, their number.

    Cost: that of compiling, and one pass over the circuit with integers as long as the count.
    """
    circuit = Smooth(whole=True).run(compile_values(cnf_program(cnf).program))
    weights = [1, 1] * cnf.variables
    divisors = []
    for variable, (negative, positive) in cnf.weights.items():
        # A model has one literal of each variable: a denominator of both divides out in the end.
        common = math.lcm(negative.denominator, positive.denominator)
        weights[2 * variable - 2 : 2 * variable] = [int(negative * common), int(positive * common)]
        divisors.append(common)
    return Fraction(exact_values(circuit, weights)[-1], math.prod(divisors))
