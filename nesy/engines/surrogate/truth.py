"""The truth about a module, to judge its surrogate by: log-probabilities of outcomes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import torch
from torch import Tensor

from nesy.compile.backends.native import Native
from nesy.engines.exact import Exact, ExactInference
from nesy.engines.inference import Inference
from nesy.engines.sampling.engine import Sampling
from nesy.engines.surrogate.inputs import multiplied_out, parts
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.table import Table
from nesy.errors import CompilationError
from nesy.logic.program import GroundProgram, Output

MEMORY = 8 << 20
"""Bytes that compiling a module may fill; what is larger is estimated by sampling."""

DRAWN = 4096
"""Worlds of such an estimate."""


class Truth(ABC):
    """What is true of a module."""

    @abstractmethod
    def log_prob(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """(B,): of complete outcomes (B, dimensions), of which each has a world."""


@final
class Listed(Truth):
    """By adding up the worlds of a small module."""

    def __init__(self, local: Local, table: Table) -> None:
        self._sizes = local.sizes
        self.values = torch.from_numpy(table.values)
        self._has = torch.from_numpy(table.has).double()

    def log_prob(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """(B,). Cost: O(worlds * outcomes * B)."""
        return torch.log((self.joint(beliefs) * self._matching(outcomes)).sum(dim=1))

    def joint(self, beliefs: Tensor) -> Tensor:
        """(B, outcomes), the probability of each."""
        given = beliefs.double()
        return multiplied_out(parts(given, self._sizes), given) @ self._has

    def _matching(self, outcomes: Tensor) -> Tensor:
        return (outcomes[:, None, :] == self.values).all(dim=2)


@final
class Engines(Truth):
    """By circuits where they are small, else by sampling."""

    def __init__(self, local: Local) -> None:
        outputs = [Output(str(n), tuple(range(len(x))), x) for n, x in enumerate(local.dimensions)]
        program = GroundProgram(local.program.symbols, local.program.graph, tuple(outputs))
        self._classes = torch.from_numpy(local.classes)
        self._shares = 1.0 / torch.bincount(self._classes, minlength=local.width).double()
        self._inference = _inference(program)

    def log_prob(self, beliefs: Tensor, outcomes: Tensor) -> Tensor:
        """(B,). A class's belief is shared out among its values."""
        rows = (beliefs.double() * self._shares)[:, self._classes]
        found: Tensor = self._inference.log_prob(rows.log(), outcomes)
        return found


def _inference(program: GroundProgram) -> Inference:
    try:
        exact: ExactInference = Exact(compiler=Native(memory=MEMORY)).build(program)
        exact.warm_up()
    except CompilationError as error:
        if error.code != "out-of-memory":
            raise
        return Sampling(samples=DRAWN).prepare(program)
    return exact
