"""Which values a module's dimensions can still have: asked of a SAT solver, and remembered."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from nesy.engines.pruning.completions import ABSENT, Completions
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

    def symbol(self, beliefs: Tensor, known: Tensor, chosen: Tensor, symbol: int) -> BoolArray:
        """(B, classes): which classes of a symbol can be had, given dimensions and symbols before it.

        known: (B, dimensions), chosen: (B, symbols), -1 where nothing is known.
        """
        never, rows, worlds = (beliefs == 0).numpy(), known.numpy(), chosen.numpy()
        found = np.zeros((len(rows), self._starts[symbol + 1] - self._starts[symbol]), dtype=np.bool_)
        for place in range(len(rows)):
            assumed = self._assumed(rows[place], never[place])
            for other, value in enumerate(worlds[place].tolist()):
                if value >= 0:
                    assumed += self._other_classes(other, value)
            for value in range(found.shape[1]):
                if not never[place, self._starts[symbol] + value]:
                    wanted = [*assumed, *self._other_classes(symbol, value)]
                    found[place, value] = self._completions.holds(wanted, exact=True)
        return found

    def _other_classes(self, symbol: int, value: int) -> list[int]:
        """Literals that leave a symbol one class only."""
        starts = self._starts
        others = [c for c in range(starts[symbol], starts[symbol + 1]) if c != starts[symbol] + value]
        columns = [c for other in others for c in self._classes[other]]
        return [-x for x in self._completions.literals[columns].tolist() if x != ABSENT]

    def _assumed(self, known: NDArray[np.int64], impossible: BoolArray) -> list[int]:
        outputs = self._completions.outputs
        literals = [outputs[d][v] for d, v in enumerate(known.tolist()) if v >= 0]
        for c in np.flatnonzero(impossible).tolist():
            columns = self._completions.literals[self._classes[c]]
            literals += [-x for x in columns.tolist() if x != ABSENT]
        return literals

    def _asked(self, dimension: int, assumed: list[int]) -> BoolArray:
        literals = self._completions.outputs[dimension]
        return np.array([self._completions.holds([*assumed, x], exact=True) for x in literals])
