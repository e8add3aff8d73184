"""The values of a circuit modulo a prime, for many inputs at once: exact, as fractions are numbers there.

Two polynomials that differ agree at random numbers modulo p with probability of at most degree / p
(Schwartz, 1980; Zippel, 1979). So values that agree say that formulas do, but for odds of one in millions.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.logic.program import Symbol

PRIME = 2**31 - 1
"""Products of two numbers below it fit 64 bits."""
_CELLS = 1 << 24
"""Numbers that one step may hold."""

IntArray = NDArray[np.int64]


def modular_values(circuit: Circuit, inputs: IntArray) -> IntArray:
    """(roots, B): the roots' values modulo `PRIME`.

    inputs: (width, B), from 0 to `PRIME` - 1; each variable's sum to 1, where the circuit is not smooth.
    Cost: O(edges * B), an array operation for each edge.
    """
    step = max(1, _CELLS // max(1, circuit.size))
    parts = [_step(circuit, inputs[:, at : at + step]) for at in range(0, inputs.shape[1], step)]
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(circuit.roots), 0), np.int64)


def _step(circuit: Circuit, inputs: IntArray) -> IntArray:
    values = np.empty((circuit.size, inputs.shape[1]), dtype=np.int64)
    for node, kind in enumerate(circuit.kinds.tolist()):
        below = circuit.children_of(node)
        if kind == NodeKind.INPUT:
            values[node] = inputs[circuit.columns[node]]
        elif kind in (NodeKind.SUM, NodeKind.ZERO):
            values[node] = values[below].sum(axis=0) % PRIME
        else:
            values[node] = 1
            for child in below.tolist():
                values[node] = values[node] * values[child] % PRIME
    return values[circuit.roots]


def quotients(dividends: IntArray, divisors: IntArray) -> IntArray:
    """The dividends over the divisors, modulo `PRIME`; 0 where the divisor is 0."""
    result, base, power = np.ones_like(divisors), divisors % PRIME, PRIME - 2
    # The inverse is the power p - 2 (Fermat), by repeated squaring.
    while power:
        if power & 1:
            result = result * base % PRIME
        base = base * base % PRIME
        power >>= 1
    return dividends * result % PRIME


def prior_modulo(symbol: Symbol) -> list[int]:
    """A symbol's prior as numbers modulo `PRIME`: the fractions that its decimals mean, summing to 1."""
    assert symbol.prior is not None
    # What is left over was computed, in floating point; the others are as the rules have them.
    at = 0 if len(symbol.prior) == 2 and symbol.values == ("false", "true") else len(symbol.prior) - 1
    found = [_modulo(Fraction(str(p))) for p in symbol.prior]
    found[at] = (1 - sum(found[:at]) - sum(found[at + 1 :])) % PRIME
    return found


def _modulo(number: Fraction) -> int:
    return number.numerator * pow(number.denominator, -1, PRIME) % PRIME


def drawn(size: int, columns: int, random: np.random.Generator) -> IntArray:
    """(size, columns): random numbers, each column summing to 1 modulo `PRIME`."""
    found = random.integers(1, PRIME, size=(size, columns), dtype=np.int64)
    found[-1] = (1 - found[:-1].sum(axis=0)) % PRIME
    return found
