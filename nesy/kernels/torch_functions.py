"""Circuits under torch's transformations: `torch.func`, forward-mode differentiation, gradients of gradients.

The fast passes give values and first derivatives backward, and are mapped over by widening the batch. The
other derivatives are those of the same circuit as a composition of torch's own operations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, final

import torch
from torch import Tensor

from nesy.kernels.torch_composite import Composite


class Passes(Protocol):
    """What a circuit can do on tensors of one device."""

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, kept) from inputs (width, B); kept is what `backward` wants."""

    def backward(self, root_gradients: Tensor, kept: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B)."""

    def composite(self) -> Composite:
        """The same circuit as torch's own operations."""


def values_of(inputs: Tensor, passes: Passes) -> Tensor:
    """The log-values of the roots, (R, B), from inputs (width, B), under any transformation of torch's.

    Differentiable any number of times, forward and backward. Cost: the fast passes for values and first
    gradients, also mapped; those of `Composite` for everything else.
    """
    roots: Tensor = _Values.apply(inputs, passes)[0]  # type: ignore[no-untyped-call]
    return roots


def gradients_of(root_gradients: Tensor, inputs: Tensor, kept: Tensor, passes: Passes) -> Tensor:
    """The gradient with respect to the inputs, (width, B), differentiable as `values_of` is.

    kept: what the forward pass kept for these inputs.
    """
    found: Tensor = _Gradients.apply(root_gradients, inputs, kept, passes)  # type: ignore[no-untyped-call]
    return found


@final
class _Values(torch.autograd.Function):
    @staticmethod
    def forward(inputs: Tensor, passes: Passes) -> tuple[Tensor, Tensor]:
        return passes.forward(inputs)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Passes], output: tuple[Tensor, Tensor]) -> None:
        ctx.passes = inputs[1]
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(inputs[0], output[1])
        ctx.save_for_forward(inputs[0])

    @staticmethod
    def backward(ctx: Any, *root_gradients: Tensor) -> tuple[Tensor, None]:
        inputs, kept = ctx.saved_tensors
        return gradients_of(root_gradients[0], inputs, kept, ctx.passes), None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> tuple[Tensor, None]:
        (inputs,) = ctx.saved_tensors
        return _pushed(ctx.passes.composite(), (inputs,), (tangents[0],)), None

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, None], inputs: Tensor, passes: Passes) -> Any:
        size = info.batch_size
        roots, kept = _Values.apply(columns_of(inputs, in_dims[0], size), passes)  # type: ignore[no-untyped-call]
        return (mapped_of(roots, size), mapped_of(kept, size)), (1, 1)


@final
class _Gradients(torch.autograd.Function):
    @staticmethod
    def forward(root_gradients: Tensor, _: Tensor, kept: Tensor, passes: Passes) -> Tensor:
        return passes.backward(root_gradients, kept)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Tensor, Passes], _: Tensor) -> None:
        ctx.passes = inputs[3]
        ctx.save_for_backward(*inputs[:2])
        ctx.save_for_forward(*inputs[:2])

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        pull = torch.func.vjp(_gradient(ctx.passes.composite()), *ctx.saved_tensors)[1]
        return *pull(gradients[0]), None, None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Tensor:
        primals = ctx.saved_tensors
        moved = tuple(
            torch.zeros_like(p) if t is None else t for p, t in zip(primals, tangents[:2], strict=True)
        )
        return _pushed(_gradient(ctx.passes.composite()), primals, moved)

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *arguments: Any) -> Any:
        size = info.batch_size
        wide = [columns_of(a, d, size) for a, d in zip(arguments[:3], in_dims[:3], strict=True)]
        found = gradients_of(wide[0], wide[1], wide[2], arguments[3])
        return mapped_of(found, size), 1


def _gradient(roots_of: Composite) -> Callable[[Tensor, Tensor], Tensor]:
    """The gradient as a function of the roots' gradients and of the inputs."""

    def gradient(root_gradients: Tensor, inputs: Tensor) -> Tensor:
        found: Tensor = torch.func.vjp(roots_of, inputs)[1](root_gradients)[0]
        return found

    return gradient


def _pushed(
    function: Callable[..., Tensor], primals: tuple[Tensor, ...], tangents: tuple[Tensor, ...]
) -> Tensor:
    """The derivative of a function in a direction.

    What pulls gradients back is linear, and pulling back through that pushes forward. (torch does not nest
    forward-mode differentiation.)
    """
    pulled = torch.func.vjp(function, *primals)
    found: Tensor = torch.func.vjp(pulled[1], torch.zeros_like(pulled[0]))[1](tangents)[0]
    return found


def columns_of(mapped: Tensor, dim: int | None, size: int) -> Tensor:
    """(rows, B) with a mapped dimension, or without one, as (rows, size * B)."""
    last = mapped.unsqueeze(1).expand(-1, size, -1) if dim is None else mapped.movedim(dim, 1)
    rows, _, columns = last.shape
    return last.reshape(rows, size * columns)


def mapped_of(wide: Tensor, size: int) -> Tensor:
    """(rows, size * B) as (rows, size, B): undoes `columns_of`."""
    rows, columns = wide.shape
    return wide.reshape(rows, size, columns // max(size, 1))
