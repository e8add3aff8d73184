"""A SAT solver over growing clauses, with a bound on its effort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import final

from pysat.solvers import Solver

from nesy.engines.audit.clauses import Clauses
from nesy.errors import EngineError

CONFLICTS = 200_000
"""Conflicts that one question to the solver may take: about a minute of a processor."""
_SOLVER = "mgh"
# MiniSat keeps to its bound (Glucose, as fast here, looks at it when it starts anew), and this one to wishes.


@final
class Growing:
    """Asks whether clauses, as they are by then, can hold together."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._solver = Solver(name=_SOLVER)
        self._given = 0

    def model(
        self, assumptions: Iterable[int] = (), *, conflicts: int | None = None
    ) -> Sequence[bool] | None:
        """The truth of each variable (index 0 is unused) in some model; None where there is none.

        conflicts: the bound; `CONFLICTS` where nothing is said.
        Raises `EngineError` (audit-too-hard) beyond the bound.
        """
        new = self._clauses.clauses[self._given :]
        self._given += len(new)
        self._solver.append_formula(new)
        self._solver.conf_budget(conflicts or CONFLICTS)
        found = self._solver.solve_limited(assumptions=list(assumptions))
        if found is None:
            raise EngineError(
                "audit-too-hard",
                f"whether labels determine the concepts could not be told within {CONFLICTS:,} conflicts",
                hint="audit a smaller instance of the template, or give fewer examples",
            )
        if not found:
            return None
        truths = [False] * (self._clauses.variables + 1)
        for literal in self._solver.get_model():
            if literal > 0:
                truths[literal] = True
        return truths

    def prefer(self, literals: Iterable[int]) -> None:
        """From now on, try these literals first where a choice is free."""
        self._solver.set_phases(literals)

    def close(self) -> None:
        """Free the solver's memory."""
        self._solver.delete()


@contextmanager
def growing(clauses: Clauses) -> Iterator[Growing]:
    """A solver that is freed at the end."""
    solver = Growing(clauses)
    try:
        yield solver
    finally:
        solver.close()


def chosen(truths: Sequence[bool], literals: Sequence[int]) -> int:
    """Which of some literals, of which one holds, does."""
    return next(i for i, x in enumerate(literals) if truths[abs(x)] == (x > 0))
