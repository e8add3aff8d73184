"""Minimal sets of parts that force a claim, or that leave no possible world.

Every part has a switch (`switches`), which is on in such a set and free outside of it; the sets are the
minimal unsatisfiable subsets of the switches' unit clauses beside all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from pysat.solvers import Solver

from nesy.engines.reasoning.asking import Claim, Observations, asking
from nesy.engines.reasoning.clauses import SOLVER, Clauses, grounded, hard_clauses
from nesy.engines.reasoning.parts import Part, PartKind
from nesy.engines.reasoning.switches import ON, switched
from nesy.engines.solve import TRUE_VALUE
from nesy.engines.solver_interrupts import interruptible
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.cnf import encode
from nesy.logic.graph import Lit


@final
@dataclass(frozen=True)
class Forcing:
    """A program, and which of its parts are in question.

    given: atoms that are known; they are observations, and parts as well.
    """

    program: Program
    given: Observations | None
    among: frozenset[PartKind]
    background: tuple[str, ...] = ()
    budget: Budget | None = None


@final
@dataclass(frozen=True)
class Denied:
    """Clauses that no world meets where all switches are on and the claim is forced.

    switches: the literal that turns each part on, in order of the text. Parts that the claim does not
    depend on have none.
    """

    clauses: Clauses = field(repr=False)
    switches: dict[int, Part]


def denied(forcing: Forcing, claim: Claim | None) -> Denied:
    """The clauses that a claim is false, with a switch for each part; without one, of the program alone."""
    asked = asking(forcing.program, [] if claim is None else [claim.atom], forcing.given)
    switching = switched(asked, forcing.among, forcing.background)
    ground = grounded(switching.program, forcing.budget)
    asserted = list(ground.condition)
    if claim is not None:
        literal = ground.outputs[0].literals[TRUE_VALUE]
        asserted.append(Lit(-literal) if claim.holds else literal)
    symbols = switching.symbols(ground)
    encoding = encode(ground, [ground.graph.leaf(s, ON) for s in symbols], asserted=asserted)
    switches = {encoding.values[s][ON]: part for s, part in symbols.items() if s in encoding.values}
    return Denied(hard_clauses(ground, encoding), switches)


def forcing_parts(forcing: Forcing, claim: Claim | None, *, smallest: bool) -> tuple[Part, ...] | None:
    """A minimal set of parts that force a claim; without one, that contradict one another.

    None where all parts together do not. Cost: grounding; a call of a SAT solver for each part, or where
    the set is to be smallest, hitting sets of all that must be left out otherwise.
    """
    question = denied(forcing, claim)
    switches = list(question.switches)
    with interruptible():
        with Solver(name=SOLVER, bootstrap_with=question.clauses) as solver:
            if solver.solve(assumptions=switches):
                return None
            if not solver.solve():
                return ()
        found = _unsatisfiable(question.clauses, switches, smallest=smallest)
    return tuple(question.switches[switches[number]] for number in sorted(found))


def _unsatisfiable(clauses: Clauses, switches: list[int], *, smallest: bool) -> list[int]:
    """Which of the switches, by place, are a minimal unsatisfiable subset beside the clauses."""
    # Whoever asks for worlds alone need not wait for what extracts subsets.
    from pysat.examples.musx import MUSX  # noqa: PLC0415
    from pysat.examples.optux import OptUx  # noqa: PLC0415
    from pysat.formula import WCNF  # noqa: PLC0415

    formula = WCNF()
    formula.extend(clauses)
    for switch in switches:
        formula.append([switch], weight=1)
    if smallest:
        with OptUx(formula, solver=SOLVER) as extractor:
            return [place - 1 for place in extractor.compute()]
    with MUSX(formula, solver=SOLVER, verbosity=0) as extractor:
        return [place - 1 for place in extractor.compute()]
