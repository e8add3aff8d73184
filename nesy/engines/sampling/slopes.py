"""Gradients of estimates, where torch asks for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, final

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

Slope = Callable[[Tensor], Tensor]
"""From the gradient in values, of their shape, to that in the beliefs they were estimated from."""


def sloped(beliefs: Tensor, values: Tensor, slope: Slope) -> Tensor:
    """Values whose gradient in the beliefs is what `slope` says, once it is asked for.

    Where no gradient can be asked for, the values themselves. There is no second derivative.
    Cost: none but that of `slope`.
    """
    if not (beliefs.requires_grad and torch.is_grad_enabled()):
        return values
    found: Tensor = _Sloped.apply(beliefs, values, slope)  # type: ignore[no-untyped-call]
    return found


@final
class _Sloped(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, beliefs: Tensor, values: Tensor, slope: Slope) -> Tensor:  # noqa: ARG004 - see backward
        ctx.slope = slope
        return values.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        return ctx.slope(gradient), None, None
