"""The unmasking network: what symbols whose values are known tell about those that are not."""

from __future__ import annotations

from typing import NamedTuple, final

import torch
from torch import Tensor, nn
from torch.nn import functional

from nesy.engines.diffusion.layout import Layout

HEADS = 4
"""Of attention: what is read from other symbols, each in its own way."""


class Described(NamedTuple):
    """Symbols as the network sees them, of B examples: made once, whatever is known of them.

    question: (B, n, width), what a symbol asks of others. told: (B, n, 2 * width), what it tells, but for its
    value. own: (B, n, 2 * width), what it adds to what it hears.
    """

    question: Tensor
    told: Tensor
    own: Tensor


@final
class Unmasking(nn.Module):
    """Corrections to beliefs: log-weights by which values of symbols are multiplied, given known symbols.

    Each symbol is described by what is believed of it and by which it is; a known one by its value, too. All
    symbols attend to the known ones. Those of one kind share weights, but for a description of their own.
    The corrections are exactly 0 where no symbol is known, and everywhere before anything has been learned.
    """

    kinds: Tensor

    def __init__(self, layout: Layout, width: int) -> None:
        """width: of the descriptions, a multiple of `HEADS`."""
        super().__init__()
        self._count = int(layout.kinds.max()) + 1
        values = self._count, layout.largest
        self.register_buffer("kinds", layout.kinds, persistent=False)
        self.belief = nn.Parameter(torch.randn(*values, width) / layout.largest**0.5)
        self.place = nn.Parameter(torch.randn(layout.count, width) / 2)
        self.value = nn.Parameter(torch.randn(*values, 2 * width) / 2)
        self.question = nn.Linear(width, width)
        self.told = nn.Linear(width, 2 * width)
        self.own = nn.Linear(width, 2 * width)
        self.heard = nn.Linear(width, 2 * width, bias=False)
        self.answer = nn.Parameter(torch.zeros(2 * width, self._count * layout.largest))

    def describe(self, probabilities: Tensor) -> Described:
        """probabilities: (B, n, D), what is believed of each symbol alone.

        Cost: O(B * n * (D + width) * width).
        """
        about = torch.einsum("bnd,nde->bne", probabilities.to(self.belief.dtype), self.belief[self.kinds])
        about = about + self.place
        return Described(self.question(about), self.told(about), self.own(about))

    def forward(self, described: Described, world: Tensor, asked: Tensor) -> Tensor:
        """(B, S, c, D): corrections to the log-probabilities of the symbols asked for.

        world: (B, S, n) int64, partly known. asked: (B, S, c) int64, which symbols.
        Cost: O(B * S * (n + c * (n + D + width)) * width), with D as often as there are kinds.
        """
        is_known = world >= 0
        mixed = functional.relu(
            _picked(described.own, asked) + self.heard(self._heard(described, world, is_known, asked))
        )
        found = (mixed @ self.answer).view(*asked.shape, self._count, -1)
        if self._count > 1:
            own = self.kinds[asked][..., None, None].expand(*asked.shape, 1, found.shape[4])
            found = found.gather(3, own)
        corrections: Tensor = found.squeeze(3) * is_known.any(dim=2)[:, :, None, None]
        return corrections

    def _heard(self, described: Described, world: Tensor, is_known: Tensor, asked: Tensor) -> Tensor:
        """(B, S, c, width): what is heard of the known symbols; without meaning where there is none."""
        batch, worlds, _ = world.shape
        told = described.told[:, None] + self.value[self.kinds, world.clamp(min=0)]
        keys, values = (_heads(part) for part in told.chunk(2, dim=3))
        # Where none is known all are attended to: an empty softmax would be NaN.
        seen = (is_known | ~is_known.any(dim=2, keepdim=True)).view(batch * worlds, 1, 1, -1)
        question = _heads(_picked(described.question, asked))
        found = functional.scaled_dot_product_attention(question, keys, values, seen)
        return found.transpose(1, 2).reshape(batch, worlds, asked.shape[2], -1)


def _picked(rows: Tensor, asked: Tensor) -> Tensor:
    """(B, S, c, width) of (B, n, width)."""
    batch, worlds, count = asked.shape
    index = asked.reshape(batch, worlds * count, 1).expand(-1, -1, rows.shape[2])
    return rows.gather(1, index).view(batch, worlds, count, -1)


def _heads(rows: Tensor) -> Tensor:
    """(B, S, k, width) to (B * S, HEADS, k, width / HEADS)."""
    batch, worlds, count, width = rows.shape
    return rows.view(batch * worlds, count, HEADS, width // HEADS).transpose(1, 2)
