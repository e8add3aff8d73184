"""What an answer owes to each choice: its derivative, what it would be otherwise, and where it would turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.circuit.layers import Layers
from nesy.engines.explaining.search import FoundBox
from nesy.engines.explaining.words import value_text
from nesy.engines.tasks.forward import FloatArray, evaluated
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.marginals import posteriors
from nesy.engines.tasks.names import Names
from nesy.engines.tasks.questions import Questions
from nesy.engines.unusable_beliefs import needs_networks
from nesy.logic.program import GroundProgram, Symbol

THRESHOLD = 0.5
"""Above it an answer is rather yes."""
AT_ONCE = 64
"""How many beliefs are evaluated in one pass."""
ROUNDING = 1e-12
"""Differences below this are taken for rounding."""
FAINT = 1e-9
"""Values with a posterior of less than this part of their prior are evaluated again, each on its own."""
MOST_ROWS = 200_000_000
"""How many rows may be evaluated for that."""


@final
@dataclass(frozen=True, slots=True)
class Influence:
    """What an answer P owes to one value of one choice, the others of its choice keeping their proportions.

    name: of the value: `burglary`, `colour(ann,red)`, `digit(a,_) = 3`. probability: the choice's own.
    posterior: given the evidence. derivative: of P by the probability.
    if_true, if_false: P, were the value certain, or impossible; None where the evidence excludes that.
    flips_at: the probability at which P is one half, beyond which it is on the other side of it; None where
    there is none.
    choice: the symbol's number; value: the value's.
    """

    name: str
    probability: float
    posterior: float
    derivative: float
    if_true: float | None
    if_false: float | None
    flips_at: float | None
    choice: int
    value: int

    @property
    def matters(self) -> bool:
        """Whether the answer depends on the value at all."""
        return self.contribution > ROUNDING or self.derivative != 0.0

    @property
    def contribution(self) -> float:
        """How far P with the value certain, and P with it impossible, are apart; 0 where one cannot be."""
        ends = [p for p in (self.if_true, self.if_false) if p is not None]
        return max(ends) - min(ends) if len(ends) > 1 else 0.0


@final
@dataclass(frozen=True, eq=False)
class Figures:
    """The probability of a literal, and of the evidence; and what they would be with each value of a symbol.

    joint, evidence: (V,), the probability of the literal with the evidence, and of the evidence alone, were
    the value certain; both divided by that of the evidence. layers: the circuit, its last root the condition.
    possible: whether the literal is; its probability may be 0 in double precision nevertheless.
    """

    layers: Layers
    possible: bool
    probability: float
    log_evidence: float
    prior: FloatArray
    posterior: FloatArray
    joint: FloatArray
    evidence: FloatArray


def priors(program: GroundProgram) -> FloatArray:
    """(V,): the probabilities that the rules give. Raises `EngineError` (needs-networks)."""
    for symbol in program.symbols:
        if symbol.prior is None:
            raise needs_networks(
                symbol, "explain programs with networks by nesy.Model(...).explain(inputs, index)"
            )
    return np.array([p for s in program.symbols for p in s.prior or ()])


def logs(probabilities: FloatArray) -> FloatArray:
    """Logarithms, those of 0 among them. Cost: O(size)."""
    with np.errstate(divide="ignore"):
        found: FloatArray = np.log(probabilities)
    return found


def figures(questions: Questions, output: int, value: int, prior: FloatArray) -> Figures:
    """The figures of one value of an output. questions: the program's.

    prior: (V,), probabilities of all symbols' values. Raises `SemanticsError` (inconsistent-evidence).
    Cost: compiling, the first time; O(edges), and O(edges) more for each value that is all but impossible.
    """
    program = questions.program
    beliefs = logs(prior)
    asked = Given(program, questions.observing(()), beliefs[None], np.zeros(1), {}, False)
    layers = asked.compiled.layers
    values = evaluated(layers, asked.inputs)
    rows = _rows(program, layers, output, value)
    log_joint, log_evidence = values.rows[rows, 0].tolist()
    asked.require_possible(np.array([log_evidence]))
    probability = min(1.0, float(np.exp(log_joint - log_evidence)))
    with_literal, posterior = posteriors(asked, values, rows).T if program.width else np.zeros((2, 0))
    faint = FAINT * np.maximum(prior, 1e-300)
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = np.where(with_literal < faint, 0.0, probability * with_literal / prior)
        evidence = np.where(posterior < faint, 0.0, posterior / prior)
    columns = np.flatnonzero(np.minimum(with_literal, posterior) < faint)
    # Where they are too many, what is faint counts for nothing.
    few = columns if len(columns) * layers.rows <= MOST_ROWS else columns[:0]
    for column, found in _one_by_one(program, layers, rows, beliefs, few):
        joint[column], evidence[column] = np.exp(found - log_evidence)
    return Figures(layers, log_joint > -np.inf, probability, log_evidence, prior, posterior, joint, evidence)


def box_posteriors(program: GroundProgram, found: Figures, boxes: Sequence[FoundBox]) -> list[float]:
    """The probability of each of some boxes given the evidence. Cost: O(edges * boxes)."""
    weights = np.repeat(found.prior[:, None], len(boxes), axis=1)
    for place, box in enumerate(boxes):
        for symbol, allowed in box.values.items():
            columns = range(program.offsets[symbol], program.offsets[symbol + 1])
            weights[[c for c in columns if c - columns.start not in allowed], place] = 0.0
            # The circuit need not speak of every symbol: each has a distribution, given the box.
            weights[columns, place] /= weights[columns, place].sum()
    within = evaluated(found.layers, logs(weights)).rows[found.layers.roots[-1]]
    together = within + [box.log_prob for box in boxes] - found.log_evidence
    return [min(1.0, p) for p in np.exp(together).tolist()]


def influences(program: GroundProgram, found: Figures) -> list[Influence]:
    """All of them, what matters most first. Cost: O(V)."""
    names = Names(program).symbols
    listed: list[Influence] = []
    for number, (symbol, name) in enumerate(zip(program.symbols, names, strict=True)):
        start = program.offsets[number]
        for value in _values(symbol):
            label = name if symbol.values == ("false", "true") else value_text(symbol, [value])
            listed.append(_influence(program, found, label, number, start, value))
    return sorted(listed, key=lambda i: (-i.contribution, -abs(i.derivative)))


def _values(symbol: Symbol) -> Sequence[int]:
    """The values that have an influence of their own: that a fact holds, each choice of a disjunction."""
    return (1,) if symbol.values == ("false", "true") else range(len(symbol.values))


def _influence(
    program: GroundProgram, found: Figures, label: str, number: int, start: int, value: int
) -> Influence:
    stop = program.offsets[number + 1]
    column = start + value
    p = float(found.prior[column])
    joint, evidence = float(found.joint[column]), float(found.evidence[column])
    other = np.ones(stop - start, dtype=bool)
    other[value] = False
    weights = found.prior[start:stop][other]
    if weights.sum() <= 0.0:
        # The value is certain: what takes its place were it not is not told; all others alike.
        weights = np.ones(len(weights))
    weights = weights / weights.sum()
    other_joint = float(found.joint[start:stop][other] @ weights)
    other_evidence = float(found.evidence[start:stop][other] @ weights)
    slope = (joint - other_joint) - found.probability * (evidence - other_evidence)
    return Influence(
        label,
        p,
        float(found.posterior[column]),
        slope if abs(slope) > ROUNDING else 0.0,
        _ratio(joint, evidence),
        _ratio(other_joint, other_evidence),
        _crossing((joint, evidence), (other_joint, other_evidence)),
        number,
        value,
    )


def _ratio(joint: float, evidence: float) -> float | None:
    return min(1.0, joint / evidence) if evidence > 0.0 else None


def _crossing(certain: tuple[float, float], impossible: tuple[float, float]) -> float | None:
    """At which probability of a value the answer is one half, and on different sides of it on either side.

    certain, impossible: probabilities of the answer with the evidence, and of the evidence, at 1 and at 0.
    """
    above, below = (joint - THRESHOLD * evidence for joint, evidence in (certain, impossible))
    if min(above, below) > -ROUNDING or max(above, below) < ROUNDING:
        return None
    return below / (below - above)


def _rows(program: GroundProgram, layers: Layers, output: int, value: int) -> IntArray:
    """The rows of a value of an output and of the condition."""
    before = sum(len(o.domain) for o in program.outputs[:output])
    found: IntArray = layers.roots[[before + value, -1]]
    return found


def _one_by_one(
    program: GroundProgram, layers: Layers, rows: IntArray, beliefs: FloatArray, columns: IntArray
) -> Iterator[tuple[int, FloatArray]]:
    """For some values, the log-values of both rows, were the value certain."""
    for first in range(0, len(columns), AT_ONCE):
        some = columns[first : first + AT_ONCE]
        inputs = np.repeat(beliefs[:, None], len(some), axis=1)
        for place, column in enumerate(some.tolist()):
            symbol = int(np.searchsorted(program.offsets, column, side="right")) - 1
            inputs[program.offsets[symbol] : program.offsets[symbol + 1], place] = -np.inf
            inputs[column, place] = 0.0
        found = evaluated(layers, inputs).rows[rows]
        yield from ((column, found[:, place]) for place, column in enumerate(some.tolist()))
