"""The SDD library, from the package PySDD."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.circuit.formats.sdd import read_sdd
from nesy.compile.backends.clausal import compile_questions, require
from nesy.compile.backends.questions import Questions, joint_of, values_of
from nesy.logic.program import GroundProgram


@final
@dataclass(frozen=True, slots=True)
class Sdd:
    """Sentential decision diagrams (Darwiche, 2011), bottom-up over a balanced vtree; a run for each root.

    Raises `EngineError` (missing-compiler) and `CompilationError` (compiler-failed).
    """

    name: ClassVar[str] = "pysdd"

    def compile_values(self, program: GroundProgram) -> Circuit:
        """A root for each value of each output, and last the condition."""
        return self._compiled(values_of(program))

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        """The joint relation, and the condition."""
        return self._compiled(joint_of(program, unobserved=unobserved))

    def _compiled(self, questions: Questions) -> Circuit:
        require("pysdd", self.name)
        return compile_questions(questions, "run_pysdd.py", _read)


def _read(file: Path, variables: int) -> Circuit:
    tree = file.with_suffix(".vtree").read_text(encoding="utf-8")
    result = file.with_suffix(".sdd")
    circuit = read_sdd(result.read_text(encoding="utf-8"), result.name, vtree=tree)
    # A vtree has a variable at least, even where there is none.
    assert np.all(circuit.columns < max(2 * variables, 2))
    return circuit
