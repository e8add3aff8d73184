"""What a model learns from, and what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from torch import Tensor


class AnyExamples(Protocol):
    """E examples of a template, or of one for each length: lists of tensors are inputs, too."""

    def __len__(self) -> int:
        """E."""

    @property
    def targets(self) -> Tensor:
        """(E, m) int64: what an objective takes for them."""

    def inputs(self, chosen: Tensor | slice) -> Mapping[str, Any]:
        """The inputs of some examples, as the objective takes them."""


class Examples(Protocol):
    """E examples of one template. What `chosen` takes out of them are B examples."""

    def __len__(self) -> int:
        """E."""

    @property
    def targets(self) -> Tensor:
        """(E, m) int64: the index of each output's value, -1 where it is not observed."""

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """The tensors of some examples, each (B, ...), as the model takes them."""


class LabelledExamples(Examples, Protocol):
    """Examples whose concepts are known. No training sees them: they judge what networks have learnt."""

    def concepts(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """For each symbol that networks speak of, by its name, (B,) int64: the index of its true value."""
