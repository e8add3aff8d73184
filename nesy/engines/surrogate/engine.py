"""The engine of learned surrogates (A-NeSI, van Krieken and others, NeurIPS 2023)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from nesy.engines.surrogate.inference import SurrogateInference
from nesy.engines.surrogate.options import Options
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True)
class Surrogate(Options):
    """Networks learn what the program makes of beliefs, and answer in its place; options: see `Options`."""

    name: ClassVar[str] = "surrogate"

    def build(self, program: GroundProgram) -> SurrogateInference:
        """Finds the program's modules. Nothing is learnt yet.

        Raises `SemanticsError` (inconsistent-evidence). Cost: linear in the graph, and a call of a SAT solver
        or two for each derived variable.
        """
        return SurrogateInference(self, program)
