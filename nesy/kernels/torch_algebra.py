"""Circuits in algebras, and the connectives of fuzzy logics, on torch tensors: differentiable."""

from __future__ import annotations

from math import inf
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from nesy.algebra import Algebra, FuzzyLogic
from nesy.circuit.circuit import Circuit, IntArray
from nesy.errors import ModelError
from nesy.kernels import torch_log
from nesy.kernels.machines import machine_of
from nesy.kernels.ragged import Binary, Machine
from nesy.kernels.shapes import check_elements

Pair = tuple[Binary, Binary]


def is_tensor(value: object) -> bool:
    """Whether a value is a torch tensor."""
    return isinstance(value, Tensor)


def evaluate_in(circuit: Circuit, inputs: Tensor, algebra: Algebra) -> Tensor:
    """The values of the roots, in an algebra: see `nesy.kernels.layered.evaluate_in`.

    inputs: (circuit.width, B, *algebra.element_shape), floating (bool for `boolean`), on any device.
    Returns (R, B, *algebra.element_shape) in the dtype and on the device of inputs.
    Gradient: exact. Where several choices are equally good (`max-product`, `max-log`, `tropical`, `max-min`,
    `top-K`), a subgradient: a mean of the gradients that the choices would have alone. In `log`, `max-log`
    and `tropical` it is exactly 0 at and below what is impossible (-inf; in `tropical` +inf), never NaN.
    Raises `ModelError` (unsupported-algebra, wrong-shape).
    Cost: O(edges * B) operations on values; keeps them all where a gradient is wanted. `log` takes the
    kernels of `nesy.kernels.evaluate`, which are faster.
    """
    check_elements(circuit.width, algebra.element_shape, inputs.shape)
    if algebra.name == "log":
        return torch_log.evaluate(circuit, inputs)
    plus, times = _operations(algebra)
    rows = [inputs]
    for constant in (algebra.zero, algebra.one):
        row = torch.tensor(constant, dtype=inputs.dtype, device=inputs.device)
        rows.append(row.expand(1, *inputs.shape[1:]))
    machine = _placed(circuit, inputs.device)
    found: Tensor = machine.run(torch.cat(rows), times, plus)
    # What is impossible is never the best of what is not, so a gradient meets it at the roots only.
    dead = _DEAD.get(algebra.name)
    return found if dead is None else torch.where(found == dead, dead, found)


def elements(beliefs: Tensor, algebra: Algebra) -> Tensor:
    """What log-probabilities are in a built-in algebra: its `from_probability` on tensors, differentiable.

    beliefs: (V, B), in nats, floating; -inf is impossible. Returns (V, B, *algebra.element_shape).
    Gradient: exact; at -inf it is 0 (but in `log`, `max-log` and `tropical`, which keep logarithms, 1 or -1).
    Raises `ModelError` (unsupported-algebra). Cost: O(V * B).
    """
    if algebra.name in ("log", "max-log"):
        return beliefs
    if algebra.name == "tropical":
        return -beliefs
    p = beliefs.exp()
    if algebra.name in ("real", "max-product", "max-min"):
        return p
    if algebra.name == "entropy":
        # Of what is impossible p log p is 0, and so is its derivative.
        return torch.stack([p, -p * torch.where(beliefs == -inf, 0.0, beliefs)], -1)
    if algebra.name in ("dual", "expectation") or _is_top(algebra):
        rest = p.new_zeros(*p.shape, algebra.element_shape[0] - 1)
        return torch.cat([p.unsqueeze(-1), rest], -1)
    raise _unsupported(algebra.name)


def evaluate_formulas(machine: Machine, degrees: Tensor, logic: FuzzyLogic) -> Tensor:
    """What a machine on the device of `degrees` gives from them and the degrees of false and true.

    Raises `ModelError` (unsupported-algebra). Cost: see `nesy.kernels.formulas`.
    """
    found = logic.tensors or _LOGICS.get(logic.name)
    if found is None:
        raise _unsupported(logic.name)
    constants = degrees.new_tensor([[0.0], [1.0]]).expand(2, degrees.shape[1])
    answer: Tensor = machine.run(torch.cat([degrees, constants]), found[0], found[1], logic.negation)
    return answer


def placed(machine: Machine, device: torch.device) -> Machine:
    """A machine with its indices on a device. Cost: a copy of them."""

    def tensor(indices: IntArray) -> Tensor:
        return torch.from_numpy(indices).to(device)

    return machine.placed(tensor)


def _operations(algebra: Algebra) -> Pair:
    if algebra.tensors is not None:
        return algebra.tensors
    if _is_top(algebra):
        return _best(algebra.element_shape[0])
    found = _TABLE.get(algebra.name)
    if found is None:
        raise _unsupported(algebra.name)
    return found


def _is_top(algebra: Algebra) -> bool:
    return bool(algebra.element_shape) and algebra.name == f"top-{algebra.element_shape[0]}"


def _unsupported(name: str) -> ModelError:
    return ModelError(
        "unsupported-algebra",
        f"{name!r} has no operations on torch tensors",
        hint="give it a pair of them, tensors=(plus, times), or evaluate numpy arrays",
    )


def _pair_times(a: Tensor, b: Tensor) -> Tensor:
    p, q = a[..., 0], b[..., 0]
    return torch.stack([p * q, p * b[..., 1] + a[..., 1] * q], -1)


def _best(k: int) -> Pair:
    def plus(a: Tensor, b: Tensor) -> Tensor:
        return torch.cat([a, b], -1).topk(k, -1).values

    def times(a: Tensor, b: Tensor) -> Tensor:
        return (a.unsqueeze(-1) * b.unsqueeze(-2)).flatten(-2).topk(k, -1).values

    return plus, times


def _either(a: Tensor, b: Tensor) -> Tensor:
    return a + b * (1.0 - a)


def _both_at_least(a: Tensor, b: Tensor) -> Tensor:
    return torch.clamp(a + b - 1.0, min=0.0)


def _at_most_one(a: Tensor, b: Tensor) -> Tensor:
    return torch.clamp(a + b, max=1.0)


_PAIRS: Pair = (torch.add, _pair_times)

_TABLE: dict[str, Pair] = {
    "real": (torch.add, torch.mul),
    "max-product": (torch.maximum, torch.mul),
    "max-log": (torch.maximum, torch.add),
    "tropical": (torch.minimum, torch.add),
    "max-min": (torch.maximum, torch.minimum),
    "boolean": (torch.logical_or, torch.logical_and),
    "dual": _PAIRS,
    "expectation": _PAIRS,
    "entropy": _PAIRS,
}

_LOGICS: dict[str, Pair] = {
    "godel": (torch.minimum, torch.maximum),
    "product": (torch.mul, _either),
    "lukasiewicz": (_both_at_least, _at_most_one),
    "possibilistic": (torch.minimum, torch.maximum),
}

_DEAD = {"max-log": -inf, "tropical": inf}

_PLACED: WeakKeyDictionary[Circuit, dict[torch.device, Machine]] = WeakKeyDictionary()


def _placed(circuit: Circuit, device: torch.device) -> Machine:
    by_device = _PLACED.setdefault(circuit, {})
    if device not in by_device:
        by_device[device] = placed(machine_of(circuit), device)
    return by_device[device]
