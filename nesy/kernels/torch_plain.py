"""Which tensors are just numbers, so that a kernel may be called on them without torch knowing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.autograd.forward_ad import unpack_dual

_CPU, _CUDA = torch._C.DispatchKey.CPU, torch._C.DispatchKey.CUDA


def is_plain(tensor: Tensor) -> bool:
    """Whether a tensor is just numbers: not traced, not mapped over, not differentiated forward.

    It may require a gradient. Cost: about a microsecond.
    """
    if torch.compiler.is_compiling() or type(tensor) not in (Tensor, torch.nn.Parameter):
        return False
    if torch._C._are_functorch_transforms_active() or torch._C._len_torch_dispatch_stack():
        return False
    keys = torch._C._dispatch_keys(tensor)
    if not (keys.has(_CPU) or keys.has(_CUDA)):
        return False
    # No tensor has a tangent outside of a level.
    return forward_ad._current_level < 0 or unpack_dual(tensor).tangent is None  # type: ignore[no-untyped-call]
