"""The parts of an explanation: proofs and what they ask, observations, and what would change an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from nesy.engines.explaining.steps import Step
from nesy.errors import Span


@final
@dataclass(frozen=True, slots=True)
class Fact:
    r"""What a proof asks of one choice: `burglary`, `\+burglary`, `colour(ann,red)`, `digit(a,_) = 3`.

    probability: of that, by the rules or a network; posterior: given the evidence.
    values: the numbers of those of the choice's values of which it asks one.
    choice: the symbol's number; None where the answer does not depend on it.
    """

    name: str
    probability: float
    posterior: float
    values: tuple[int, ...]
    choice: int | None


@final
@dataclass(frozen=True, slots=True)
class ProbableProof:
    """One way in which an atom can hold, together with what was observed.

    probability: that all of its facts hold, given the evidence. Proofs overlap: their probabilities add up
    to more than that of the atom.
    facts: what it needs; whatever other choices turn out to be. steps: how the rules make the atom of
    them; `roots` are the numbers of the steps to begin with: of the atom, then of what was observed.
    supposed: facts that the steps take up besides, where the atom holds whether or not they do.
    conditions_left_out: how many observations and constraints are not shown.
    """

    probability: float
    facts: tuple[Fact, ...]
    supposed: tuple[Fact, ...]
    steps: tuple[Step, ...]
    roots: tuple[int, ...]
    conditions_left_out: int = 0


@final
@dataclass(frozen=True, slots=True)
class Change:
    """One change of one choice that takes an answer to the other side of one half.

    name: of a value. now: its probability; to: what it would have to be, the others of its choice
    keeping their proportions. From there on the answer is on the other side.
    """

    name: str
    now: float
    to: float

    @property
    def size(self) -> float:
        """How much the probability would have to change."""
        return abs(self.to - self.now)


@final
@dataclass(frozen=True, slots=True)
class Observation:
    """Something observed, or a constraint, and what the answer would be without it.

    span: where it is written; None for what was given.
    """

    name: str
    span: Span | None = field(repr=False)
    without: float
