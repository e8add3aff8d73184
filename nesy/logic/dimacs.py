"""DIMACS text of an encoding: the format that SAT solvers and model counters read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nesy.logic.cnf import Encoding
from nesy.logic.graph import Lit
from nesy.logic.program import GroundProgram


def to_dimacs(encoding: Encoding, program: GroundProgram, asserted: Iterable[Lit] = ()) -> str:
    """The clauses, and the asserted literals as clauses of one literal, in DIMACS CNF.

    A comment line for each value of each symbol names its literal: `c 3 = digit(a) 2`.
    Cost: O(literals of all clauses).
    """
    units = [(encoding.literal(lit),) for lit in asserted]
    clauses = [*encoding.clauses, *units]
    lines = [
        *_legend(encoding, program),
        f"p cnf {encoding.variables} {len(clauses)}",
        *(" ".join(map(str, (*clause, 0))) for clause in clauses),
    ]
    return "\n".join(lines) + "\n"


def _legend(encoding: Encoding, program: GroundProgram) -> Iterator[str]:
    for index, literals in sorted(encoding.values.items()):
        symbol = program.symbols[index]
        for literal, label in zip(literals, symbol.values, strict=True):
            # A newline in a quoted atom would end the comment and corrupt the file.
            yield " ".join(f"c {literal} = {symbol.name} {label}".splitlines())
