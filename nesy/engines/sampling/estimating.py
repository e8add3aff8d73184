"""Estimates of events' probabilities and of how beliefs move them: three estimators, one kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.complement import Split, differences
from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import Estimate, FloatArray, joined, picked, replaced, single
from nesy.engines.sampling.program import Event
from nesy.engines.sampling.terms import Terms
from nesy.kernels.worlds.guided import Guided

MOST_COUNTS = 1 << 24
"""How many counts are held at a time: examples are done in parts, so that memory stays bounded."""


Estimator = Callable[[Counter, FloatArray, Terms, Seeds], Estimate]
"""(counter, probabilities (B, V), terms, seeds) to an estimate of the terms' events."""


def reinforce(counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds) -> Estimate:
    r"""The score function with a leave-one-out baseline (Williams 1992; Kool, van Hoof and Welling 2019).

    For the event of probability μ, from S worlds w_j drawn from the beliefs, with μ estimated by their share:

        Σ_j (1[w_j in the event] - μ) / (μ (S - 1)) ∇ log p(w_j)

    but only for symbols that the event depends on: for others that has mean 0, and noise. The baseline of
    each draw is the mean of the others. μ times this is an unbiased estimate of μ's gradient.
    """
    return _tallied(counter, probabilities, terms, seeds, clamped=False)


def indecater(counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds) -> Estimate:
    r"""IndeCateR (De Smet, Sansone and Zuidberg Dos Martires 2023): each value of each symbol is tried.

    The derivative of μ in the probability of value v of symbol i is E[event | w_i = v], estimated by the
    share of the same S worlds that are in the event once w_i is set to v: unbiased, and of lower variance
    than the score function, for it does not wait until v is drawn. Symbols that an event does not depend on
    are left out.
    """
    return _tallied(counter, probabilities, terms, seeds, clamped=True)


def importance(counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds) -> Estimate:
    r"""Self-normalised importance sampling, from worlds proposed so that the event holds (`guide`).

    The gradient of log μ in the beliefs is E[∇ log p(w) | event]: the mean over proposed worlds, by weight. μ
    is estimated without bias, and so is μ times this.
    """
    program, asked = counter.program, list(terms.events)
    examples = terms.examples.tolist()
    splits: list[Split] = []
    for index, event in enumerate(terms.events):
        opposite = program.opposite(event)
        if opposite is not None:
            rest, against = opposite
            splits.append(Split(index, len(asked) + 1 if rest else -1, len(asked)))
            asked += [against, rest] if rest else [against]
            examples += [examples[index]] * (2 if rest else 1)
    rows = np.array(examples, dtype=np.int64)
    direct = np.ones(len(asked), dtype=np.bool_)
    direct[[split.event for split in splits]] = False
    found = _guided(counter, probabilities, asked, rows, seeds, direct)
    if splits:
        better, usable = differences(splits, found, counter.particles)
        events = np.array([split.event for split in splits])
        found = replaced(found, events[usable], picked(better, usable))
        if not usable.all():
            again = np.isin(np.arange(len(asked)), events[~usable])
            found = replaced(
                found, again, picked(_guided(counter, probabilities, asked, rows, seeds, again), again)
            )
    return picked(found, np.arange(len(terms.events)))


def _guided(
    counter: Counter,
    probabilities: FloatArray,
    events: Sequence[Event],
    examples: NDArray[np.int64],
    seeds: Seeds,
    chosen: NDArray[np.bool_],
) -> Estimate:
    """Estimates of chosen events, about the examples of their rows; nothing of the others."""
    program = counter.program
    each = seeds[examples]
    if not program.condition:
        each = (each + np.arange(len(examples), dtype=np.uint64)).astype(np.uint64)
    # With a condition, all events of an example begin with it. From the same seed they draw the same, and
    # where one is taken away from another, the noise of both cancels.
    own = [event for event, wanted in zip(events, chosen, strict=True) if wanted]
    found = counter.guided(probabilities, own, examples[chosen], each[chosen])
    prior = probabilities[examples[chosen]] * program.depends(own)[:, program.symbol_of_place]
    made = joined([_of_filters(*one, counter.particles) for one in zip(found, prior, strict=True)], prior)
    width = probabilities.shape[1]
    unknown = joined([single(-np.inf, np.inf, np.zeros(width), 0.0, 0, 0.0)] * len(events), prior)
    return replaced(unknown, chosen, made)


ESTIMATORS: Mapping[str, Estimator] = {
    "reinforce": reinforce,
    "indecater": indecater,
    "importance": importance,
}
"""By the name that users write."""


