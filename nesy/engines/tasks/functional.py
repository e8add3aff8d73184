"""Outputs as random variables: those with exactly one value in every possible world."""

from __future__ import annotations

import numpy as np

from nesy.circuit.layers import lower
from nesy.engines.outputs import value_slices
from nesy.engines.tasks.forward import FloatArray, evaluated
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.questions import Questions
from nesy.errors import EngineError

TOLERANCE = 1e-9
"""How far probabilities that add up to 1 may be from it, by rounding."""


def distribution(questions: Questions, given: Given, output: int) -> FloatArray:
    """(|domain|, B): the probability of each value of an output.

    Raises `EngineError` (not-functional) unless there is exactly one value in each possible world: the
    values' probabilities sum to 1, and some value holds with probability 1.
    Cost: O(edges * B); compiling the disjunction of the values, the first time, unless it is a query.
    """
    values = evaluated(given.compiled.layers, given.inputs)
    roots = values.rows[values.layers.roots]
    given.require_possible(roots[-1])
    found: FloatArray = np.exp(roots[:-1][value_slices(given.program.outputs)[output]] - roots[-1])
    literals = given.program.outputs[output].literals
    if len(literals) == 2 and literals[0] == -literals[1]:
        return found
    layers = lower(questions.some_value(output, tuple(given.targets)))
    some, condition = evaluated(layers, given.inputs).rows[layers.roots]
    lacking = float((1 - np.exp(some - condition)).max())
    if lacking > TOLERANCE:
        raise _refusal(given, output, f"has no value with probability {lacking:.3g}")
    excess = float((found.sum(axis=0) - 1).max())
    if excess > TOLERANCE:
        raise _refusal(given, output, "has several values at once in some worlds")
    return found


def expected(questions: Questions, given: Given, output: int) -> FloatArray:
    """(B,): the mean of a numeric output. Raises `EngineError` (not-numeric, not-functional).

    Cost: as `distribution`.
    """
    target = given.program.outputs[output]
    numbers = [v for v in target.domain if not isinstance(v, str)]
    if len(numbers) < len(target.domain):
        other = next(v for v in target.domain if isinstance(v, str))
        raise EngineError(
            "not-numeric",
            f"the output {target.name} has the value {other!r}, which is no number",
            hint="name a numeric argument as output: nesy.prepare(program, query='sum(S)', output='S')",
        )
    found: FloatArray = np.array(numbers, dtype=np.float64) @ distribution(questions, given, output)
    return found


def _refusal(given: Given, output: int, reason: str) -> EngineError:
    return EngineError(
        "not-functional",
        f"the output {given.program.outputs[output].name} {reason}, so it is no random variable",
        hint="observe or constrain it so that each world gives it exactly one value",
    )
