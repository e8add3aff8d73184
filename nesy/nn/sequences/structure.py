"""What examples of the same lengths share, and a part of a batch that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from torch import Tensor, nn

from nesy.engines.inference import Inference
from nesy.logic.program import Output, Symbol
from nesy.nn.binding import Binding
from nesy.nn.explaining import Explaining
from nesy.nn.prepared import Prepared


@final
class Structure(nn.Module):
    """What examples of the same lengths share: their template, grounded and compiled."""

    columns: Tensor

    def __init__(self, found: Prepared, binding: Binding, columns: Tensor, explaining: Explaining) -> None:
        super().__init__()
        self.prepared = found
        self.binding = binding
        self.explaining = explaining
        self.register_buffer("columns", columns, persistent=False)

    @property
    def outputs(self) -> list[Output]:
        """What is answered for each of these examples."""
        return list(self.prepared.outputs)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What beliefs are about, in the order of their columns."""
        return self.prepared.symbols

    @property
    def inference(self) -> Inference:
        """What answers for beliefs."""
        return self.prepared.inference

    def marginals_of(self, beliefs: Tensor) -> list[Tensor]:
        """For each output, (B, values) log-probabilities in nats."""
        return [found.log_probs for found in self.inference.marginals(beliefs)]


@final
@dataclass(frozen=True)
class Group:
    """The examples of a batch that share a structure.

    rows: their numbers. inputs: theirs alone, as tensors (rows, ...). beliefs: (rows, V).
    """

    structure: Structure
    rows: list[int]
    inputs: Mapping[str, Tensor]
    beliefs: Tensor
