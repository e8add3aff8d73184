"""What draws tell about themselves: whether there were hits, and how far gradients may be off."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.terms import Terms, summed
from nesy.engines.sampling.totals import Totals


class NoHitsWarning(UserWarning):
    """No sampled world gives some examples what is asked for: it moves nothing.

    In `loss` it counts as half a hit; in `log_prob` and `marginals` it is -inf, and the warning comes where a
    gradient is asked for.
    """


@final
@dataclass(frozen=True)
class Diagnostics:
    """Of one call of `loss`, on a batch of B examples.

    likelihood: "joint" or "per-output": which probabilities were estimated. estimator: how; "mixed" where
    events of the batch were estimated in different ways.
    samples: the worlds behind each event, about.
    hits: (B,), the fewest worlds behind any of an example's observed events; 0 is an event without a hit.
    effective_sample_size: (B,), the smallest of an example's observed events.
    standard_error: (B,), of the estimated log-likelihood.
    gradient_variance: (B,), the estimated mean square error of the gradient in the beliefs, over all values;
    NaN where there are too few samples to say.
    gradient_square: (B,), the square of that gradient's length: their ratio is noise over signal.
    """

    likelihood: str
    estimator: str
    samples: int
    hits: NDArray[np.int64]
    effective_sample_size: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    gradient_variance: NDArray[np.float64]
    gradient_square: NDArray[np.float64]

    @property
    def without_hits(self) -> int:
        """How many examples have an event that no world hit."""
        return int((self.hits == 0).sum())


def fewest(terms: Terms, values: NDArray[np.float64], otherwise: float) -> NDArray[np.float64]:
    """(B,): the smallest of (E,) values among the observed events of each example."""
    found = np.full(len(terms.firsts) - 1, otherwise)
    np.minimum.at(found, terms.examples[terms.observed], values[terms.observed])
    return found


def diagnosed(terms: Terms, totals: Totals, samples: int, likelihood: str, estimator: str) -> Diagnostics:
    """What worlds tell of themselves, from what they say of a batch's terms."""
    hit = totals.log_probability > -np.inf
    return Diagnostics(
        likelihood,
        estimator,
        samples,
        fewest(terms, totals.hits.astype(np.float64), samples).astype(np.int64),
        fewest(terms, totals.effective, samples),
        np.sqrt(summed(terms, terms.factors**2 * np.where(hit, totals.error, np.inf) ** 2)),
        totals.noise,
        (totals.gradient**2).sum(axis=1),
    )


def warn_of_misses(found: Diagnostics) -> None:
    """`NoHitsWarning` where an example has an event that no world hit, with what to do about it."""
    if not found.without_hits:
        return
    first = int(np.flatnonzero(found.hits == 0)[0])
    other = "" if found.estimator in ("mixed", "importance") else "take estimator='auto', "
    warnings.warn(
        f"{found.without_hits} of {len(found.hits)} examples, the first of them {first}: no sampled world"
        " gives what was observed, so that it moves nothing;"
        f" {other}raise samples, or use the engine 'exact' or 'sat'",
        NoHitsWarning,
        stacklevel=4,
    )


def warn_of_unmoved(missed: NDArray[np.bool_]) -> None:
    """`NoHitsWarning` where a gradient is asked for in (B,) examples that no world hit."""
    if missed.any():
        warnings.warn(
            f"{int(missed.sum())} of {len(missed)} examples, the first of them {int(missed.argmax())}: no"
            " sampled world gives a value that is to become more or less probable, so that it moves nothing;"
            " raise samples, train on the engine's own loss, or use the engine 'exact'",
            NoHitsWarning,
            stacklevel=3,
        )
