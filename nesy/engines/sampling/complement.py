"""Events that are best estimated by what they leave out: one minus the probability of the opposite.

That something is wrong somewhere has no small parts, and happens nearly always; that all is right falls apart
into small parts, and its probability is found by guided draws. What the beliefs move in the one they move in
the other, with the sign turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.estimates import Estimate

MOST = 0.5
"""The largest share of the rest that the opposite may have: beyond, too little is left of the difference."""


@final
@dataclass(frozen=True)
class Split:
    """An event as a difference: `rest` without those worlds in which `opposite` holds.

    Both are indices into the estimates that `differences` is given; rest is -1 where it is all worlds.
    """

    event: int
    rest: int
    opposite: int


def differences(splits: Sequence[Split], found: Estimate, samples: int) -> tuple[Estimate, NDArray[np.bool_]]:
    """The estimates of split events, and (splits,) bool, for which of them the difference is large enough.

    found: estimates of rests and opposites, each from draws of its own. samples: stands for the hits of all
    worlds.
    """
    opposite = np.array([split.opposite for split in splits], dtype=np.int64)
    rest = np.array([split.rest for split in splits], dtype=np.int64)
    whole = rest < 0
    # Where the rest is all worlds its probability is 1, whatever the beliefs.
    rest = np.where(whole, 0, rest)
    logs = np.where(whole, 0.0, found.log_probability[rest])
    with np.errstate(invalid="ignore"):
        share = np.where(np.isneginf(logs), np.inf, np.exp(found.log_probability[opposite] - logs))
    usable = share <= MOST
    share = np.where(usable, share, 0.0)
    left = 1.0 - share
    known = ~whole & np.isfinite(logs)
    ratio = share / left
    error = np.where(known, found.error[rest], 0.0) / left
    against = np.where(share > 0, found.error[opposite], 0.0) * ratio
    made = Estimate(
        logs + np.log(left),
        np.hypot(error, against),
        (np.where(known[:, None], found.scores[rest], 0.0) - share[:, None] * found.scores[opposite])
        / left[:, None],
        np.where(known, found.noise[rest], 0.0) / left**2 + found.noise[opposite] * ratio**2,
        np.where(whole, samples, found.hits[rest]),
        np.where(whole, samples, found.effective[rest]),
    )
    return made, usable
