"""The torch kernel: circuits in log space as one differentiable operation, `nesy::circuit_log`."""

from __future__ import annotations

from itertools import count
from typing import Any, final
from weakref import WeakKeyDictionary, WeakValueDictionary

import torch
from torch import Tensor

from nesy.circuit.circuit import Circuit
from nesy.circuit.layers import lower
from nesy.errors import ModelError
from nesy.kernels.schedule import schedule
from nesy.kernels.shapes import check_inputs
from nesy.kernels.torch_schedule import DeviceSchedule, on_device

_HALVES = (torch.float16, torch.bfloat16)


def is_tensor(value: object) -> bool:
    """Whether a value is a torch tensor."""
    return isinstance(value, Tensor)


def evaluate(circuit: Circuit, inputs: Tensor) -> Tensor:
    """The log-values of a circuit's roots.

    inputs: (circuit.width, B), log-weights in nats, float32 or float64, any device; -inf is false, and so
    is everything below -1e25. float16 and bfloat16 are refused; where autocast is active for their
    device they are taken to float32, for log-weights have no place in 16 bits.
    Returns (R, B) in the dtype and on the device of inputs; -inf is false; never NaN for inputs below
    +inf.
    Gradient: exact and analytic, from one pass down; 0 at and below every node that is -inf. A share of
    a sum below 2^-100 (float32; 2^-900 in float64) counts as 0. Not differentiable twice.
    Works under autocast (in float32 or float64), `torch.vmap` and `torch.compile`. (torch's own limit:
    its custom operations refuse `torch.func.grad` and forward-mode differentiation.)
    Raises `ModelError`: wrong-shape, unsupported-dtype.
    Cost: O(edges * B) time forward and backward; holds a value per stored node from forward to backward,
    (rows, B), and during the backward pass a message per term of a sum. The first call on a circuit
    and device lays it out, O(edges).
    """
    number, width = handle(circuit)
    check_inputs(width, inputs.shape)
    roots: Tensor = torch.ops.nesy.circuit_log(_floating(inputs), number)[0]
    return roots


def _floating(inputs: Tensor) -> Tensor:
    if inputs.dtype in (torch.float32, torch.float64):
        return inputs
    if inputs.dtype in _HALVES and torch.is_autocast_enabled(inputs.device.type):
        return inputs.float()
    raise ModelError(
        "unsupported-dtype",
        f"inputs are {inputs.dtype}, but circuits are evaluated in float32 or float64",
        hint="convert the log-weights with .float()",
    )


@final
class _Plan:
    """A circuit's schedule, and its copies on the devices that asked for one."""

    def __init__(self, circuit: Circuit) -> None:
        self.handle = next(_HANDLES)
        self.width = circuit.width
        self._schedule = schedule(lower(circuit))
        self._on_device: dict[torch.device, DeviceSchedule] = {}

    @property
    def rows(self) -> int:
        return self._schedule.rows

    @property
    def roots(self) -> int:
        return len(self._schedule.roots)

    def on(self, device: torch.device) -> DeviceSchedule:
        found = self._on_device.get(device)
        if found is None:
            found = self._on_device.setdefault(device, on_device(self._schedule, device))
        return found


_HANDLES = count()
# An operation takes tensors and numbers only, so a circuit goes in by number. A plan lives as long as its
# circuit, or as a graph that has yet to run backward; nothing of it is stored with the circuit, which can be
# copied and pickled as it is.
_PLANS: WeakKeyDictionary[Circuit, _Plan] = WeakKeyDictionary()
_BY_HANDLE: WeakValueDictionary[int, _Plan] = WeakValueDictionary()


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def handle(circuit: Circuit) -> tuple[int, int]:
    """(number, width): by what operations know a circuit, in this process and while the circuit lives."""
    plan = _PLANS.get(circuit)
    if plan is None:
        plan = _PLANS.setdefault(circuit, _Plan(circuit))
        _BY_HANDLE[plan.handle] = plan
    return plan.handle, plan.width


@torch.library.custom_op("nesy::circuit_log", mutates_args=())
def circuit_log(inputs: Tensor, handle: int) -> tuple[Tensor, Tensor]:
    """(roots, values): the log-values of the roots, and all nodes' values as the backward pass wants them."""
    return _BY_HANDLE[handle].on(inputs.device).forward(inputs)


@circuit_log.register_fake
def _(inputs: Tensor, handle: int) -> tuple[Tensor, Tensor]:
    plan, batch = _BY_HANDLE[handle], inputs.shape[1]
    return inputs.new_empty(plan.roots, batch), inputs.new_empty(plan.rows, batch)


@torch.library.custom_op("nesy::circuit_log_backward", mutates_args=())
def circuit_log_backward(root_gradients: Tensor, values: Tensor, handle: int) -> Tensor:
    """(width, B), the gradient with respect to the inputs, from that with respect to the roots."""
    return _BY_HANDLE[handle].on(values.device).backward(root_gradients, values)


@circuit_log_backward.register_fake
def _(_: Tensor, values: Tensor, handle: int) -> Tensor:
    return values.new_empty(_BY_HANDLE[handle].width, values.shape[1])


def _save(ctx: Any, inputs: tuple[Tensor, int], output: tuple[Tensor, Tensor]) -> None:
    ctx.handle = inputs[1]
    ctx.plan = _BY_HANDLE[inputs[1]]  # keeps it alive until the graph is gone
    ctx.save_for_backward(output[1])
    ctx.set_materialize_grads(False)


def _differentiate(ctx: Any, root_gradients: Tensor | None, _: Tensor | None) -> tuple[Tensor | None, None]:
    if root_gradients is None:
        return None, None
    (values,) = ctx.saved_tensors
    return torch.ops.nesy.circuit_log_backward(root_gradients, values, ctx.handle), None


circuit_log.register_autograd(_differentiate, setup_context=_save)


def _columns(mapped: Tensor, dim: int | None, size: int) -> Tensor:
    """(rows, B) with a mapped dimension, or without one, as (rows, size * B)."""
    last = mapped.unsqueeze(1).expand(-1, size, -1) if dim is None else mapped.movedim(dim, 1)
    return last.reshape(last.shape[0], -1)


@circuit_log.register_vmap
def _(info: Any, in_dims: tuple[int | None, None], inputs: Tensor, handle: int) -> Any:
    size = info.batch_size
    roots, values = torch.ops.nesy.circuit_log(_columns(inputs, in_dims[0], size), handle)
    return (roots.unflatten(1, (size, -1)), values.unflatten(1, (size, -1))), (1, 1)


@circuit_log_backward.register_vmap
def _(
    info: Any,
    in_dims: tuple[int | None, int | None, None],
    root_gradients: Tensor,
    values: Tensor,
    handle: int,
) -> Any:
    size = info.batch_size
    gradients = _columns(root_gradients, in_dims[0], size)
    result = torch.ops.nesy.circuit_log_backward(gradients, _columns(values, in_dims[1], size), handle)
    return result.unflatten(1, (size, -1)), 1
