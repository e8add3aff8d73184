"""Answers as tensors whose gradient was computed with them. Importing this module loads torch."""

from __future__ import annotations

from typing import Any, final

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def with_gradient(beliefs: Tensor, values: Tensor, rows: Tensor, gradient: Tensor) -> Tensor:
    """(Q,) values as a function of (B, V) beliefs. rows: (Q,), which example each is of.

    gradient: (Q, V), the derivative of each by the beliefs of its example. It is differentiated once only.
    """
    found: Tensor = _Given.apply(beliefs, values, rows, gradient)  # type: ignore[no-untyped-call]
    return found


@final
class _Given(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, beliefs: Tensor, values: Tensor, rows: Tensor, gradient: Tensor) -> Tensor:
        ctx.save_for_backward(rows, gradient)
        ctx.examples = len(beliefs)
        return values.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, outer: Tensor) -> tuple[Tensor, None, None, None]:
        rows, gradient = ctx.saved_tensors
        found = gradient.new_zeros((ctx.examples, gradient.shape[1]))
        # An impossible target has no gradient, whatever is made of its -inf.
        outer = outer.nan_to_num(0.0, 0.0, 0.0)
        return found.index_add_(0, rows, outer[:, None] * gradient), None, None, None
