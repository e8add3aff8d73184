"""What surrogates are asked: beliefs and targets, checked, on the CPU; and answers as they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from nesy.engines.inference import Array
from nesy.engines.surrogate.networks import TINY
from nesy.engines.unusable_beliefs import require_numbers
from nesy.engines.unusable_shapes import require_rows, require_values, require_width
from nesy.logic.program import GroundProgram, Output


@contextmanager
def in_full_precision() -> Iterator[None]:
    """No autocasting of what is computed within: surrogates answer in single precision. Cost: O(1)."""
    with torch.autocast("cpu", enabled=False):
        yield


@contextmanager
def learning() -> Iterator[None]:
    """Gradients can be taken within, in full precision, whatever mode the caller is in. Cost: O(1)."""
    with torch.inference_mode(mode=False), torch.enable_grad(), in_full_precision():
        yield


def beliefs_of(program: GroundProgram, array: Array) -> Tensor:
    """(B, V) beliefs as a tensor, where they are. Cost: O(B * V).

    Raises `ModelError` (wrong-shape), `EngineError` (invalid-beliefs).
    """
    require_width(array, program.width)
    found = array if isinstance(array, Tensor) else torch.from_numpy(np.ascontiguousarray(array))
    require_numbers(found)
    return found


def probabilities(beliefs: Tensor) -> Tensor:
    """(B, V): on the CPU, in single precision. Only what is impossible has probability 0. Cost: O(B * V)."""
    logs = beliefs.cpu().float()
    # Only -inf is impossible: what is merely improbable must not become so by rounding.
    return torch.where(logs == -torch.inf, 0.0, logs.exp().clamp_min(TINY))


def targets_of(outputs: Sequence[Output], targets: Array, beliefs: Tensor) -> Tensor:
    """(B, m) int64 on the CPU. Cost: O(B * m).

    Raises `ModelError` (wrong-shape), `EngineError` (target-out-of-range).
    """
    found = targets.detach().cpu() if isinstance(targets, Tensor) else torch.from_numpy(np.asarray(targets))
    require_rows(outputs, beliefs, found)
    require_values(outputs, found)
    return found.long()


def like(beliefs: Array, answer: Tensor) -> Array:
    """An answer as the kind of array that beliefs were given as. Cost: O(1)."""
    return answer if isinstance(beliefs, Tensor) else answer.detach().numpy()
