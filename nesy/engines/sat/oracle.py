"""A SAT solver that is kept: its clauses are loaded once, and what it learns serves every question."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import final

from pysat.card import ITotalizer
from pysat.solvers import Solver

from nesy.engines.solver_interrupts import interruptible

_SOLVER = "g4"
# Measured on sums of 1 to 4 digits and on Sudoku: Glucose 4 and MiniSat 2.2 alike, CaDiCaL up to three
# times slower, and wrong at times when it is asked to propagate after it has solved.

_CONFLICTS_AT_ONCE = 2000
"""How often a search with a deadline looks at the clock: some milliseconds apart."""

_LEAST_GROWTH = 50
"""So many variables may be added before the solver is loaded afresh, and as many again as there were."""
# Every model decides all variables, so those in disuse slow down what follows. Measured: with 2,000, sums of
# one digit take twice as long; with fewer than there were, 9x9 Sudoku and longer sums take longer again.


class OutOfTimeError(Exception):
    """The deadline has passed. Never seen outside this package."""


@final
class Oracle:
    """Answers under assumptions. Variables beyond the clauses' own serve one question, then fall into disuse.

    Cost of making one: loading the clauses, about 0.3 microseconds for each literal.
    """

    def __init__(self, clauses: Sequence[Sequence[int]], variables: int) -> None:
        self._clauses = clauses
        self._variables = variables
        self._load()

    def _load(self) -> None:
        self._solver = Solver(name=_SOLVER, bootstrap_with=self._clauses)
        self._top = self._variables
        self._disjunctions: dict[tuple[int, ...], int] = {}

    def propagates(self, assumptions: list[int]) -> bool:
        """Whether unit propagation finds no conflict. Cost: microseconds."""
        consistent, _ = self._solver.propagate(assumptions=assumptions)
        return bool(consistent)

    def solve(self, assumptions: list[int], deadline: float | None = None) -> bool:
        """Whether the assumptions can hold together. Raises `OutOfTimeError` past the deadline.

        deadline: by `time.monotonic`. Cost: exponential at worst.
        """
        while True:
            found = self.tried(assumptions, -1 if deadline is None else _CONFLICTS_AT_ONCE, deadline)
            if found is not None:
                return found

    def tried(self, assumptions: list[int], conflicts: int, deadline: float | None = None) -> bool | None:
        """As `solve`, or None where so many conflicts do not tell; -1 is any number of them."""
        if deadline is not None and time.monotonic() > deadline:
            raise OutOfTimeError
        with interruptible():
            if conflicts < 0:
                return bool(self._solver.solve(assumptions=assumptions))
            self._solver.conf_budget(conflicts)
            found: bool | None = self._solver.solve_limited(assumptions=assumptions)
            return found

    def prefer(self, literals: list[int]) -> None:
        """Try these first wherever nothing decides."""
        self._solver.set_phases(literals)

    def core(self) -> list[int]:
        """Assumptions that cannot hold together, after `solve` has said no; none if nothing can hold."""
        return self._solver.get_core() or []

    def model(self) -> list[int]:
        """The literals that hold, variable by variable, after `solve` has said yes."""
        found: list[int] = self._solver.get_model()
        return found

    def fresh(self) -> int:
        """A new variable."""
        self._top += 1
        return self._top

    def add(self, clause: list[int]) -> None:
        """Add a clause, for good."""
        self._solver.add_clause(clause)

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that implies that one of these holds; the same one whenever it is asked for."""
        if len(literals) == 1:
            return literals[0]
        key = tuple(sorted(literals))
        found = self._disjunctions.get(key)
        if found is None:
            found = self._disjunctions[key] = self.fresh()
            self.add([-found, *key])
        return found

    def totalizer(self, literals: list[int]) -> ITotalizer:
        """Counts literals: `rhs[b]` holds where more than b do (Martins, Joshi, Manquinho and Lynce 2014)."""
        made = ITotalizer(lits=literals, ubound=1, top_id=self._top)
        self._top = made.top_id
        for clause in made.cnf.clauses:
            self.add(clause)
        return made

    def extend(self, counter: ITotalizer, bound: int) -> None:
        """Let a counter count up to one more than a bound."""
        counter.increase(ubound=bound, top_id=self._top)
        self._top = max(self._top, counter.top_id)
        if counter.nof_new:
            for clause in counter.cnf.clauses[-counter.nof_new :]:
                self.add(clause)

    def settle(self) -> None:
        """To be called between questions: loads the solver afresh where old questions have filled it."""
        if self._top - self._variables > self._variables + _LEAST_GROWTH:
            self._solver.delete()
            self._load()
