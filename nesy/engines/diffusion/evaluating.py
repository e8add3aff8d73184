"""What a program makes of drawn worlds: outputs, and how much of what was asked for is violated."""

from __future__ import annotations

from typing import final

from torch import Tensor

from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.kernels.worlds.outputs import OutputEvaluator, WorldOutputs
from nesy.logic.program import GroundProgram


@final
class Evaluator:
    """A program as a function of worlds (B, S, n), int64, on any device."""

    def __init__(self, program: GroundProgram) -> None:
        self._outputs = OutputEvaluator(program)
        self._condition = WorldEvaluator(program.graph, program.condition) if program.condition else None
        self._symbols = len(program.symbols)

    def outputs(self, worlds: Tensor) -> WorldOutputs:
        """The values of outputs, and whether the condition holds. Cost: O(edges * B * S)."""
        return self._outputs.evaluate(self._with_symbols(worlds))

    def violations(self, worlds: Tensor, targets: Tensor) -> Tensor:
        """(B, S) int64: how many observed outputs have another value, and parts of the condition fail.

        targets: (B, m), -1 where not observed. Cost: as `outputs`.
        """
        observed = (targets >= 0)[:, None, :]
        wrong = (self.outputs(worlds).values != targets[:, None, :]) & observed
        found: Tensor = wrong.sum(dim=2)
        if self._condition is not None:
            given = self._with_symbols(worlds)
            held: Tensor = self._condition.evaluate(given.reshape(-1, given.shape[2]))
            found = found + (~held).sum(dim=0).reshape(found.shape)
        return found

    def _with_symbols(self, worlds: Tensor) -> Tensor:
        # Of a program without symbols there is one world, in which there is nothing to see.
        return worlds if self._symbols else worlds.new_zeros((*worlds.shape[:2], 1))
