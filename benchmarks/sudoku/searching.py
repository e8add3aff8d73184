"""Solving boards of given digits with a SAT solver: clauses once, each puzzle as assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from operator import itemgetter
from typing import final

import numpy as np
from pysat.solvers import Solver

from benchmarks.sudoku.boards import EMPTY, Board, units
from benchmarks.sudoku.rules import solution
from nesy.grounding import Template, ground
from nesy.logic.cnf import encode

SOLVER = "g4"
"""Glucose 4, for both ways of writing the clauses."""

Clauses = Sequence[Sequence[int]]


@final
class BoardSolver:
    """Clauses of which every solution is a valid board, in a solver that keeps what it learns.

    literals: (n * n, n): the variable of each digit in each cell.
    """

    def __init__(self, clauses: Clauses, literals: Sequence[Sequence[int]]) -> None:
        self._solver = Solver(name=SOLVER, bootstrap_with=clauses)
        self._literals = np.asarray(literals, dtype=np.int64)
        # Most variables of the rule file's clauses are no cell's: only those that are get looked at.
        self._of_cells = itemgetter(*(np.abs(self._literals).reshape(-1) - 1).tolist())
        self.size = self._literals.shape[1]

    def solve(self, givens: Board) -> Board | None:
        """A valid board that agrees with all digits given, or None."""
        return self._solve(self._assumptions(givens))

    def decided(self, givens: Board, cell: int, digit: int) -> bool:
        """Whether every solution has this digit in a cell (a place of the board laid out flat)."""
        other = -int(self._literals[cell, digit - 1])
        return not self._solver.solve(assumptions=[*self._assumptions(givens), other])

    def solutions(self, givens: Board) -> Iterator[Board]:
        """Every valid board that agrees with the digits given. Cost: a search for each."""
        # Found boards are ruled out only while this literal is assumed.
        search = self._solver.nof_vars() + 1
        assumptions = [*self._assumptions(givens), search]
        cells = np.arange(len(self._literals))
        try:
            while (found := self._solve(assumptions)) is not None:
                yield found
                held = self._literals[cells, found.reshape(-1) - 1]
                self._solver.add_clause([-search, *(-held).tolist()])
        finally:
            self._solver.add_clause([-search])

    def _solve(self, assumptions: list[int]) -> Board | None:
        if not self._solver.solve(assumptions=assumptions):
            return None
        held = np.array(self._of_cells(self._solver.get_model())).reshape(self._literals.shape) > 0
        found: Board = held.argmax(axis=1).reshape(self.size, self.size) + 1
        return found

    def _assumptions(self, givens: Board) -> list[int]:
        digits = givens.reshape(-1)
        cells = np.flatnonzero(digits != EMPTY)
        assumed: list[int] = self._literals[cells, digits[cells] - 1].tolist()
        return assumed


def by_rules(size: int) -> BoardSolver:
    """The solver that the rule file gives: grounded and encoded once."""
    program = ground(solution(size), Template.parse("cell(R, C, D)", "D"))
    encoding = encode(program, program.condition)
    literals = [[encoding.literal(lit) for lit in output.literals] for output in program.outputs]
    # Units first: a solver leaves out what they satisfy while it reads the rest.
    asserted = [[encoding.literal(lit)] for lit in program.condition]
    return BoardSolver([*asserted, *map(list, reversed(encoding.clauses))], literals)


def by_hand(size: int) -> BoardSolver:
    """The clauses that one would write by hand: exactly one digit in a cell, one place in a unit."""
    literals = 1 + np.arange(size**3).reshape(size * size, size)
    cells = literals.tolist()
    places = [literals[unit, digit].tolist() for unit in units(size) for digit in range(size)]
    clauses = [
        clause
        for group in cells + places
        for clause in (group, *([-a, -b] for a, b in combinations(group, 2)))
    ]
    return BoardSolver(clauses, cells)
