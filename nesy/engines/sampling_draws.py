"""Worlds drawn from beliefs, and the score of those draws: the gradient of their log-probability."""

from __future__ import annotations

from collections import defaultdict
from typing import final

import torch
from torch import Tensor

from nesy.logic.program import GroundProgram


@final
class Sampler:
    """Draws worlds from the beliefs about a program's symbols, which are independent.

    Symbols with equally many values are drawn together. By inverse transform: as fast as
    `torch.multinomial` and ten times faster than the Gumbel trick (10 values, 256 draws).
    """

    def __init__(self, program: GroundProgram) -> None:
        groups: dict[int, list[int]] = defaultdict(list)
        for index, symbol in enumerate(program.symbols):
            groups[len(symbol.values)].append(index)
        self._groups = {size: torch.tensor(members) for size, members in groups.items()}
        self._starts = torch.tensor(program.offsets[:-1], dtype=torch.int64)

    def draw(self, beliefs: Tensor, samples: int, generator: torch.Generator) -> Tensor:
        """(n, B, S) int64: for each symbol the values drawn, independent of each other.

        beliefs: (B, V), normalised log-probabilities; a value of -inf is never drawn.
        """
        batch, device = len(beliefs), beliefs.device
        worlds = torch.empty((len(self._starts), batch, samples), dtype=torch.int64, device=device)
        for size, members in self._groups.items():
            columns = (self._starts[members, None] + torch.arange(size)).to(device)
            cumulative = beliefs.detach()[:, columns].exp().cumsum(dim=2)
            # Dividing by the total makes the last bound 1 exactly, whatever the rounding before it.
            bounds = (cumulative / cumulative[:, :, -1:])[:, :, :-1].contiguous()
            shape = (batch, len(members), samples)
            uniform = torch.rand(shape, generator=generator, device=device, dtype=beliefs.dtype)
            worlds[members.to(device)] = torch.searchsorted(bounds, uniform, right=True).transpose(0, 1)
        return worlds

    def score(self, worlds: Tensor, weights: Tensor, width: int) -> Tensor:
        """(B, width): the sum over draws of weight times the gradient of log p(world) in the beliefs.

        worlds: (n, B, S) of `draw`; weights: (B, S). Cost: O(n * B * S).
        """
        columns = worlds + self._starts.to(worlds.device)[:, None, None]
        flat = columns.transpose(0, 1).reshape(len(weights), -1)
        spread = weights.repeat(1, len(worlds))
        return weights.new_zeros((len(weights), width)).scatter_add_(1, flat, spread)
