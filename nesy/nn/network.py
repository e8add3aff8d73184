"""A network and what its numbers mean: probabilities, logits, or log-probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import final

import torch
from torch import Tensor, nn
from torch.nn import functional

from nesy.errors import ModelError

TOLERANCE = 1e-3
"""How far a row of probabilities may be from summing to 1; more where 16 bits cannot do better."""


class Scale(Enum):
    """What a network returns."""

    PROBABILITIES = "probabilities"
    LOGITS = "logits"
    LOG_PROBS = "log-probabilities"


@final
@dataclass(frozen=True, eq=False)
class Network:
    """A module and the scale of what it returns; made by `logits` and `log_probs`."""

    module: nn.Module
    scale: Scale


def logits(module: nn.Module) -> Network:
    """A network that returns logits. The advice for new work: one log-softmax, no precision lost.

    Cost: none.
    """
    return Network(module, Scale.LOGITS)


def log_probs(module: nn.Module) -> Network:
    """A network that returns normalised log-probabilities (it ends in a log-softmax). Cost: none."""
    return Network(module, Scale.LOG_PROBS)


def as_network(name: str, given: nn.Module | Network) -> Network:
    """A bare module is taken to return probabilities, as DeepProbLog's do.

    Raises `ModelError` (not-a-module).
    """
    network = given if isinstance(given, Network) else Network(given, Scale.PROBABILITIES)
    module: object = network.module
    if not isinstance(module, nn.Module):
        shown = f"the class {module.__name__}" if isinstance(module, type) else f"a {type(module).__name__}"
        raise ModelError(
            "not-a-module",
            f"the network {name} is {shown}, expected a torch.nn.Module",
            hint="give an instance, not a class; put a function into the forward of a module",
        )
    return network


def categorical(name: str, scale: Scale, found: Tensor, values: int, *, check: bool) -> Tensor:
    """(rows, values) log-probabilities, in nats, at least float32, from what a network returned.

    Two-valued symbols of `nn/2` go through `binary`. With `check`, rows are verified to be
    distributions. Raises `ModelError` (network-output, not-a-distribution).
    """
    if found.ndim != 2 or found.shape[1] != values:
        raise ModelError(
            "network-output",
            f"network {name!r} returned shape {tuple(found.shape)}, expected (rows, {values})",
            hint=f"its symbol has {values} values: let the last layer give one number for each",
        )
    _check_floating(name, found)
    room = _room(found.dtype)
    found = _at_least_float32(found)
    if scale is Scale.LOGITS:
        return functional.log_softmax(found, dim=1)
    if check:
        _check_rows(name, found.detach(), scale, room)
    return _log(found) if scale is Scale.PROBABILITIES else found


def binary(name: str, scale: Scale, found: Tensor, rows: int, *, check: bool) -> Tensor:
    """(rows, 2) log-probabilities of (false, true) from a network that returned one number per row.

    With `check`, the numbers are verified to be probabilities. Raises as `categorical` does.
    """
    if found.numel() != rows:
        raise ModelError(
            "network-output",
            f"network {name!r} returned shape {tuple(found.shape)}, expected ({rows},) or ({rows}, 1)",
            hint="nn/2 takes the probability that the atom is true: one number for each input",
        )
    _check_floating(name, found)
    room = _room(found.dtype)
    found = _at_least_float32(found.reshape(rows, 1))
    if scale is Scale.LOGITS:
        return torch.cat([functional.logsigmoid(-found), functional.logsigmoid(found)], dim=1)
    if check:
        _check_truths(name, found.detach(), scale, room)
    if scale is Scale.LOG_PROBS:
        return torch.cat([_log_of_rest(found), found], dim=1)
    return _log(torch.cat([1.0 - found, found], dim=1))


def _at_least_float32(found: Tensor) -> Tensor:
    return found.to(torch.promote_types(found.dtype, torch.float32))


def _check_floating(name: str, found: Tensor) -> None:
    if not found.is_floating_point():
        raise ModelError(
            "network-output",
            f"network {name!r} returned numbers of {found.dtype}, expected floating-point numbers",
            hint="convert them in the network, with .float()",
        )


def _log(probabilities: Tensor) -> Tensor:
    """The logarithm, with gradient 0 where a probability is exactly 0 (in place of infinity)."""
    zero = probabilities <= 0
    return probabilities.masked_fill(zero, 1.0).log().masked_fill(zero, -float("inf"))


def _log_of_rest(logs: Tensor) -> Tensor:
    """log(1 - exp(x)), precise near x = 0; -inf with gradient 0 where x is 0, or above by rounding."""
    certain = logs >= 0
    return torch.log(-torch.expm1(logs.masked_fill(certain, -1.0))).masked_fill(certain, -float("inf"))


def _room(dtype: torch.dtype) -> float:
    """How far rounding to a dtype may take the sum of a row of probabilities from 1."""
    return max(TOLERANCE, 2 * torch.finfo(dtype).eps)


def _check_rows(name: str, found: Tensor, scale: Scale, room: float) -> None:
    rows = found.exp() if scale is Scale.LOG_PROBS else found
    sums = rows.sum(dim=1)
    wrong = (rows < 0).any(dim=1) | ~((sums - 1).abs() <= room)
    if bool(wrong.any()):
        row = int(wrong.nonzero()[0, 0])
        what = "the exponential of row" if scale is Scale.LOG_PROBS else "row"
        shown = f"{what} {row} has minimum {float(rows[row].min()):.4g} and sum {float(sums[row]):.4g}"
        raise _not_a_distribution(name, scale, shown, "softmax")


def _check_truths(name: str, found: Tensor, scale: Scale, room: float) -> None:
    rows = found.exp() if scale is Scale.LOG_PROBS else found
    wrong = ~((rows >= 0) & (rows <= 1 + room))
    if bool(wrong.any()):
        row = int(wrong.nonzero()[0, 0])
        raise _not_a_distribution(name, scale, f"row {row} is {float(found[row, 0]):.4g}", "sigmoid")


def _not_a_distribution(name: str, scale: Scale, shown: str, last: str) -> ModelError:
    last = f"log-{last}" if scale is Scale.LOG_PROBS else last
    others = [s for s in ("logits", "log_probs") if s != scale.name.lower()]
    calls = " or ".join(f"nesy.{other}(module)" for other in others)
    return ModelError(
        "not-a-distribution",
        f"network {name!r} is taken to return {scale.value}, but {shown}",
        hint=f"end it in a {last}, or say what it returns: {calls}",
    )
