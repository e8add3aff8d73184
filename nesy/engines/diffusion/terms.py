"""The terms of the loss that need no drawn outputs: of the concepts, and of the entropy."""

from __future__ import annotations

import torch
from torch import Tensor

from nesy.engines.diffusion.layout import Layout


def concept_term(predicted: Tensor, world: Tensor, partly: Tensor, rate: Tensor) -> Tensor:
    """(B,): how improbable the masked values of a world are, in nats, divided by symbols and masking rate.

    predicted: (B, n, D), log-probabilities given the partly masked world, `partly` (B, n). world: (B, n).
    rate: (B,), with what probability each symbol was masked: over it because the rarer a mask, the more each
    says of the bound on the likelihood (Sahoo et al. 2024).
    """
    count = max(1, world.shape[1])
    chosen = predicted.gather(2, world[:, :, None])[:, :, 0]
    # The world was drawn from these: no value is impossible, but it may have become so by rounding.
    masked = (partly < 0) & (chosen > -float("inf"))
    found: Tensor = -chosen.masked_fill(~masked, 0.0).sum(dim=1) / (count * rate)
    return found


def belief_entropy(layout: Layout, table: Tensor) -> Tensor:
    """(B,): the entropy of the beliefs, the mean over symbols that networks read; 0 where there are none.

    table: (B, n, D). Gradient 0 at a belief of exactly 0.
    """
    chosen = layout.dependent.to(table.device)
    mine = table[:, chosen]
    possible = mine > -float("inf")
    terms = mine.exp() * mine.masked_fill(~possible, 0.0)
    return -terms.sum(dim=(1, 2)) / max(1, int(chosen.sum()))


def masking_rates(uniform: Tensor, blank: float) -> Tensor:
    """(B,): with what probability each example's symbols are masked, in (0, 1].

    1 for a random part of the examples, as large as `blank`; the others' rates are evenly spread, and shifted
    together: each one alone is uniform, and their mean hardly varies. uniform: (B + 1,), in [0, 1).
    """
    chosen, shift = uniform[:-1], uniform[-1]
    even = torch.arange(len(chosen), device=uniform.device) / max(1, len(chosen))
    return (1.0 - (even + shift) % 1.0).masked_fill(chosen < blank, 1.0)
