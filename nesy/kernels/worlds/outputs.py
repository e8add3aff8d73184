"""What a program makes of worlds: a value for each output, and whether evidence and constraints hold."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.arrays import Array, namespace
from nesy.kernels.threads import Worker, in_parts, threads_for
from nesy.kernels.worlds.evaluator import WorldEvaluator, as_rows
from nesy.logic.program import GroundProgram

_WORD = 64


@final
@dataclass(frozen=True, slots=True)
class WorldOutputs:
    """values: (B, S, m) integers, for each output the index of its value in a world, -1 where it has none.

    consistent: (B, S) bool, whether the world meets the condition, evidence and constraints; what the
    values are does not depend on it.
    """

    values: Array
    consistent: Array


@final
class OutputEvaluator:
    """A program as a function of worlds: prepared once, evaluated often, in numpy or torch.

    An output that has several values in one world has the first of them, in the order of its domain:
    `WorldEvaluator` on the outputs' literals tells of all.
    """

    def __init__(self, program: GroundProgram) -> None:
        self._groups = np.cumsum([0, *(len(o.literals) for o in program.outputs)])
        self._condition = len(program.condition)
        literals = [literal for output in program.outputs for literal in output.literals]
        self._evaluator = WorldEvaluator(program.graph, [*literals, *program.condition])

    def evaluate(self, worlds: Array) -> WorldOutputs:
        """worlds: (B, S, n) integers, numpy or torch on any device: the index of each symbol's value.

        Cost: O(edges * B * S): by the bit in compiled code where worlds are many and on the CPU.
        """
        flat = worlds.reshape(-1, worlds.shape[2])
        shape = tuple(worlds.shape[:2])
        on_cpu = isinstance(worlds, np.ndarray) or worlds.device.type == "cpu"
        if on_cpu and self._evaluator.by_bits(len(flat)):
            values, consistent = self._by_bits(np.asarray(flat))
            if not isinstance(worlds, np.ndarray):
                torch = sys.modules["torch"]
                values, consistent = torch.from_numpy(values), torch.from_numpy(consistent)
        else:
            values, consistent = self._by_arrays(flat)
        return WorldOutputs(values.reshape(*shape, len(self._groups) - 1), consistent.reshape(shape))

    def _by_arrays(self, flat: Array) -> tuple[Array, Array]:
        xp, truths = namespace(flat), self._evaluator.evaluate(flat)
        values = [_first(xp, truths[a:b]) for a, b in zip(self._groups, self._groups[1:], strict=False)]
        empty = truths[:0].T
        return xp.stack(values, 1) if values else empty, truths[self._groups[-1] :].all(0)

    def _by_bits(self, flat: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        from nesy.kernels.worlds.bits import fill_values  # noqa: PLC0415 - loads numba

        plan, words, rows = self._evaluator.plan, -(-len(flat) // _WORD), as_rows(flat)
        # Each literal of the condition is an output of one value.
        ends = self._groups[-1] + np.arange(1, self._condition + 1)
        groups = np.concatenate([self._groups, ends])
        found = np.full((len(flat), len(groups) - 1), -1, dtype=np.int64)

        def worker() -> Worker:
            return lambda first, last: fill_values(
                plan.layout, plan.literals, groups, rows, (first, last), found
            )

        in_parts(worker, words, threads_for(plan.edges * words))
        outputs = len(self._groups) - 1
        return found[:, :outputs], (found[:, outputs:] == 0).all(axis=1)


def _first(xp: Any, truths: Array) -> Array:
    """(S,): the first row of (values, S) that holds, or -1."""
    if not len(truths):
        return truths.sum(0) - 1
    held = truths if xp is np else truths.int()
    return xp.where(truths.any(0), held.argmax(0), -1)
