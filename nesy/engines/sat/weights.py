"""Between the arrays a caller gives, numpy or torch, and the worlds that a search finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nesy.engines.inference import Array
from nesy.engines.sat.costs import FloatArray, IntArray
from nesy.engines.sat.encoded import IRRELEVANT
from nesy.engines.sat.search import Found
from nesy.engines.unusable_beliefs import not_log_probabilities, not_numbers
from nesy.kernels.arrays import namespace


def as_numbers(beliefs: Array) -> FloatArray:
    """The values of (B, V) beliefs in float64. Raises `EngineError` (invalid-beliefs) for NaN and +inf."""
    values = beliefs if isinstance(beliefs, np.ndarray) else beliefs.detach().cpu().double().numpy()
    numbers = np.asarray(values, dtype=np.float64)
    if np.isnan(numbers).any():
        raise not_numbers()
    if np.isposinf(numbers).any():
        raise not_log_probabilities()
    return numbers


def in_kind_of(beliefs: Array, answer: NDArray[np.generic]) -> Array:
    """A numpy answer as the kind of array that the beliefs are: numpy, or torch on their device."""
    if isinstance(beliefs, np.ndarray):
        return answer
    return namespace(beliefs).from_numpy(answer).to(beliefs.device)


def stacked(
    found: Sequence[Found], worlds: int, batch: int, symbols: int
) -> tuple[IntArray, NDArray[np.bool_]]:
    """The worlds of all questions, Q for each of B examples, so many places for each.

    Returns (B, Q * worlds, n) values, and (B, Q * worlds) where there is no world.
    """
    values = np.full((len(found), worlds, symbols), IRRELEVANT, dtype=np.int64)
    missing = np.ones((len(found), worlds), dtype=np.bool_)
    for number, answer in enumerate(found):
        if answer.worlds:
            values[number, : len(answer.worlds)] = answer.worlds
            missing[number, : len(answer.worlds)] = False
    places = worlds * (len(found) // batch if batch else 1)
    return values.reshape(batch, places, symbols), missing.reshape(batch, places)


def log_weights(
    beliefs: Array, values: IntArray, missing: NDArray[np.bool_], offsets: Sequence[int]
) -> Array:
    """(B, K): for each world, the sum of the beliefs of its values; -inf where there is no world.

    beliefs: (B, V); values: (B, K, n), irrelevant symbols count nothing; missing: (B, K).
    Gradient (torch): 1 at the values of the world, 0 elsewhere, also where beliefs are -inf.
    """
    columns = np.asarray(offsets[:-1], dtype=np.int64) + np.maximum(values, 0)
    flat = columns.reshape(len(values), values.shape[1] * values.shape[2])
    if isinstance(beliefs, np.ndarray):
        picked = np.take_along_axis(beliefs, flat, axis=1).reshape(values.shape)
        return np.where(missing, -np.inf, np.where(values == IRRELEVANT, 0.0, picked).sum(axis=2))
    picked = beliefs.gather(1, in_kind_of(beliefs, flat)).reshape(values.shape)
    relevant = picked.masked_fill(in_kind_of(beliefs, values == IRRELEVANT), 0.0)
    return relevant.sum(dim=2).masked_fill(in_kind_of(beliefs, missing), -np.inf)


def log_sum(logs: Array) -> Array:
    """The log of the sum over the last axis; -inf, with gradient 0, where there is nothing but -inf."""
    if logs.shape[-1] == 1:
        return logs[..., 0]
    if isinstance(logs, np.ndarray):
        return np.logaddexp.reduce(logs, axis=-1)
    nothing = (logs == -np.inf).all(dim=-1)
    summed = logs.masked_fill(nothing[..., None], 0.0).logsumexp(dim=-1)
    return summed.masked_fill(nothing, -np.inf)
