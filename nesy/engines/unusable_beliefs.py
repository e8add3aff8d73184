"""The errors of beliefs that are not there, and of those that are no numbers."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np

from nesy.errors import EngineError
from nesy.kernels.arrays import Array
from nesy.logic.program import Symbol


def needs_networks(symbol: Symbol, remedy: str) -> EngineError:
    """`EngineError` (needs-networks), at the symbol's place in the rules."""
    return EngineError(
        "needs-networks",
        f"the probability of {symbol.name} comes from a network",
        span=symbol.span,
        hint=remedy,
    )


def not_numbers() -> EngineError:
    """`EngineError` (invalid-beliefs): some of them are NaN."""
    return EngineError(
        "invalid-beliefs",
        "the beliefs contain NaN",
        hint="a network has diverged: lower its learning rate, or check its inputs",
    )


def require_numbers(beliefs: Array) -> None:
    """Raises `EngineError` (invalid-beliefs) where some beliefs are NaN or +inf.

    What torch traces, maps over, differentiates forward or captures into a graph cannot be looked at, and
    passes. Cost: one sum over the beliefs; on an accelerator also waiting for it.
    """
    if isinstance(beliefs, np.ndarray):
        _require_numbers(beliefs, np)
        return
    import torch  # noqa: PLC0415 - loaded already, as there is a tensor

    from nesy.kernels.torch_plain import is_plain  # noqa: PLC0415 - loads torch

    if is_plain(beliefs) and not (beliefs.is_cuda and torch.cuda.is_current_stream_capturing()):
        _require_numbers(beliefs.detach(), torch)


def _require_numbers(values: Array, xp: Any) -> None:
    # Summing is ten times as fast as looking for NaN. Where the sum is below +inf, all is well; it may also
    # be NaN because -inf and +inf met, so look again.
    with np.errstate(invalid="ignore"):
        if bool(values.sum() < inf):
            return
    if bool(xp.isnan(values).any()):
        raise not_numbers()
    if bool(xp.isposinf(values).any()):
        raise not_log_probabilities()


def not_log_probabilities() -> EngineError:
    """`EngineError` (invalid-beliefs): some of them are +infinity."""
    return EngineError(
        "invalid-beliefs",
        "the beliefs contain +inf, which is the logarithm of no probability",
        hint="-inf makes a value impossible; to make one certain, make the others impossible",
    )
