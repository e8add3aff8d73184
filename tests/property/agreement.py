"""What it means for an answer of the exact engine to agree with world enumeration."""

from __future__ import annotations

import nesy
from tests.oracles.enumeration import InconsistentError, NotStratifiedError, probabilities
from tests.oracles.program import Program, text
from tests.oracles.shrinking import smallest

TOLERANCE = 1e-9
"""Sums of at most a few thousand products in float64 err by far less than this."""

cut_down: list[Program] = []
"""The programs that this run has found to disagree."""

Outcome = dict[str, float] | str
"""Probabilities of the queries, or the code of the refusal."""


def expected_outcome(program: Program) -> Outcome:
    """The oracle's answer."""
    try:
        return {q: float(p) for q, p in probabilities(program).items()}
    except NotStratifiedError:
        return "negative-cycle"
    except InconsistentError:
        return "inconsistent-evidence"


def actual_outcome(program: Program) -> Outcome:
    """The exact engine's answer to the program's text."""
    try:
        solution = nesy.solve(nesy.parse(text(program)), engine="exact")
        return {str(q): solution[str(q)].probability for q in program.queries}
    except nesy.NesyError as error:
        return error.code


def agree(expected: Outcome, actual: Outcome) -> bool:
    if isinstance(expected, str) or isinstance(actual, str):
        return expected == actual
    return expected.keys() == actual.keys() and all(
        abs(expected[q] - actual[q]) <= TOLERANCE for q in expected
    )


def disagrees(program: Program) -> bool:
    return not agree(expected_outcome(program), actual_outcome(program))


def assert_agrees(program: Program) -> None:
    """Fail with a small disagreeing part of the program, its text, and both answers."""
    if not disagrees(program):
        return
    # Where everything fails, the first few failures say enough.
    cut_down.append(program)
    small = smallest(program, disagrees, tries=200 if len(cut_down) <= 5 else 0)
    raise AssertionError(
        f"\n{text(small)}% by enumeration: {expected_outcome(small)}\n"
        f"% by the engine:  {actual_outcome(small)}\n% cut down from:\n{text(program)}"
    )
