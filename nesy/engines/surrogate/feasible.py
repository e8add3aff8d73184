"""Which values a module's dimensions can still have: asked of a SAT solver, and remembered."""

from __future__ import annotations

from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from nesy.engines.pruning.completions import ABSENT, Completions
from nesy.engines.pruning.partial_worlds import Choices, PartialWorlds
from nesy.engines.surrogate.local import Local
from nesy.logic.program import GroundProgram, Output

BoolArray = NDArray[np.bool_]

REMEMBERED = 100_000
"""How many answers are kept; then they are forgotten together."""


@final
class Feasible:
    """Sound and complete: a value is said to be impossible exactly where no world has it.

    alone: for each dimension (values,), which are possible where nothing is known.
    Cost: a call of a SAT solver for each value of a question that was not asked before.
    """

    def __init__(self, local: Local) -> None:
        outputs = [Output(str(n), tuple(range(len(x))), x) for n, x in enumerate(local.dimensions)]
        program = GroundProgram(local.program.symbols, local.program.graph, tuple(outputs))
        self._completions = Completions(program)
        self._class_of = local.classes
        self._classes = [np.flatnonzero(local.classes == c) for c in range(local.width)]
        self._starts = local.starts.tolist()
        self._known: dict[bytes, BoolArray] = {}
        self.alone = [self._asked(d, []) for d in range(len(outputs))]

    def values(self, beliefs: Tensor, known: Tensor, dimension: int) -> BoolArray:
        """(B, values): which a dimension can have, given those known and beliefs of probability 0."""
        never, rows = (beliefs == 0).numpy(), known.numpy()
        found = np.empty((len(rows), len(self._completions.outputs[dimension])), dtype=np.bool_)
        for place, (row, impossible) in enumerate(zip(rows, never, strict=True)):
            key = (
                bytes([dimension % 256, dimension // 256]) + row.tobytes() + np.packbits(impossible).tobytes()
            )
            answer = self._known.get(key)
            if answer is None:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                answer = self._known[key] = self._asked(dimension, self._assumed(row, impossible))
            found[place] = answer
        return found

    def partial_worlds(self, beliefs: Tensor, known: Tensor) -> PartialWorlds:
        """Worlds of one example, of classes, to be built symbol by symbol.

        beliefs: (classes,), those of probability 0 are never taken; known: (dimensions,), -1 where nothing is
        known. Cost: that of beginning; then that of `PartialWorlds.extend`.
        """
        assumed = self._observed(known.numpy())
        best = [a + int(beliefs[a:b].argmax()) for a, b in pairwise(self._starts)]
        # Of the values in a class any will do.
        preferred = np.array([self._classes[c][0] for c in best], dtype=np.int64)
        never = (beliefs == 0).numpy()[self._class_of]
        return PartialWorlds(self._completions, assumed, preferred, never)

    def choices(self, symbol: int) -> Choices:
        """The columns of each class of a symbol."""
        return self._classes[self._starts[symbol] : self._starts[symbol + 1]]

    def _assumed(self, known: NDArray[np.int64], impossible: BoolArray) -> list[int]:
        literals = self._observed(known)
        denied = self._completions.literals[impossible[self._class_of]]
        return [*literals, *(-x for x in denied.tolist() if x != ABSENT)]

    def _observed(self, known: NDArray[np.int64]) -> list[int]:
        outputs = self._completions.outputs
        return [outputs[d][v] for d, v in enumerate(known.tolist()) if v >= 0]

    def _asked(self, dimension: int, assumed: list[int]) -> BoolArray:
        literals = self._completions.outputs[dimension]
        return np.array([self._completions.holds([*assumed, x], exact=True) for x in literals])