def _tallied(
    counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds, *, clamped: bool
) -> Estimate:
    program, found = counter.program, []
    if not terms.events:
        return joined([], probabilities)
    each = max(
        1, MOST_COUNTS * len(probabilities) // (len(terms.events) * counter.blocks * program.width + 1)
    )
    depends = program.depends(terms.events)
    for first in range(0, len(probabilities), each):
        firsts = terms.firsts[first : first + each + 1]
        own = slice(int(firsts[0]), int(firsts[-1]))
        events, rows = terms.events[own], slice(first, first + each)
        tally = counter.tallies(
            probabilities[rows], events, firsts - firsts[0], depends[own], seeds[rows], clamped=clamped
        )
        examples = terms.examples[own]
        prior = probabilities[examples] * depends[own][:, program.symbol_of_place]
        if clamped:
            found.append(_from_clamped(counter.worlds, tally.hits, tally.together, prior))
        else:
            worlds = tally.worlds[examples - first]
            found.append(_from_worlds(counter.worlds, tally.hits, tally.together, worlds, prior > 0))
    return joined(found, probabilities)


def _from_worlds(
    samples: int,
    hits: NDArray[np.int64],
    together: NDArray[np.int64],
    worlds: NDArray[np.int64],
    relevant: NDArray[np.bool_],
) -> Estimate:
    total, blocks = hits.sum(axis=1), hits.shape[1]
    scores = _scores(total, together.sum(axis=1), worlds.sum(axis=1), samples) * relevant
    parts = [
        _scores(hits[:, r], together[:, r], worlds[:, r], samples // blocks) * relevant for r in range(blocks)
    ]
    share = total / samples
    return Estimate(
        log_share(share), binomial_error(share, samples), scores, _noise(parts), total, total * 1.0
    )


def _scores(
    hits: NDArray[np.int64], together: NDArray[np.int64], worlds: NDArray[np.int64], samples: int
) -> FloatArray:
    """(E, V): the leave-one-out estimator from counts; 0 without a hit."""
    given = together / np.maximum(hits, 1)[:, None]
    found: FloatArray = (given - worlds / samples) * (samples / (samples - 1)) * (hits > 0)[:, None]
    return found


def _from_clamped(
    samples: int, hits: NDArray[np.int64], together: NDArray[np.int64], prior: FloatArray
) -> Estimate:
    blocks = hits.shape[1]
    # (E, R, V): the estimated probability of the event and the value together.
    joint = together * (prior * blocks / samples)[:, None]
    # Each symbol's values give an estimate of the event's probability: their mean serves all.
    symbols = np.rint(prior.sum(axis=1))
    shares = np.where(symbols[:, None] > 0, joint.sum(axis=2), hits * (blocks / samples))
    shares /= np.maximum(symbols, 1.0)[:, None]
    share = shares.mean(axis=1)
    scores = _ratio(joint.mean(axis=1), share, prior)
    parts = [_ratio(joint[:, r], shares[:, r], prior) for r in range(blocks)]
    effective = share * samples
    # Worlds that would hit only once a value is set count as parts of a hit.
    total = np.ceil(effective).astype(np.int64)
    return Estimate(log_share(share), binomial_error(share, samples), scores, _noise(parts), total, effective)


def _ratio(joint: FloatArray, share: FloatArray, prior: FloatArray) -> FloatArray:
    hit = share > 0
    found: FloatArray = (joint / np.where(hit, share, 1.0)[:, None] - prior) * hit[:, None]
    return found


def _of_filters(guided: Guided, prior: FloatArray, particles: int) -> Estimate:
    """What the filters of one event say together: each counts by its own estimate of the probability."""
    logs, best = guided.log_probability, guided.log_probability.max()
    alive = logs > -np.inf
    if not alive.any():
        return single(-np.inf, np.inf, np.zeros(len(prior)), 0.0, 0, 0.0)
    weights = np.exp(logs - best)
    shares = weights / weights.sum()
    values = shares @ guided.values
    # Halves that correct each other err together: by a half, as measured, once a tenth of them is covered.
    together = 1.0 + min(0.5, 5.0 * float(guided.covered @ shares))
    # The spread of a ratio of means, by the delta method.
    spread = float((shares**2 @ (guided.values - values) ** 2).sum())
    noise = together * spread * len(shares) / (len(shares) - 1)
    error = float(weights.std(ddof=1) / np.sqrt(len(weights) / together) / weights.mean())
    effective = float((shares @ guided.effective) / (shares**2).sum())
    hits = int(alive.sum()) * particles // len(logs)
    return single(float(best + np.log(weights.mean())), error, values - prior, noise, hits, effective)


def log_share(share: FloatArray) -> FloatArray:
    """The logarithm, -inf of 0."""
    found = np.full(share.shape, -np.inf)
    np.log(share, out=found, where=share > 0)
    return found


def binomial_error(share: FloatArray, samples: int) -> FloatArray:
    """The standard error of a share of independent draws, over the share; infinite without a hit."""
    possible = np.maximum(share, 0.5 / samples)
    found: FloatArray = np.sqrt(np.maximum(1.0 - share, 0.0) / (possible * samples))
    return np.where(share > 0, found, np.inf)


def _noise(parts: Sequence[FloatArray]) -> FloatArray:
    """(E,): the mean square error of the mean of independent parts (E, V), summed; NaN for one part."""
    if len(parts) < 2:
        return np.full(len(parts[0]), np.nan)
    stacked = np.stack(parts)
    found: FloatArray = stacked.var(axis=0, ddof=1).sum(axis=1) / len(parts)
    return found
