"""The compiler d4, from the package d4Solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, final

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.nnf_reading import read_nnf
from nesy.compile.backends.clausal import compile_questions, require
from nesy.compile.backends.questions import Questions, joint_of, values_of
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, slots=True)
class D4:
    """d4 (Lagniez and Marquis, 2017): a top-down compiler of clauses to decision-DNNF; a run for each root.

    Raises `EngineError` (missing-compiler) and `CompilationError` (compiler-failed).
    """

    name: ClassVar[str] = "d4"

    def compile_values(self, program: GroundProgram) -> Circuit:
        """A root for each value of each output, and last the condition."""
        return self._compiled(values_of(program))

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        """The joint relation, and the condition."""
        return self._compiled(joint_of(program, unobserved=unobserved))

    def _compiled(self, questions: Questions) -> Circuit:
        require("py_d4", self.name)
        return compile_questions(questions, "run_d4.py", _read)


def _read(file: Path, variables: int) -> Circuit:
    result = file.with_suffix(".nnf")
    return read_nnf(result.read_text(encoding="utf-8"), result.name, variables=variables)
