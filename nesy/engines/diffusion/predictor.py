"""One step of denoising: the distribution of every symbol, independently, given a partly known world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor

from nesy.engines.diffusion.layout import IMPOSSIBLE, Layout
from nesy.engines.diffusion.unmasking import Described, Unmasking


@final
@dataclass(frozen=True)
class Believed:
    """Beliefs of B examples, (B, n, D), and how the network sees them; None where there is no network."""

    table: Tensor
    described: Described | None


@final
class Predictor:
    """Beliefs, corrected by what is known. network: None where no symbol can tell of another."""

    def __init__(self, layout: Layout, network: Unmasking | None) -> None:
        self.layout = layout
        self.network = network

    def believed(self, table: Tensor) -> Believed:
        """What predictions are made from. The network is told beliefs, but does not move them by asking.

        Cost: that of describing the symbols.
        """
        described = None if self.network is None else self.network.describe(table.detach().exp())
        return Believed(table, described)

    def all_of(self, believed: Believed, world: Tensor) -> Tensor:
        """(B, n, D): the log-probabilities of the values of all symbols that are not known.

        world: (B, n). What is said of known symbols has no meaning. Cost: as `some_of`.
        """
        every = torch.arange(world.shape[1], device=world.device).expand(len(world), 1, -1)
        return self.some_of(believed, world[:, None], every)[:, 0]

    def some_of(self, believed: Believed, world: Tensor, asked: Tensor) -> Tensor:
        """(B, S, c, D): the same, of chosen symbols, in S worlds of each example.

        world: (B, S, n). asked: (B, S, c). Cost: that of the network.
        """
        batch, worlds, count = asked.shape
        values = believed.table.shape[2]
        index = asked.reshape(batch, worlds * count, 1).expand(-1, -1, values)
        table = believed.table.gather(1, index).view(batch, worlds, count, values)
        if self.network is None or believed.described is None:
            return table
        corrections = self.network(believed.described, world, asked).to(table.dtype)
        # Fixed probabilities of the rules stay what they are.
        free = self.layout.dependent.to(table.device)[asked] & (world.gather(2, asked) < 0)
        return torch.where(free[..., None], (table + corrections).log_softmax(dim=3), table)


def completed(predicted: Tensor, world: Tensor) -> Tensor:
    """(B, n, D): what is predicted of masked symbols, and certainty of the values of known ones.

    Gradient 0 where symbols are known. Cost: O(B * n * D).
    """
    places = torch.arange(predicted.shape[2], device=world.device)
    certain = torch.zeros_like(predicted).masked_fill(places != world[:, :, None], IMPOSSIBLE)
    return torch.where((world >= 0)[:, :, None], certain, predicted)
