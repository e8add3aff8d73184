"""The torch kernel: circuits in log space as one differentiable operation, `nesy::circuit_log`."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

import torch
from torch import Tensor
from torch.autograd import forward_ad

from nesy.circuit.circuit import Circuit
from nesy.errors import ModelError
from nesy.kernels import backends
from nesy.kernels.shapes import check_inputs
from nesy.kernels.torch_functions import columns_of, mapped_of, values_of
from nesy.kernels.torch_plain import is_plain
from nesy.kernels.torch_plans import Plan

_HALVES = (torch.float16, torch.bfloat16)


def is_tensor(value: object) -> bool:
    """Whether a value is a torch tensor."""
    return isinstance(value, Tensor)


def evaluate(circuit: Circuit, inputs: Tensor, backend: str | None = None) -> Tensor:
    """The log-values of a circuit's roots.

    inputs: (circuit.width, B), log-weights in nats, float32 or float64, any device; -inf is false, and so
    is everything below -1e25. float16 and bfloat16 are refused; where autocast is active for their
    device they are taken to float32, for log-weights have no place in 16 bits.
    backend: what `dispatch.evaluate` takes.
    Returns (R, B) in the dtype and on the device of inputs; -inf is false; never NaN for inputs below
    +inf.
    Gradient: exact and analytic, from one pass down; 0 at and below every node that is -inf. On the CPU
    all is computed in float64, whatever the dtype of inputs. To `torch` a share of a sum below 2^-900
    (2^-100 where it computes in float32) counts as 0.
    Works under autocast (in float32 or float64), `torch.compile` and `torch.export` (as one operation, and
    without derivatives beyond the first gradient), `torch.func` (`vmap`, `grad`, `jvp` and all made of
    them), forward-mode differentiation, and gradients of gradients.
    Raises `ModelError`: wrong-shape, unsupported-dtype, unknown-backend, unusable-backend.
    Cost: O(edges * B) time forward and backward. `torch` and `triton` hold a value per stored node from
    forward to backward, (rows, B), and `torch` during the backward pass a message per term of a sum;
    `numba` holds the inputs. Tangents, and gradients of gradients, take several times as long and hold a
    value per edge. The first call on a circuit and device lays it out, O(edges).
    """
    number, width, _ = handle(circuit, inputs.device.type, backend)
    check_inputs(width, inputs.shape)
    inputs = _floating(inputs)
    if torch.compiler.is_compiling():
        roots: Tensor = torch.ops.nesy.circuit_log(inputs, number)[0]
        return roots
    plan = _BY_HANDLE[number]
    passes = plan.on(inputs.device)
    if plan.on_plain is not None and is_plain(inputs):
        return plan.on_plain(inputs, passes)
    return values_of(inputs, passes)


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


# An operation takes tensors and numbers only, so a circuit goes in by number. A plan lives as long as a
# circuit of its content, or as a graph that has yet to run backward; nothing of it is stored with the
# circuit, which can be copied and pickled as it is.
_PLANS: WeakKeyDictionary[Circuit, dict[tuple[str, str | None], Plan]] = WeakKeyDictionary()
_BY_HANDLE: WeakValueDictionary[int, Plan] = WeakValueDictionary()


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def handle(circuit: Circuit, device: str = "cpu", backend: str | None = None) -> tuple[int, int, str]:
    """(number, width, backend): by what operations know a circuit, and the backend chosen for a device.

    The number says what the circuit holds, so that it means the same circuit, or nothing, in any process.
    Raises `ModelError` as `evaluate` does. Cost: a hash of the circuit, once.
    """
    _refuse_traced_derivatives()
    plans = _PLANS.setdefault(circuit, {})
    plan = plans.get((device, backend))
    if plan is None:
        chosen = backends.for_tensors(circuit, device, backend)
        number = _number(circuit, chosen)
        plan = _BY_HANDLE.get(number) or Plan(circuit, chosen, number)
        plan = plans.setdefault((device, backend), plan)
        _BY_HANDLE[plan.handle] = plan
    return plan.handle, plan.width, plan.backend


def _refuse_traced_derivatives() -> None:
    """While torch traces: raise `ModelError` (untraceable-derivative) inside `torch.func.grad` and its like.

    To a tracer a circuit is one operation, which torch does not differentiate there, or only to nothing.
    """
    if not torch.compiler.is_compiling():
        return
    forward = forward_ad._current_level >= 0
    stack = torch._C._functorch.get_interpreter_stack() or ()
    vmap = torch._C._functorch.TransformType.Vmap
    if forward or any(interpreter.key() != vmap for interpreter in stack):
        raise ModelError(
            "untraceable-derivative",
            "torch.func.grad and jvp, and what is made of them, do not differentiate circuits inside "
            "torch.compile",
            hint="leave out torch.compile around it, or use .backward() or torch.autograd.grad",
        )


def _number(circuit: Circuit, backend: str) -> int:
    """63 bits of a cryptographic hash of a circuit's content and a backend."""
    found = blake2b(backend.encode(), digest_size=8)
    arrays = (circuit.kinds, circuit.columns, circuit.offsets, circuit.children, circuit.roots)
    for array in (*arrays, circuit.domains):
        found.update(len(array).to_bytes(8, "little"))
        found.update(array.tobytes())
    return int.from_bytes(found.digest(), "little") >> 1


