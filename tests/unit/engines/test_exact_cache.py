"""The exact engine and the cache: a second engine compiles nothing, and answers the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nesy.circuit.circuit import Circuit
from nesy.compile import cache
from nesy.compile.backends.native import Native
from nesy.engines.exact import Exact
from nesy.logic.program import GroundProgram
from tests.unit.engines import problems


class Once:
    """Our own compiler, which refuses to do a thing twice."""

    name = "native"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def compile_values(self, program: GroundProgram) -> Circuit:
        self._note("values")
        return Native().compile_values(program)

    def compile_joint(self, program: GroundProgram, *, unobserved: bool) -> Circuit:
        self._note(f"joint {unobserved}")
        return Native().compile_joint(program, unobserved=unobserved)

    def _note(self, what: str) -> None:
        assert what not in self.asked
        self.asked.append(what)


def test_what_one_engine_compiles_others_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "SMALL", 0)
    monkeypatch.setattr(cache, "WORTH_KEEPING", 0.0)
    program = problems.random_program(5, conditioned=True)
    assert len(program.outputs) > 1
    beliefs = problems.beliefs(program, 2, 5)
    unobserved = np.full((2, len(program.outputs)), -1)
    observed = np.zeros((2, len(program.outputs)), dtype=np.int64)
    compiler = Once()
    answers = []
    for _ in range(3):
        inference = Exact(compiler=compiler).prepare(program)
        marginals = [m.log_probs for m in inference.marginals(beliefs)]
        answers.append(
            (marginals, inference.log_prob(beliefs, observed), inference.log_prob(beliefs, unobserved))
        )
    assert sorted(compiler.asked) == ["joint False", "joint True", "values"]
    assert len(list(tmp_path.iterdir())) == 3
    for other in answers[1:]:
        np.testing.assert_equal(other, answers[0])
