"""What can be completed, asked of SAT solvers: by unit propagation, or for certain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray
from pysat.solvers import Solver

from nesy.engines.pruning.solving import Solving
from nesy.logic.cnf import encode
from nesy.logic.program import GroundProgram

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

ABSENT = 0
"""Stands for the literal of a value that neither outputs nor condition depend on."""

_PROPAGATING = "m22"
"""MiniSat 2.2 propagates in microseconds; CaDiCaL takes a hundred times as long."""


@final
class Completions:
    """Clauses of a program's condition and outputs, and solvers that are kept.

    literals: (V,) the literal of each value of each symbol, or `ABSENT`. outputs: those of each value of each
    output, to be assumed.
    Cost of building: that of `encode`, and one propagation for each value.
    """

    def __init__(self, program: GroundProgram) -> None:
        asked = [x for output in program.outputs for x in output.literals]
        encoding = encode(program, asked, asserted=program.condition)
        self.literals: IntArray = np.zeros(program.width, dtype=np.int64)
        for symbol, literals in encoding.values.items():
            start = program.offsets[symbol]
            self.literals[start : start + len(literals)] = literals
        self.outputs = [[encoding.literal(x) for x in output.literals] for output in program.outputs]
        self._variables = encoding.variables
        clauses = [list(clause) for clause in encoding.clauses]
        # Another solver solves: so what is propagated depends on the question, not on questions before it.
        self._propagating = Solver(name=_PROPAGATING, bootstrap_with=clauses)
        self._solving = Solving(clauses, self._variables)
        self._places = np.maximum(np.abs(self.literals) - 1, 0).tolist()
        self._never = self._impossible_alone()

    @cached_property
    def consistent(self) -> bool:
        """Whether any world meets the condition. Cost: one call of a solver."""
        return self._solving.holds([])

    def _impossible_alone(self) -> BoolArray:
        """(V,): the values that contradict the condition at once, whatever the others are."""
        never = np.zeros(len(self.literals), dtype=np.bool_)
        for column in np.flatnonzero(self.literals != ABSENT).tolist():
            literal = int(self.literals[column])
            never[column] = not self._propagating.propagate(assumptions=[literal])[0]
        return never

    def propagated(self, assumptions: list[int]) -> BoolArray:
        """(V,): the values that unit propagation from some assumptions leaves; none where they conflict.

        A value that can be completed is always among them. Cost: some microseconds.
        """
        consistent, implied = self._propagating.propagate(assumptions=assumptions)
        if not consistent:
            return np.zeros(len(self.literals), dtype=np.bool_)
        left = ~self._never
        left[self._denied(implied)] = False
        return left

    def completed(self, assumptions: list[int], candidates: BoolArray) -> BoolArray:
        """(V,): those of the candidates that some world with the assumptions has.

        Each world found proves all its values; then one with any value that is not proven yet is asked
        for, until there is none (as backbones are computed by Janota, Lynce and Marques-Silva, AI
        Communications 2015). Values that nothing depends on are kept where there is any world.
        Cost: at most one call of a solver for each value that is possible, and two more.
        """
        model = self._solving.model(assumptions)
        if model is None:
            return np.zeros_like(candidates)
        free = candidates & (self.literals == ABSENT)
        proven = self._held(model)
        left = candidates & ~free & ~proven
        while left.any():
            model = self._solving.model_with_any(assumptions, self.literals[left].tolist())
            if model is None:
                break
            proven |= self._held(model)
            left &= ~proven
        found: BoolArray = candidates & (proven | free)
        return found

    def witness(self, assumptions: list[int], phases: list[int]) -> BoolArray | None:
        """(V,): the values of one world with the assumptions; None where there is no such world.

        Values that nothing depends on are not among them. phases: those of `phases`, tried first.
        Cost: one call of a solver.
        """
        model = self._solving.model(assumptions, phases)
        return None if model is None else self._held(model)

    def phases(self, columns: IntArray) -> list[int]:
        """Literals that say: the values in these columns, and no others. Cost: O(V)."""
        signs = np.full(len(self.literals), -1)
        signs[columns] = 1
        return [x for x in (signs * self.literals).tolist() if x != ABSENT]

    def holds(self, assumptions: list[int], *, exact: bool) -> bool:
        """Whether some assumptions may hold together: False is certain; True is where `exact`."""
        if not self._propagating.propagate(assumptions=assumptions)[0]:
            return False
        return not exact or self._solving.holds(assumptions)

    def _denied(self, implied: Sequence[int]) -> BoolArray:
        """(V,): the values whose literals some others deny."""
        signs = np.zeros(self._variables + 1, dtype=np.int8)
        found = np.asarray(implied, dtype=np.int64)
        signs[np.abs(found)] = np.sign(found)
        denied: BoolArray = signs[np.abs(self.literals)] * np.sign(self.literals) < 0
        return denied

    def _held(self, model: list[int]) -> BoolArray:
        """(V,): the values that a model has."""
        if not model:
            return np.zeros(len(self.literals), dtype=np.bool_)
        # Picked one by one: most variables are not of symbols, and arrays of all take longer to make.
        held: BoolArray = np.array([model[place] for place in self._places], dtype=np.int64) == self.literals
        return held
