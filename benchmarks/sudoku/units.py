"""Boards unit by unit: the exact probability that each row, column and box holds different digits.

Together the units share cells, and no circuit of a practical size knows all of a 9x9 board's at once. Alone,
each is a circuit of a few thousand nodes. Taken for independent they are what a network can begin with.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import ClassVar, final

import torch
from torch import Tensor

from benchmarks.sudoku.boards import units
from benchmarks.sudoku.rules import question
from nesy.engines.exact import Exact
from nesy.engines.inference import Engine, Guarantee, Inference, Marginal
from nesy.grounding import Template, ground
from nesy.logic.program import GroundProgram

NEAREST_TO_ONE = -1e-6
"""Greater log-probabilities count as this one where their complements are needed: gradients stay finite."""


@final
@dataclass(frozen=True)
class Units(Engine):
    """Whether a board is valid, its units taken for independent: an engine for the template `valid` alone."""

    name: ClassVar[str] = "units"

    def supports(self, program: GroundProgram) -> str | None:
        """Programs of boards whose one output is `valid`, and no others."""
        asked = [output.name for output in program.outputs]
        if asked != ["valid"] or program.condition:
            return "it only knows whether Sudoku boards are valid"
        return None

    def build(self, program: GroundProgram) -> UnitsInference:
        """One circuit for one unit: the rules say the same of each, so that it serves all of them."""
        return UnitsInference(isqrt(len(program.symbols)))


@final
class UnitsInference(Inference):
    """log P(valid) as the sum over units of the log-probability that a unit's digits differ.

    The terms are exact, their sum is not. Beliefs are those of a board's cells, row by row: (B, n * n * n).
    Cost: O(nodes of one unit's circuit * units * B).
    """

    guarantee: ClassVar[Guarantee] = Guarantee.ESTIMATE

    def __init__(self, size: int) -> None:
        self._units = torch.from_numpy(units(size))
        self._unit = Exact().prepare(ground(question(size), Template.parse("distinct(row(0))", None)))

    def log_valid(self, beliefs: Tensor) -> Tensor:
        """(B,): log P(valid), as if units were independent."""
        count, size = self._units.shape
        cells = beliefs.reshape(len(beliefs), size * size, size)
        each = cells[:, self._units].reshape(len(beliefs) * count, size * size)
        different: Tensor = self._unit.log_prob(each, torch.ones(len(each), 1, dtype=torch.int64))
        return different.reshape(len(beliefs), count).sum(dim=1)

    def log_prob(self, beliefs: Tensor, targets: Tensor) -> Tensor:
        """(B,): of whether boards are valid; 0 where that was not observed."""
        observed = self.marginals(beliefs)[0].log_probs.gather(1, targets.clamp(min=0))[:, 0]
        return torch.where(targets[:, 0] < 0, torch.zeros_like(observed), observed)

    def marginals(self, beliefs: Tensor) -> list[Marginal]:
        """The log-probabilities of "not valid" and "valid", (B, 2)."""
        log_valid = self.log_valid(beliefs)
        log_invalid = torch.log(-torch.expm1(log_valid.clamp(max=NEAREST_TO_ONE)))
        return [Marginal(torch.stack([log_invalid, log_valid], dim=1))]

    def predict(self, beliefs: Tensor) -> Tensor:
        """(B, 1): whether "valid" is the more probable."""
        found: Tensor = self.marginals(beliefs)[0].log_probs.argmax(dim=1, keepdim=True)
        return found
