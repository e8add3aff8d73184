"""Proofs that others can check: clauses in DIMACS, and the steps of a refutation."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

from pysat.solvers import Solver

from nesy.circuit.formats.whole_files import write_text
from nesy.engines.reasoning.asking import Claim, Observations, asking
from nesy.engines.reasoning.clauses import SOLVER, grounded, impossible_values
from nesy.engines.solve import TRUE_VALUE
from nesy.engines.solver_interrupts import interruptible
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.cnf import encode
from nesy.logic.dimacs import to_dimacs
from nesy.logic.graph import Lit

CLAUSES = ".cnf"
"""What the name of a proof's clauses ends in, behind the proof's own name."""


@final
@dataclass(frozen=True)
class Proof:
    """A refutation of clauses: of a program, or of a program and the contrary of what follows from it.

    clauses: DIMACS CNF, with comments that name the variables of symbols.
    steps: DRUP, one step a line: a clause that unit propagation confirms, or `d` and a clause that is no
    longer needed; the last clause is the empty one.
    """

    clauses: str = field(repr=False)
    steps: tuple[str, ...] = field(repr=False)

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the steps to a file, and the clauses beside it under its name with `.cnf` behind.

        `drat-trim FILE.cnf FILE` checks them. Raises `DataError` (file-not-writable).
        Cost: linear in the proof and the clauses.
        """
        target = Path(path)
        write_text(target.with_name(target.name + CLAUSES), self.clauses)
        write_text(target, "".join(f"{step}\n" for step in self.steps))


def prove(
    program: Program,
    atom: str | None = None,
    *,
    given: Observations | None = None,
    budget: Budget | None = None,
) -> Proof | None:
    r"""A proof that an atom, or its negation (`\+atom`), follows; without one, that there is no world.

    None where it is not so. given, budget: as for `satisfiable`.
    What is proved is about the ground rules: that they are those of the program is not part of it.
    Raises `NesyError`: see `ground`; not-ground, unknown-value. Cost: grounding, and one call of a solver.
    """
    claim = None if atom is None else Claim.parse(atom)
    ground = grounded(asking(program, [] if claim is None else [claim.atom], given), budget)
    asserted = [*ground.condition, *impossible_values(ground)]
    if claim is not None:
        literal = ground.outputs[0].literals[TRUE_VALUE]
        asserted.append(Lit(-literal) if claim.holds else literal)
    encoding = encode(ground, (), asserted=asserted)
    with interruptible(), Solver(name=SOLVER, bootstrap_with=encoding.clauses, with_proof=True) as solver:
        if solver.solve():
            return None
        steps = tuple(solver.get_proof() or ())
    # A solver that finds the contradiction while it reads writes no step.
    ended = steps if EMPTY in steps else (*steps, EMPTY)
    return Proof(to_dimacs(encoding, ground), ended)


EMPTY = "0"
"""The empty clause as a step."""
