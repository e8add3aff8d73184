"""The random numbers of perturbed searches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import final

import numpy as np

from nesy.engines.inference import Array
from nesy.engines.sat.costs import FloatArray

_NAME = "noise"


@final
class Noise:
    """Standard Gumbel numbers from a seed, or from where another one stopped."""

    def __init__(self, seed: int | None, state: Mapping[str, Array] | None = None) -> None:
        self._numbers = np.random.default_rng(seed)
        if state:
            self._numbers.bit_generator.state = json.loads(bytes(state[_NAME].tolist()))

    def gumbel(self, shape: tuple[int, ...], size: float) -> FloatArray | float:
        """Gumbel numbers of a shape, times a size; 0 draws nothing."""
        return size * self._numbers.gumbel(size=shape) if size else 0.0

    def state(self) -> Mapping[str, Array]:
        """Where it is, as a tensor of bytes."""
        import torch  # noqa: PLC0415 - checkpoints are torch's, searches are not

        text = json.dumps(self._numbers.bit_generator.state)
        return {_NAME: torch.tensor(list(text.encode()), dtype=torch.uint8)}
