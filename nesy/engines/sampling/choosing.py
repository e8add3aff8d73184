"""Which estimator takes which event."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import Estimate, FloatArray, joined, picked, replaced
from nesy.engines.sampling.estimating import ESTIMATORS, importance, indecater
from nesy.engines.sampling.program import SampledProgram, event_of
from nesy.engines.sampling.terms import Terms

OTHER_SEEDS = np.uint64(1 << 40)
"""Added to seeds for draws that must not repeat the first ones."""


def pays(program: SampledProgram) -> bool:
    """Whether all outputs together fall into small parts, going by the last value of each."""
    codes = [int(values[-1]) for values in program.values if len(values)]
    return program.falls_apart(event_of([*codes, *program.condition]))


def estimated(
    name: str, counter: Counter, probabilities: FloatArray, terms: Terms, seeds: Seeds
) -> tuple[Estimate, str]:
    """An estimate of all events of some terms, and which estimator made it.

    name: of `ESTIMATORS`, or "auto".
    """
    if name != "auto":
        return ESTIMATORS[name](counter, probabilities, terms, seeds), name
    narrow = np.array([counter.program.falls_apart(e) for e in terms.events], dtype=np.bool_)
    if narrow.all():
        return importance(counter, probabilities, terms, seeds), "importance"
    parts = [
        estimator(counter, probabilities, _some(terms, chosen), seeds)
        for estimator, chosen in ((importance, narrow), (indecater, ~narrow))
    ]
    order = np.concatenate([np.flatnonzero(narrow), np.flatnonzero(~narrow)])
    found = picked(joined(parts, probabilities), np.argsort(order))
    missed = ~narrow & (found.hits == 0)
    if missed.any():
        again = importance(counter, probabilities, _some(terms, missed), seeds + OTHER_SEEDS)
        found = replaced(found, missed, again)
    return found, "mixed" if narrow.any() or missed.any() else "indecater"


def _some(terms: Terms, chosen: NDArray[np.bool_]) -> Terms:
    counts = np.bincount(terms.examples[chosen], minlength=len(terms.firsts) - 1)
    events = [event for event, wanted in zip(terms.events, chosen, strict=True) if wanted]
    firsts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Terms(events, firsts, terms.factors[chosen], terms.observed[chosen])
