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
"""How far a row of probabilities may be from summing to 1: room for half precision, not for logits."""


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
    """A network that returns logits. The advice for new work: one log-softmax, no precision lost."""
    return Network(module, Scale.LOGITS)


def log_probs(module: nn.Module) -> Network:
    """A network that returns normalised log-probabilities (it ends in a log-softmax)."""
    return Network(module, Scale.LOG_PROBS)


def as_network(module: nn.Module | Network) -> Network:
    """A bare module is taken to return probabilities, as DeepProbLog's do."""
    return module if isinstance(module, Network) else Network(module, Scale.PROBABILITIES)


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
    found = _at_least_float32(found)
    if scale is Scale.LOGITS:
        return functional.log_softmax(found, dim=1)
    if scale is Scale.LOG_PROBS:
        if check:
            _check_rows(name, found.exp(), scale)
        return found
    if check:
        _check_rows(name, found, scale)
    return _log(found)


def binary(name: str, scale: Scale, found: Tensor, rows: int, *, check: bool) -> Tensor:
    """(rows, 2) log-probabilities of (false, true) from a network that returned one number per row."""
    if found.numel() != rows:
        raise ModelError(
            "network-output",
            f"network {name!r} returned shape {tuple(found.shape)}, expected ({rows},) or ({rows}, 1)",
            hint="nn/2 takes the probability that the atom is true: one number for each input",
        )
    found = _at_least_float32(found.reshape(rows, 1))
    if scale is Scale.LOGITS:
        return torch.cat([functional.logsigmoid(-found), functional.logsigmoid(found)], dim=1)
    if scale is Scale.LOG_PROBS:
        # log(1 - exp(x)), in the form that keeps precision near x = 0.
        return torch.cat([torch.log(-torch.expm1(found)), found], dim=1)
    both = torch.cat([1.0 - found, found], dim=1)
    if check:
        _check_rows(name, both, scale)
    return _log(both)


def _at_least_float32(found: Tensor) -> Tensor:
    return found.float() if found.dtype in (torch.float16, torch.bfloat16) else found


def _log(probabilities: Tensor) -> Tensor:
    """The logarithm, with gradient 0 where a probability is exactly 0 (in place of infinity)."""
    zero = probabilities <= 0
    return probabilities.masked_fill(zero, 1.0).log().masked_fill(zero, -float("inf"))


def _check_rows(name: str, rows: Tensor, scale: Scale) -> None:
    sums = rows.detach().sum(dim=1)
    wrong = (rows.detach() < 0).any(dim=1) | ~((sums - 1).abs() <= TOLERANCE)
    if bool(wrong.any()):
        row = int(wrong.nonzero()[0, 0])
        raise ModelError(
            "not-a-distribution",
            f"network {name!r} is taken to return {scale.value}, but its row {row} "
            f"has minimum {float(rows[row].min()):.4g} and sum {float(sums[row]):.4g}",
            hint=f"end it in a softmax, or say what it returns: nesy.logits({name}) or nesy.log_probs({name})",
        )
