"""A SAT solver that is kept from question to question, and does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from pysat.solvers import Solver

_SOLVER = "g4"

QUESTIONS = 2000
"""After so many a solver is begun anew, at a cost small beside that of the questions.

Some leave a variable behind that no solver can take back; and what was learnt for many questions slows the
next: boards of Sudoku take a tenth longer after 20,000.
"""


@final
class Solving:
    """Models of clauses. What was learnt for one question serves the next, for some time (`QUESTIONS`).

    Cost: of memory that of the clauses, what was learnt of them, and at most `QUESTIONS` variables.
    """

    def __init__(self, clauses: Sequence[list[int]], variables: int) -> None:
        self._clauses, self._variables = clauses, variables
        self._solver: Solver | None = None
        self._asked = 0

    def holds(self, assumptions: list[int]) -> bool:
        """Whether there is a model with the assumptions. Cost: one call of a solver."""
        return bool(self._ready().solve(assumptions=assumptions))

    def model(self, assumptions: list[int], phases: list[int] | None = None) -> list[int] | None:
        """A model with the assumptions: the literal of each variable, in order; None where there is none.

        phases: literals that are tried first. Cost: one call of a solver, to which no clause is added.
        """
        solver = self._ready()
        if phases:
            # Set each time: a solver tries first where the last question led it.
            solver.set_phases(phases)
        return self._found(solver, assumptions)

    def model_with_any(self, assumptions: list[int], wanted: list[int]) -> list[int] | None:
        """The same, with one at least of some literals. Cost: one call of a solver; a variable stays."""
        solver = self._ready()
        selector = max(solver.nof_vars(), self._variables) + 1
        solver.add_clause([-selector, *wanted])
        solver.set_phases(wanted)
        found = self._found(solver, [*assumptions, selector])
        solver.add_clause([-selector])
        return found

    def _ready(self) -> Solver:
        """The solver that is asked next."""
        if self._solver is not None and self._asked >= QUESTIONS:
            self._solver.delete()
            self._solver = None
        if self._solver is None:
            self._solver, self._asked = Solver(name=_SOLVER, bootstrap_with=self._clauses), 0
        self._asked += 1
        return self._solver

    def _found(self, solver: Solver, assumptions: list[int]) -> list[int] | None:
        if not solver.solve(assumptions=assumptions):
            return None
        model: list[int] = solver.get_model()
        # A variable that no clause has is not in the model: any value will do.
        model += range(-len(model) - 1, -self._variables - 1, -1)
        return model
