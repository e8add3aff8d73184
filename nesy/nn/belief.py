"""What is believed of one symbol in one example, as explanations show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from torch import Tensor

from nesy.engines.tasks.forward import FloatArray


@final
@dataclass(frozen=True, slots=True, eq=False)
class Belief:
    """What is believed of one symbol in one example.

    symbol: its name. values: what they are called; probabilities: of each. used: which of them the best
    proof asks for; none where it does not depend on the symbol.
    images: the inputs of its network that the caller gave, by name, for that example alone.
    """

    symbol: str
    values: tuple[str, ...]
    probabilities: FloatArray = field(repr=False)
    used: tuple[int, ...]
    images: Mapping[str, Tensor] = field(repr=False)
