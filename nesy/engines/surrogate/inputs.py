"""Beliefs about several inputs, side by side, taken apart and multiplied out."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def parts(beliefs: Tensor, sizes: Sequence[int]) -> tuple[Tensor, ...]:
    """(B, size) for each input of beliefs (B, sum of sizes). Cost: none, they are views."""
    return tuple(torch.split(beliefs, list(sizes), dim=1)) if sizes else ()


def multiplied_out(factors: Sequence[Tensor], like: Tensor) -> Tensor:
    """(B, product of sizes): the product of one value of each (B, size), the last input's changing fastest.

    like: any tensor of B rows: there may be no factors. Cost: O(B * product of sizes).
    """
    found = like.new_ones(len(like), 1)
    for factor in factors:
        found = (found[:, :, None] * factor[:, None, :]).flatten(1)
    return found
