"""What worlds say of events: an estimate, how far it may be off, and where its gradient points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@final
@dataclass(frozen=True)
class Estimate:
    """For each of E events, what worlds say of it.

    log_probability: (E,), nats, -inf where no world hit. error: (E,), its standard error, relative to the
    probability. scores: (E, V), the estimated gradient of the log-probability in the beliefs, 0 without a
    hit.
    noise: (E,), the estimated mean square of what scores are off by, summed over values.
    hits: (E,), worlds in which the event holds. effective: (E,), the effective sample size behind the scores.
    """

    log_probability: FloatArray
    error: FloatArray
    scores: FloatArray
    noise: FloatArray
    hits: NDArray[np.int64]
    effective: FloatArray


def joined(parts: Sequence[Estimate], like: FloatArray) -> Estimate:
    """One estimate of all events of several. like: (any, V), for where there is none."""
    empty = np.zeros(0)
    nothing = Estimate(empty, empty, np.zeros((0, like.shape[1])), empty, empty.astype(np.int64), empty)
    columns = zip(*(vars(part).values() for part in [nothing, *parts]), strict=True)
    return Estimate(*(np.concatenate(column) for column in columns))


def single(
    log_probability: float, error: float, scores: FloatArray, noise: float, hits: int, effective: float
) -> Estimate:
    """The estimate of one event."""
    columns = [np.array([x]) for x in (log_probability, error, noise, effective)]
    return Estimate(columns[0], columns[1], scores[None], columns[2], np.array([hits]), columns[3])


def picked(estimate: Estimate, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Estimate:
    """Some of the events, or all in another order."""
    return Estimate(*(column[chosen] for column in vars(estimate).values()))


def replaced(estimate: Estimate, chosen: NDArray[np.int64] | NDArray[np.bool_], by: Estimate) -> Estimate:
    """The same, with other estimates of some events."""
    columns = [column.copy() for column in vars(estimate).values()]
    for column, better in zip(columns, vars(by).values(), strict=True):
        column[chosen] = better
    return Estimate(*columns)
