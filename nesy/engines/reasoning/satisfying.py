"""Whether a program has a possible world, and what holds in all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from pysat.solvers import Solver

from nesy.engines.reasoning.asking import Claim, Observations, asking, asking_worlds
from nesy.engines.reasoning.clauses import SOLVER, Worlds, grounded, hard_clauses, worlds_of
from nesy.engines.reasoning.conflicts import no_worlds
from nesy.engines.reasoning.interpretation import Interpretation
from nesy.engines.solve import TRUE_VALUE
from nesy.engines.solver_interrupts import interruptible
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.cnf import encode
from nesy.logic.graph import Lit


@final
@dataclass(frozen=True, slots=True)
class Satisfiability:
    """Whether there is a possible world: true in conditions where there is.

    world: one of them, or None.
    """

    world: Interpretation | None

    def __bool__(self) -> bool:
        return self.world is not None


def satisfiable(
    program: Program, *, given: Observations | None = None, budget: Budget | None = None
) -> Satisfiability:
    """Whether some world meets the evidence, the constraints and what is given.

    given: atoms that are known to hold (True) or not to (False), beside the program's own evidence.
    budget: the most that grounding may spend.
    Raises `NesyError`: see `ground`; unknown-value. Cost: grounding, and one call of a SAT solver.
    """
    found = worlds_of(grounded(asking_worlds(program, None, given), budget))
    return Satisfiability(some_world(found))


def some_world(worlds: Worlds) -> Interpretation | None:
    """A possible world; None where there is none."""
    with interruptible(), Solver(name=SOLVER, bootstrap_with=worlds.clauses) as solver:
        if not solver.solve():
            return None
        return worlds.interpretation(solver.get_model() or ())


def entails(
    program: Program, atom: str, *, given: Observations | None = None, budget: Budget | None = None
) -> bool:
    r"""Whether a ground atom, or its negation (`\+atom`), holds in every possible world.

    given, budget: as for `satisfiable`.
    Raises `NesyError`: as there; not-ground; `SemanticsError` (inconsistent-evidence) where there is no
    possible world, in which anything would hold. Cost: grounding, and two calls of a SAT solver.
    """
    claim = Claim.parse(atom)
    possible, deniable = holds_and_fails(program, claim, given, budget)
    if not possible and not deniable:
        raise no_worlds(program, given, budget)
    return not deniable


def holds_and_fails(
    program: Program, claim: Claim, given: Observations | None, budget: Budget | None
) -> tuple[bool, bool]:
    """Whether some possible world meets a claim, and whether some does not.

    Cost: grounding, and two calls of a SAT solver, on the clauses that the claim depends on.
    """
    ground = grounded(asking(program, [claim.atom], given), budget)
    literal = ground.outputs[0].literals[TRUE_VALUE]
    encoding = encode(ground, [literal, Lit(-literal)], asserted=ground.condition)
    met = encoding.literal(literal) * (1 if claim.holds else -1)
    clauses = hard_clauses(ground, encoding)
    with interruptible(), Solver(name=SOLVER, bootstrap_with=clauses) as solver:
        return solver.solve(assumptions=[met]), solver.solve(assumptions=[-met])
