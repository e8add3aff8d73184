"""Between the arrays a caller gives, numpy or torch, and the worlds that a search finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nesy.engines.inference import Array
from nesy.engines.sat_search import IRRELEVANT, FloatArray, IntArray
from nesy.engines.unusable_beliefs import not_numbers
from nesy.kernels.arrays import namespace
from nesy.logic.program import GroundProgram


def as_numbers(beliefs: Array) -> FloatArray:
    """The values of (B, V) beliefs in float64. Raises `EngineError` (invalid-beliefs) for NaN."""
    values = beliefs if isinstance(beliefs, np.ndarray) else beliefs.detach().cpu().double().numpy()
    numbers = np.asarray(values, dtype=np.float64)
    if np.isnan(numbers).any():
        raise not_numbers()
    return numbers


def in_kind_of(beliefs: Array, answer: NDArray[np.generic]) -> Array:
    """A numpy answer as the kind of array that the beliefs are: numpy, or torch on their device."""
    if isinstance(beliefs, np.ndarray):
        return answer
    return namespace(beliefs).from_numpy(answer).to(beliefs.device)


def log_weights(beliefs: Array, worlds: Sequence[IntArray | None], program: GroundProgram) -> Array:
    """(B, K): for each world, the sum of the beliefs of its values; -inf where there is no world.

    beliefs: (B, V); worlds: K for each example, B * K in all. Irrelevant symbols count nothing.
    Gradient (torch): 1 at the values of the world, 0 elsewhere, also where beliefs are -inf.
    """
    shape = (len(beliefs), len(worlds) // len(beliefs), len(program.symbols))
    nothing = np.full(len(program.symbols), IRRELEVANT, dtype=np.int64)
    values = np.stack([nothing if world is None else world for world in worlds]).reshape(shape)
    missing = np.array([world is None for world in worlds]).reshape(shape[:2])
    columns = np.asarray(program.offsets[:-1], dtype=np.int64) + np.maximum(values, 0)
    flat = columns.reshape(len(beliefs), shape[1] * shape[2])
    if isinstance(beliefs, np.ndarray):
        picked = np.take_along_axis(beliefs, flat, axis=1).reshape(values.shape)
        return np.where(missing, -np.inf, np.where(values == IRRELEVANT, 0.0, picked).sum(axis=2))
    picked = beliefs.gather(1, in_kind_of(beliefs, flat)).reshape(values.shape)
    relevant = picked.masked_fill(in_kind_of(beliefs, values == IRRELEVANT), 0.0)
    return relevant.sum(dim=2).masked_fill(in_kind_of(beliefs, missing), -np.inf)
