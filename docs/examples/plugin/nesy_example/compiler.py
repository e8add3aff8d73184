"""A compiler whose circuits are smooth: every branch of a sum speaks of the same symbols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from nesy.circuit.circuit import Circuit
from nesy.circuit.passes import Smooth
from nesy.compile.backends.native import Native
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, slots=True)
class Smoothed:
    """What nesy's own compiler makes, smoothed. Options have defaults, so that a name is enough."""

    memory: int | None = None

    name: ClassVar[str] = "smoothed"

    def compile_values(self, program: GroundProgram) -> Circuit:
        """A root for each value of each output, and last the condition."""
        return Smooth().run(Native(self.memory).compile_values(program))

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        """The joint relation, and the condition."""
        return Smooth().run(Native(self.memory).compile_joint(program, unobserved=unobserved))
