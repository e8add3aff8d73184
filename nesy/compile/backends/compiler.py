"""What a compiler is."""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from nesy.circuit.circuit import Circuit
from nesy.logic.program import GroundProgram


@runtime_checkable
class Compiler(Protocol):
    """Makes circuits of ground programs: decomposable and deterministic, smooth or not.

    name: what users call it.
    """

    name: ClassVar[str]

    def compile_values(self, program: GroundProgram) -> Circuit:
        """As `nesy.compile.relations.compile_values`: a root for each value, and last the condition."""

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        """As `nesy.compile.relations.compile_joint`: the joint relation, and the condition."""
