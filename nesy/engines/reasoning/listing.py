"""The possible worlds of a program, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from pysat.solvers import Solver

from nesy.engines.reasoning.asking import Observations, asking_worlds
from nesy.engines.reasoning.clauses import SOLVER, Worlds, grounded, worlds_of
from nesy.engines.reasoning.interpretation import Interpretation
from nesy.engines.solver_interrupts import interruptible
from nesy.errors import EngineError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program


def models(
    program: Program,
    *,
    given: Observations | None = None,
    project: Iterable[str] | None = None,
    limit: int | None = None,
    budget: Budget | None = None,
) -> Iterator[Interpretation]:
    """The possible worlds, each once, found as they are asked for.

    project: atoms, or predicates such as `colour/2`, that the worlds are to show. Worlds that agree on
    them are then listed once, with the choices of one of them. Without it the worlds show the program's
    queries, or where it has none every predicate with a probabilistic clause, and differ in their choices.
    limit: list so many at most. given, budget: as for `satisfiable`.
    Raises `NesyError`, when called: see `ground`; unknown-value, invalid-count.
    Cost: grounding, and one call of a SAT solver for each world; each makes the clauses one longer.
    """
    if limit is not None and limit < 0:
        raise EngineError("invalid-count", f"{limit} worlds cannot be listed", hint="ask for none or more")
    projected = None if project is None else tuple(project)
    worlds = worlds_of(grounded(asking_worlds(program, projected, given), budget))
    return islice(listed(worlds, projected=projected is not None), limit)


def listed(worlds: Worlds, *, projected: bool) -> Iterator[Interpretation]:
    """Each world once, told apart by the atoms asked for (projected), or by the choices."""
    with interruptible(), Solver(name=SOLVER, bootstrap_with=worlds.clauses) as solver:
        while solver.solve():
            model = solver.get_model() or []
            yield worlds.interpretation(model)
            told = worlds.asked if projected else chosen(worlds, model)
            if not told:
                return
            solver.add_clause([-x if model[abs(x) - 1] == x else x for x in told])


def chosen(worlds: Worlds, model: list[int]) -> list[int]:
    """The literal of the value that each symbol has in a model."""
    return [next(x for x in values if model[abs(x) - 1] == x) for values in worlds.symbols]
