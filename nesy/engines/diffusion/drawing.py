"""Random numbers and random values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import torch
from torch import Tensor


@final
class Dice:
    """Random numbers of an engine's own, the same wherever they are used. seed: None takes a fresh one."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._generator: torch.Generator | None = None

    def uniform(self, shape: tuple[int, ...], device: torch.device) -> Tensor:
        """Numbers in [0, 1), float64. Cost: O(numbers), and a copy to the device."""
        if self._generator is None:
            self._generator = torch.Generator()
            self._generator.seed() if self._seed is None else self._generator.manual_seed(self._seed)
        return torch.rand(shape, generator=self._generator, dtype=torch.float64).to(device)

    def state(self) -> Mapping[str, Tensor]:
        """Where the generator is, once it has drawn."""
        return {} if self._generator is None else {"cpu": self._generator.get_state()}

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on drawing where `state` was; given nothing, from the seed."""
        self._generator = None
        if "cpu" in state:
            self._generator = torch.Generator()
            self._generator.set_state(state["cpu"])


def drawn(logs: Tensor, uniform: Tensor) -> Tensor:
    """(R, K, n) int64: K values of each symbol. A value of probability 0 is never drawn.

    logs: (R, n, D), log-probabilities. uniform: (R, K, n), in [0, 1).
    Cost: O(R * n * (D + K log D)).
    """
    upto = logs.detach().double().exp().cumsum(dim=2)
    total = upto[:, :, -1:]
    wanted = uniform.transpose(1, 2).contiguous() * total
    # Rounding may lead beyond the last value that is possible, which is the first to reach the total.
    last = (upto < total).sum(dim=2, keepdim=True)
    found = torch.searchsorted(upto, wanted, right=True).minimum(last)
    return found.transpose(1, 2)
