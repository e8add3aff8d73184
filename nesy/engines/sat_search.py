"""The most probable world that makes given literals true: weighted MaxSAT, encoded once.

The clauses of a search depend on the program and the literals alone. Beliefs enter as the costs of
soft clauses, so one search serves every example that has the same targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray
from pysat.examples.rc2 import RC2
from pysat.formula import WCNF
from pysat.solvers import Solver

from nesy.logic.cnf import encode
from nesy.logic.graph import Lit
from nesy.logic.program import GroundProgram

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

IRRELEVANT = -1
"""Stands for the value of a symbol that the literals do not depend on."""

_FORBIDDEN = -1
_SOLVER = "g4"
# Measured on sums of 1 to 4 digits: Glucose 4 and MiniSat 2.2 alike, CaDiCaL up to three times
# slower; RC2's stratification gains nothing here, and neither does its at-most-one detection.


@final
@dataclass(frozen=True)
class Costs:
    """Beliefs as integer costs of departing from each symbol's best value.

    excess: (B, V); round(scale * (belief of the symbol's best value - belief)), so the best value of
    every symbol costs 0. A value of belief -inf is forbidden, and marked by -1.
    best: (B, n); the index of each symbol's best value.
    """

    excess: IntArray
    best: IntArray


def costs_of(beliefs: FloatArray, program: GroundProgram, scale: float) -> Costs:
    """The costs of (B, V) log-probabilities. Every symbol must have a possible value."""
    excess = np.empty(beliefs.shape, dtype=np.int64)
    best = np.empty((len(beliefs), len(program.symbols)), dtype=np.int64)
    for symbol, (start, end) in enumerate(pairwise(program.offsets)):
        block = beliefs[:, start:end]
        best[:, symbol] = block.argmax(axis=1)
        possible = np.isfinite(block)
        gaps = block.max(axis=1, keepdims=True) - np.where(possible, block, 0.0)
        excess[:, start:end] = np.where(possible, np.rint(scale * gaps), _FORBIDDEN)
    return Costs(excess, best)


@final
class Search:
    """Searches for the cheapest world in which all the given literals hold.

    Only the symbols that the literals depend on are decided. Cost of building: one encoding.
    """

    def __init__(self, program: GroundProgram, literals: Sequence[Lit]) -> None:
        encoding = encode(program, literals)
        self._clauses = [*map(list, encoding.clauses), *([encoding.literal(lit)] for lit in literals)]
        self._symbols = sorted(encoding.values)
        self._literals = [encoding.values[s] for s in self._symbols]
        self._starts = [program.offsets[s] for s in self._symbols]
        self._size = len(program.symbols)
        self._oracle = Solver(name=_SOLVER, bootstrap_with=self._clauses)
        self.possible: bool = self._oracle.solve()
        """Whether any world at all makes the literals true, whatever the beliefs."""

    def best_world(self, excess: IntArray, best: IntArray) -> IntArray | None:
        """(n,): the value of each symbol in the cheapest world, or `IRRELEVANT`; None if there is no world.

        excess, best: one row of `Costs`. Exact for these integer costs.
        Cost: one unit propagation if every symbol's best value will do, else one run of RC2.
        """
        if not self.possible:
            return None
        world = np.full(self._size, IRRELEVANT, dtype=np.int64)
        if not self._symbols:
            return world
        chosen = best[self._symbols]
        # With every symbol decided, propagation alone tells whether the literals hold.
        wishes = [ls[v] for ls, v in zip(self._literals, chosen.tolist(), strict=True)]
        if self._oracle.propagate(assumptions=wishes)[0]:
            world[self._symbols] = chosen
            return world
        model = self._cheapest_model(excess)
        if model is None:
            return None
        world[self._symbols] = [
            next(v for v, literal in enumerate(ls) if model[abs(literal) - 1] == literal)
            for ls in self._literals
        ]
        return world

    def _cheapest_model(self, excess: IntArray) -> list[int] | None:
        formula = WCNF()
        formula.hard = list(self._clauses)
        formula.nv = self._oracle.nof_vars()
        for start, literals in zip(self._starts, self._literals, strict=True):
            for literal, cost in zip(literals, excess[start : start + len(literals)].tolist(), strict=True):
                if cost == _FORBIDDEN:
                    formula.hard.append([-literal])
                elif cost > 0:
                    formula.soft.append([-literal])
                    formula.wght.append(cost)
        formula.topw = sum(formula.wght) + 1
        with RC2(formula, solver=_SOLVER) as maxsat:
            model: list[int] | None = maxsat.compute()
        return model
