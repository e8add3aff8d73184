"""What worlds say of a batch: each event on its own, and one gradient for each example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.choosing import estimated
from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.estimating import binomial_error, log_share
from nesy.engines.sampling.terms import Terms, summed


@final
@dataclass(frozen=True)
class Totals:
    """Of E events of B examples, as in `Estimate`; gradients are those of the weighted sums of logarithms.

    log_probability, error, hits, effective: (E,). gradient: (B, V), in the beliefs. noise: (B,), the
    estimated mean square of what the gradient is off by, summed over values.
    """

    log_probability: FloatArray
    error: FloatArray
    hits: NDArray[np.int64]
    effective: FloatArray
    gradient: FloatArray
    noise: FloatArray


def totals_of(
    name: str, counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds
) -> tuple[Totals, str]:
    """What an estimator says of some terms, and which it was. name: of `ESTIMATORS`, or "auto".

    The score function weighs all of an example's events at once, world by world: its gradient is the sum of
    theirs, which are never held one by one.
    """
    if name == "reinforce":
        return _scored(counter, probabilities, terms, seeds), name
    found, used = estimated(name, counter, probabilities, terms, seeds)
    return Totals(
        found.log_probability,
        found.error,
        found.hits,
        found.effective,
        summed(terms, terms.factors[:, None] * found.scores),
        summed(terms, terms.factors**2 * found.noise),
    ), used


def _scored(counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds) -> Totals:
    """`reinforce`, with the gradients of each example's events added up."""
    found = counter.scores(probabilities, terms.events, terms.firsts, terms.factors, seeds)
    hits, blocks = found.hits.sum(axis=1), found.hits.shape[1]
    share = hits / counter.worlds
    noise = np.full(len(probabilities), np.nan)
    if blocks > 1:
        noise = found.parts.var(axis=1, ddof=1).sum(axis=1) / blocks
    error = binomial_error(share, counter.worlds)
    return Totals(log_share(share), error, hits, hits * 1.0, found.sums, noise)
