"""Whether a condition that no drawn world met is one that no world can meet."""

from __future__ import annotations

import numpy as np

from nesy.engines.inconsistent import inconsistent
from nesy.engines.pruning.pruner import Pruner
from nesy.logic.program import GroundProgram

_UNKNOWN = -1


def require_world(program: GroundProgram) -> None:
    """Raises `SemanticsError` (inconsistent-evidence) where no world at all meets the condition.

    Only what unit propagation proves is found. Cost: making clauses of the program.
    """
    symbols = np.full((1, len(program.symbols)), _UNKNOWN)
    outputs = np.full((1, len(program.outputs)), _UNKNOWN)
    if not Pruner(program).possible(symbols, outputs).any():
        raise inconsistent(program, "no world satisfies the evidence and the integrity constraints together")
