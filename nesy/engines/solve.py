"""Answers to a program's own queries, without networks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import final

import numpy as np

from nesy.engines.inconsistent import inconsistent
from nesy.engines.inference import Engine, Guarantee, Marginal
from nesy.engines.registry import resolve
from nesy.engines.together import marginals_together
from nesy.engines.unusable_beliefs import needs_networks
from nesy.grounding import ground
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program
from nesy.logic.program import GroundProgram

TRUE_VALUE = 1
"""The index of `true` among the values of a query's output."""


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """A query's probability, and what the number is worth.

    standard_error: of the probability; only where the guarantee is `estimate`.
    """

    probability: float
    guarantee: Guarantee
    standard_error: float | None = None


@final
class Solution(Mapping[str, Answer]):
    """The answers of a program, by the canonical text of each query's atom, in order of the queries."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = dict(answers)

    def __getitem__(self, atom: str) -> Answer:
        return self._answers[atom]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __repr__(self) -> str:
        lines = (f"{atom}: {answer.probability:.10g}" for atom, answer in self._answers.items())
        return f"Solution({', '.join(lines)})"


def solve(program: Program, engine: str | Engine = "exact", *, budget: Budget | None = None) -> Solution:
    """The probability of each query of a program, given its evidence and constraints.

    budget: the most that grounding may spend.
    Raises `NesyError`: see `ground`; inconsistent-evidence; needs-networks; and what the engine refuses.
    Cost: grounding, compiling and one evaluation; loads no torch for the exact engine.
    """
    grounded = ground(program, evaluate=probabilities, budget=budget)
    beliefs = prior_beliefs(grounded)
    chosen = resolve(engine)
    guarantee, marginals = Guarantee.EXACT, marginals_together(grounded, chosen, beliefs)
    if marginals is None:
        inference = chosen.prepare(grounded)
        guarantee = inference.guarantee
        marginals = inference.marginals(beliefs) if grounded.outputs else []
    answers = {}
    for output, marginal in zip(grounded.outputs, marginals, strict=True):
        answers[output.name] = _answer(grounded, marginal, marginal.guarantee or guarantee)
    return Solution(answers)


def probabilities(program: GroundProgram) -> list[float]:
    """The probability of each output's being true, exactly: what `subquery` gives to rules."""
    beliefs = prior_beliefs(program)
    inference = resolve("exact").prepare(program)
    return [_answer(program, m, inference.guarantee).probability for m in inference.marginals(beliefs)]


def prior_beliefs(program: GroundProgram) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(1, V) float64: the log-probabilities the rules themselves give.

    Raises `EngineError` (needs-networks) when a symbol's come from a network.
    """
    row: list[float] = []
    for symbol in program.symbols:
        if symbol.prior is None:
            raise needs_networks(
                symbol, "use nesy.Model(program, networks={...}, query=...) for programs with networks"
            )
        row.extend(math.log(p) if p > 0.0 else -math.inf for p in symbol.prior)
    return np.array([row])


def _answer(program: GroundProgram, marginal: Marginal, guarantee: Guarantee) -> Answer:
    # A query that is false has probability 0, never "nothing": both values cannot be impossible.
    values = np.asarray(marginal.log_probs)[0]
    if guarantee is Guarantee.EXACT and np.isneginf(values).all():
        raise inconsistent(program, "the evidence has probability zero")
    error = marginal.standard_error
    return Answer(
        # Rounding may leave a certainty one unit in the last place above 1.
        probability=min(1.0, float(np.exp(values[TRUE_VALUE]))),
        guarantee=guarantee,
        standard_error=None if error is None else float(np.asarray(error)[0, TRUE_VALUE]),
    )
