"""Which tensors are just numbers, so that a kernel may be called on them without torch knowing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.autograd.forward_ad import unpack_dual

_PLAIN_KEYS = (torch._C.DispatchKey.CPU, torch._C.DispatchKey.CUDA)


def is_plain(tensor: Tensor) -> bool:
    """Whether a tensor is just numbers: not traced, not mapped over, not differentiated forward.

    It may require a gradient. Cost: about two microseconds.
    """
    return (
        not torch.compiler.is_compiling()
        and type(tensor) in (Tensor, torch.nn.Parameter)
        and not torch._C._are_functorch_transforms_active()
        and any(torch._C._dispatch_keys(tensor).has(key) for key in _PLAIN_KEYS)
        and torch._C._len_torch_dispatch_stack() == 0
        and unpack_dual(tensor).tangent is None  # type: ignore[no-untyped-call]
    )
