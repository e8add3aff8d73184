"""The most probable worlds that meet the condition, and what is asked for: a beam that is never stuck."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.pruning import Pruner
from nesy.engines.sampling.program import SampledProgram
from nesy.errors import EngineError
from nesy.kernels.worlds.outputs import OutputEvaluator, WorldOutputs
from nesy.logic.program import GroundProgram

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@final
class WorldSearch:
    """Finds probable worlds by their beliefs. beam: how many partial worlds are kept.

    Every partial world that is kept can be completed (`Pruner`), so a search always ends in worlds.
    """

    def __init__(self, program: GroundProgram, beam: int) -> None:
        self._program = program
        self._beam = beam
        self._evaluator = OutputEvaluator(program)
        self._starts = np.asarray(program.offsets, dtype=np.int64)

    @cached_property
    def _pruner(self) -> Pruner:
        return Pruner(self._program)

    @cached_property
    def _concerned(self) -> IntArray:
        """The symbols that outputs or condition depend on."""
        return SampledProgram(self._program).symbols

    def consistent(self, worlds: IntArray) -> NDArray[np.bool_]:
        """(B,): whether worlds meet the condition."""
        found: NDArray[np.bool_] = self._evaluated(worlds).consistent[0]
        return found

    def outputs(self, worlds: IntArray) -> IntArray:
        """(B, m): what the program says of worlds. Raises `EngineError` (no-output-value)."""
        found: IntArray = self._evaluated(worlds).values[0]
        if (found < 0).any():
            row, output = np.argwhere(found < 0)[0].tolist()
            raise EngineError(
                "no-output-value",
                f"example {row} of the batch: no value of {self._program.outputs[output].name} holds in its "
                "most probable world",
                hint="add a rule for the remaining cases",
            )
        return found

    def completed(self, beliefs: FloatArray, targets: IntArray) -> IntArray | None:
        """(n,): a probable world with the condition and the targets (m,), -1 where nothing was observed.

        None where there is no such world.
        Cost: at most that of `PartialWorlds.extend` for each symbol that outputs or condition depend on.
        """
        likely = self.unconditional(beliefs[None])
        search = self._pruner.partial_worlds(beliefs, targets)
        if not len(search):
            return None
        states, scores = likely, np.zeros(1)
        best = np.array([beliefs[a:b].max() for a, b in pairwise(self._starts)])
        order = self._concerned[np.argsort(best[self._concerned], kind="stable")[::-1]]
        for symbol in order.tolist():
            a, b = self._starts[symbol], self._starts[symbol + 1]
            total = scores[:, None] + beliefs[a:b]
            chosen = search.extend(np.arange(a, b)[:, None], total, self._beam)
            states, scores = states[chosen // (b - a)], total.ravel()[chosen]
            states[:, symbol] = chosen % (b - a)
        found: IntArray = states[0]
        return found

    def _evaluated(self, worlds: IntArray) -> WorldOutputs:
        # A program without symbols is asked about worlds of one that it does not mention.
        rows = worlds if worlds.shape[1] else np.zeros((len(worlds), 1), dtype=np.int64)
        return self._evaluator.evaluate(rows[None])

    def unconditional(self, beliefs: FloatArray) -> IntArray:
        """(B, n): the most probable value of each symbol."""
        parts = [beliefs[:, a:b].argmax(axis=1) for a, b in pairwise(self._starts)]
        return np.stack(parts, axis=1) if parts else np.zeros((len(beliefs), 0), dtype=np.int64)
