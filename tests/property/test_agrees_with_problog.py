"""Random programs have ProbLog's probabilities, or are refused for the same kind of mistake."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections import Counter
from functools import cache
from random import Random

import pytest

import nesy
from tests.oracles.problog_answers import Answers, Nothing, Refusal, atom_key, problog
from tests.property.problog_programs import random_problog

PROGRAMS = int(os.environ.get("NESY_PROBLOG_PROGRAMS", "240"))
"""About 50 ms each; 1,000 for the whole of it."""

BLOCK = 20
TOLERANCE = 1e-9
"""Both sum float64, in different orders."""

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("problog") is None, reason="the reference implementation is not installed"
)

ARITHMETIC = {"arithmetic", "unknown-function", "not-a-number", "not-an-integer"}
KINDS = {
    "UnknownClause": {"unknown-predicate", "unsupported-builtin"},
    "NegativeCycle": {"negative-cycle"},
    "InconsistentEvidenceError": {"inconsistent-evidence"},
    "NonGroundQuery": {"non-ground-query"},
    "NonGroundProbabilisticClause": {"non-ground-probability"},
    # Where no call can ever bind the variable, it is told before anything is called.
    "CallModeError": {"call-mode", "unsafe-variable", *ARITHMETIC},
    "ArithmeticError": ARITHMETIC,
    "IndirectCallCycleError": {"indirect-call-cycle"},
}
"""ProbLog's classes of errors, and the codes that mean the same."""

Outcome = Answers | Refusal | Nothing


@cache
def numbered(seed: int) -> str:
    return random_problog(Random(seed))


@cache
def expected(text: str) -> Outcome:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ProbLog advises against == and the like
        return problog(text)


def actual(text: str) -> dict[str, float] | str:
    """The probabilities, or the code of the refusal."""
    try:
        solution = nesy.solve(nesy.parse(text))
    except nesy.NesyError as error:
        return error.code
    return {atom_key(atom): answer.probability for atom, answer in solution.items()}


def disagreement(wanted: Outcome, found: dict[str, float] | str) -> str | None:
    """What is wrong, if anything. What ProbLog itself cannot do says nothing."""
    if isinstance(wanted, Nothing):
        return None
    if isinstance(wanted, Refusal):
        same = isinstance(found, str) and found in KINDS.get(wanted.kind, ())
        return None if same else f"ProbLog: {wanted.kind} ({wanted.text}); here: {found}"
    if isinstance(found, str):
        return f"ProbLog answers {wanted.probabilities}; here: {found}"
    atoms = wanted.probabilities.keys() | found.keys()
    apart = {
        a: (wanted.probabilities.get(a, 0.0), found.get(a, 0.0))
        for a in atoms
        if abs(wanted.probabilities.get(a, 0.0) - found.get(a, 0.0)) > TOLERANCE
    }
    missing = {a for a, p in wanted.probabilities.items() if p > 0} - found.keys()
    return f"probabilities (ProbLog's, here): {apart}; missing: {missing}" if apart or missing else None


@pytest.mark.parametrize("start", range(0, PROGRAMS, BLOCK))
def test_random_programs(start: int) -> None:
    for seed in range(start, min(start + BLOCK, PROGRAMS)):
        text = numbered(seed)
        wrong = disagreement(expected(text), actual(text))
        assert wrong is None, f"program {seed}: {wrong}\n{text}"


def test_the_programs_cover_answers_and_every_kind_of_mistake() -> None:
    seen: Counter[str] = Counter()
    for seed in range(min(PROGRAMS, 240)):
        wanted = expected(numbered(seed))
        seen[wanted.kind if isinstance(wanted, Refusal) else type(wanted).__name__] += 1
    assert seen["Answers"] >= 0.6 * sum(seen.values())
    assert seen["Nothing"] <= 0.05 * sum(seen.values())
    assert not [kind for kind in KINDS if kind not in seen]


@pytest.mark.parametrize(
    "found", ["negative-cycle", {"p": 0.3 + 1e-8}, {}, {"p": 0.3, "q": 0.1}, {"p(a)": 0.3}, {"p": 0.0}]
)
def test_a_disagreement_is_noticed(found: dict[str, float] | str) -> None:
    assert disagreement(Answers({"p": 0.3}), found) is not None
    assert disagreement(Refusal("UnknownClause", ""), found) is not None
    assert disagreement(Answers({"p": 0.3}), {"p": 0.3, "q": 0.0}) is None