def _plan(number: int) -> Plan:
    plan = _BY_HANDLE.get(number)
    if plan is None:
        raise ModelError(
            "unknown-circuit",
            "a traced or exported program evaluates a circuit that is not in this process",
            hint="load the circuit first, hold on to it, and evaluate it once",
        )
    return plan


@torch.library.custom_op("nesy::circuit_log", mutates_args=())
def circuit_log(inputs: Tensor, handle: int) -> tuple[Tensor, Tensor]:
    """(roots, kept): the log-values of the roots, and what the backward pass wants."""
    return _plan(handle).on(inputs.device).passes.forward(inputs)


@circuit_log.register_fake
def _(inputs: Tensor, handle: int) -> tuple[Tensor, Tensor]:
    plan, batch = _plan(handle), inputs.shape[1]
    kept = inputs.new_empty(plan.rows, batch, dtype=plan.kept_dtype(inputs))
    return inputs.new_empty(plan.roots, batch), kept


@torch.library.custom_op("nesy::circuit_log_backward", mutates_args=())
def circuit_log_backward(root_gradients: Tensor, kept: Tensor, handle: int) -> Tensor:
    """(width, B), the gradient with respect to the inputs, from that with respect to the roots."""
    return _plan(handle).on(kept.device).passes.backward(root_gradients, kept)


@circuit_log_backward.register_fake
def _(root_gradients: Tensor, kept: Tensor, handle: int) -> Tensor:
    return root_gradients.new_empty(_plan(handle).width, kept.shape[1])


def _save(ctx: Any, inputs: tuple[Tensor, int], output: tuple[Tensor, Tensor]) -> None:
    ctx.handle = inputs[1]
    ctx.plan = _plan(inputs[1])  # keeps it alive until the graph is gone
    ctx.save_for_backward(output[1])
    ctx.set_materialize_grads(False)


def _differentiate(ctx: Any, root_gradients: Tensor | None, _: Tensor | None) -> tuple[Tensor | None, None]:
    if root_gradients is None:
        return None, None
    (kept,) = ctx.saved_tensors
    return torch.ops.nesy.circuit_log_backward(root_gradients, kept, ctx.handle), None


circuit_log.register_autograd(_differentiate, setup_context=_save)


@circuit_log.register_vmap
def _(info: Any, in_dims: tuple[int | None, None], inputs: Tensor, handle: int) -> Any:
    size = info.batch_size
    roots, kept = torch.ops.nesy.circuit_log(columns_of(inputs, in_dims[0], size), handle)
    return (mapped_of(roots, size), mapped_of(kept, size)), (1, 1)


@circuit_log_backward.register_vmap
def _(
    info: Any,
    in_dims: tuple[int | None, int | None, None],
    root_gradients: Tensor,
    kept: Tensor,
    handle: int,
) -> Any:
    size = info.batch_size
    gradients = columns_of(root_gradients, in_dims[0], size)
    result = torch.ops.nesy.circuit_log_backward(gradients, columns_of(kept, in_dims[1], size), handle)
    return mapped_of(result, size), 1
