"""What is asked of a batch, as logarithms of probabilities of events that are added and taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.program import Event, SampledProgram, event_of

Likelihood = Literal["joint", "per-output"]


@final
@dataclass(frozen=True)
class Terms:
    """The events of a batch of B examples, each example's side by side and each once.

    firsts: (B + 1,), where those of each example start. factors: (E,): of their logarithms in the sum that is
    wanted of the example. observed: whether an event is what was observed, not the condition alone.
    """

    events: list[Event]
    firsts: NDArray[np.int64]
    factors: NDArray[np.float64]
    observed: NDArray[np.bool_]

    @property
    def examples(self) -> NDArray[np.int64]:
        """(E,): the example of each event."""
        return np.repeat(np.arange(len(self.firsts) - 1), np.diff(self.firsts))


def terms_of(program: SampledProgram, targets: NDArray[np.int64], likelihood: Likelihood) -> Terms:
    """Log P(targets | condition) of all observed targets together, or summed over each on its own.

    targets: (B, m), -1 where not observed. Cost: O(B * m).
    """
    events: list[Event] = []
    factors: list[float] = []
    firsts = [0]
    for row in targets.tolist():
        for event, factor in _terms(program, row, likelihood):
            events.append(event)
            factors.append(factor)
        firsts.append(len(events))
    observed = np.array([e != program.condition for e in events], dtype=np.bool_)
    return Terms(events, np.array(firsts, dtype=np.int64), np.array(factors), observed)


def _terms(
    program: SampledProgram, targets: Sequence[int], likelihood: Likelihood
) -> list[tuple[Event, float]]:
    codes = [int(program.values[i][t]) for i, t in enumerate(targets) if t >= 0]
    asked = [codes] if likelihood == "joint" else [[code] for code in codes]
    found: dict[Event, float] = defaultdict(float)
    for together in asked:
        found[event_of([*together, *program.condition])] += 1.0
        found[program.condition] -= 1.0
    # Nothing has probability 1; what is the condition itself is certain, given it.
    found.pop((), None)
    return [(event, factor) for event, factor in found.items() if factor]


def terms_of_values(program: SampledProgram, factors: NDArray[np.float64]) -> Terms:
    """The sum of factors times log P(value | condition), over the values of all outputs side by side.

    factors: (B, K); what has the factor 0 is no event. Cost: O(B * K).
    """
    codes = [code for values in program.values for code in values.tolist()]
    each = [event_of([code, *program.condition]) for code in codes]
    events: list[Event] = []
    weights: list[float] = []
    firsts = [0]
    for row in factors:
        asked = np.flatnonzero(row)
        events += [each[k] for k in asked]
        weights += row[asked].tolist()
        if program.condition and len(asked):
            events.append(program.condition)
            weights.append(-float(row.sum()))
        firsts.append(len(events))
    observed = np.array([e != program.condition for e in events], dtype=np.bool_)
    return Terms(events, np.array(firsts, dtype=np.int64), np.array(weights), observed)


def summed(terms: Terms, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(B, ...): the sum of (E, ...) values over the events of each example."""
    found = np.zeros((len(terms.firsts) - 1, *values.shape[1:]))
    np.add.at(found, terms.examples, values)
    return found
