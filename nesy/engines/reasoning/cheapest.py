"""The cheapest model of clauses: weighted MaxSAT, with a time limit where one is set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any, final

from pysat.examples.rc2 import RC2, RC2Stratified
from pysat.formula import WCNF
from pysat.solvers import Solver

from nesy.engines.reasoning.clauses import SOLVER, Clauses
from nesy.engines.solver_interrupts import interruptible

Soft = tuple[int, int]
"""A literal, and what it costs where it does not hold: an integer above 0."""

AGAIN = 0.01
"""Seconds between interruptions: one that comes between two calls of a solver is lost."""


@final
@dataclass(frozen=True, slots=True)
class Cheapest:
    """A model, and the least cost that any could have: its own where it is proved to be cheapest."""

    model: Sequence[int]
    bound: int
    proved: bool


class UndecidedError(Exception):
    """Not even one model was found in time. Never shown."""


def cheapest(clauses: Clauses, softs: Sequence[Soft], seconds: float | None = None) -> Cheapest | None:
    """A cheapest model; None where there is none. Raises `UndecidedError` after so many seconds.

    With a limit, a model is made first that no further literal could join (by weight, the heaviest first); it
    is given where the search for the cheapest does not end in time.
    """
    if seconds is None:
        with interruptible(), _search(clauses, softs) as search:
            model = search.compute()
            return None if model is None else Cheapest(model, search.cost, True)
    deadline = time.monotonic() + seconds
    found = _greedy(clauses, softs, deadline)
    if found is None:
        return None
    with _search(clauses, softs) as search, _interrupting(search.interrupt, deadline):
        model = search.compute(expect_interrupt=True)
        return Cheapest(found, search.cost, False) if model is None else Cheapest(model, search.cost, True)


def _search(clauses: Clauses, softs: Sequence[Soft]) -> Any:
    """RC2 (Ignatiev, Morgado and Marques-Silva, 2019), stratified where weights differ."""
    formula = WCNF()
    formula.extend(clauses)
    for literal, weight in softs:
        formula.append([literal], weight=weight)
    several = len({weight for _, weight in softs}) > 1
    return (RC2Stratified if several else RC2)(formula, solver=SOLVER)


def _greedy(clauses: Clauses, softs: Sequence[Soft], deadline: float) -> list[int] | None:
    """A model to which no further soft literal could be added; None where there is no model."""
    with Solver(name=SOLVER, bootstrap_with=clauses) as solver, _interrupting(solver.interrupt, deadline):
        answer = solver.solve_limited(expect_interrupt=True)
        if answer is None:
            raise UndecidedError
        if not answer:
            return None
        model: list[int] = solver.get_model() or []
        kept: list[int] = []
        for literal, _ in sorted(softs, key=lambda soft: -soft[1]):
            if model[abs(literal) - 1] != literal:
                answer = solver.solve_limited(assumptions=[*kept, literal], expect_interrupt=True)
                if answer is None:
                    return model
                if not answer:
                    continue
                model = solver.get_model() or []
            kept.append(literal)
    return model


@contextmanager
def _interrupting(interrupt: Callable[[], None], deadline: float) -> Iterator[None]:
    """Interrupts a solver from the deadline on, until the block ends."""
    ended = Event()

    def watch() -> None:
        wait = max(0.0, deadline - time.monotonic())
        while not ended.wait(wait):
            interrupt()
            wait = AGAIN

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
