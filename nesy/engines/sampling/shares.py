"""What share of the worlds that meet the condition each output's values have, and how beliefs move shares."""

from __future__ import annotations

from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.posterior import Literals, shares_given, slopes_given
from nesy.engines.sampling.terms import terms_of_values
from nesy.engines.sampling.totals import totals_of
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.program import GroundProgram


@final
class Shares:
    """Counts of the values of all outputs, side by side, in worlds that meet the condition.

    guided: whether such worlds are proposed, and not waited for. The same seeds draw the same worlds.
    """

    def __init__(self, program: GroundProgram, counter: Counter, *, guided: bool) -> None:
        self._ground = program
        self._counter = counter
        self._guided = guided

    def counted(
        self, probabilities: FloatArray, seeds: Seeds
    ) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
        """(B, K) and (B, K): probabilities given the condition, and their standard errors.

        And (B,), whether any world met the condition; where none did, the others are 0 and no error.
        Cost: see `Counter.values` and `shares_given`.
        """
        if self._guided:
            return shares_given(self._counter, self._literals, probabilities, seeds)
        hits = self._counter.values(probabilities, seeds).astype(np.float64)
        hits, allowed = hits[:, :-1], hits[:, -1:]
        smoothed = (hits + 1) / (allowed + 2)
        errors = np.sqrt(smoothed * (1 - smoothed) / (allowed + 2))
        return hits / np.maximum(allowed, 1.0), errors, allowed[:, 0] > 0

    def slopes(self, probabilities: FloatArray, seeds: Seeds, factors: FloatArray) -> FloatArray:
        """(B, V): the gradient in the beliefs of the sum of factors (B, K) times logarithms of the shares.

        From the worlds that were counted, which are drawn once more. A factor is 0 where there was no hit.
        Cost: that of counting; see also `score` and `slopes_given`.
        """
        if self._guided:
            return slopes_given(self._counter, self._literals, probabilities, seeds, factors)
        terms = terms_of_values(self._counter.program, factors)
        return totals_of("reinforce", self._counter, probabilities, terms, seeds)[0].gradient

    @cached_property
    def _literals(self) -> Literals:
        literals = [literal for output in self._ground.outputs for literal in output.literals]
        return Literals(WorldEvaluator(self._ground.graph, literals), self._counter.program)
