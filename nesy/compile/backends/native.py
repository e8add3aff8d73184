"""Our own compiler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from nesy.circuit.circuit import Circuit
from nesy.compile.relations import compile_joint, compile_values
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, slots=True)
class Native:
    """Structure first, then search; all roots together. See `nesy.compile.relations`.

    memory: bytes that compiling may fill; 8 GiB where nothing is said. Beyond, `CompilationError`
    (out-of-memory).
    """

    memory: int | None = None

    name: ClassVar[str] = "native"

    def compile_values(self, program: GroundProgram) -> Circuit:
        """A root for each value of each output, and last the condition."""
        return compile_values(program, memory=self.memory)

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        """The joint relation, and the condition."""
        return compile_joint(program, unobserved=unobserved, memory=self.memory)
