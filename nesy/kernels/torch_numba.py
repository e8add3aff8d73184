"""The numba kernel as torch runs it on the CPU: tensors in, tensors out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import torch
from torch import Tensor

from nesy.kernels import numba_log
from nesy.kernels.numba_log_arguments import FloatArray
from nesy.kernels.numba_plan import Plan
from nesy.kernels.torch_functions import Passes, gradients_of
from nesy.kernels.torch_plain import is_plain


@final
@dataclass(frozen=True, eq=False)
class CompiledSchedule:
    """A plan with the two passes of a `DeviceSchedule`."""

    plan: Plan

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """(roots, inputs) from inputs (width, B) in nats. The backward pass wants nothing but the inputs.

        They are copied, for an operation may not return what it was given.
        """
        roots = numba_log.values(self.plan, inputs.numpy())[0]
        return _tensor(roots, inputs), inputs.clone(memory_format=torch.contiguous_format)

    def backward(self, root_gradients: Tensor, inputs: Tensor) -> Tensor:
        """The gradient with respect to the inputs, (width, B), from that of the roots, (R, B)."""
        return _tensor(numba_log.gradient(self.plan, inputs.numpy(), root_gradients.numpy()), inputs)

    def evaluate_plain(self, inputs: Tensor, passes: Passes) -> Tensor:
        """(R, B) as `torch_log.evaluate`, for a plain tensor of float32 or float64.

        passes: the same circuit under torch's transformations, which gradients of gradients are left to.

        `torch_functions` does the same and takes every tensor, but it takes a tenth of a millisecond to be
        called, as long as a circuit of ten thousand edges and one example takes.
        """
        if not (inputs.requires_grad and torch.is_grad_enabled()):
            return _tensor(numba_log.values(self.plan, inputs.detach().numpy())[0], inputs)
        roots: Tensor = _Evaluation.apply(inputs, self.plan, passes)  # type: ignore[no-untyped-call]
        return roots


class _Evaluation(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, plan: Plan, passes: Passes) -> Tensor:
        roots, ctx.kept = numba_log.values(plan, inputs.numpy())
        ctx.plan, ctx.passes = plan, passes
        ctx.save_for_backward(inputs)
        return _tensor(roots, inputs)

    @staticmethod
    def backward(ctx: Any, *root_gradients: Tensor) -> tuple[Tensor, None, None]:
        (inputs,) = ctx.saved_tensors
        (given,) = root_gradients
        # With gradients enabled, somebody wants the gradient of this gradient.
        if torch.is_grad_enabled() or not is_plain(given):
            return gradients_of(given, inputs, inputs, ctx.passes), None, None
        found = numba_log.gradient(ctx.plan, inputs.numpy(), given.numpy(), ctx.kept)
        return _tensor(found, inputs), None, None


def _tensor(array: FloatArray, like: Tensor) -> Tensor:
    """An array of float64 in the dtype of a tensor, float32 or float64, and in one piece."""
    found = torch.from_numpy(array)
    return found.float().contiguous() if like.dtype == torch.float32 else found.contiguous()
