"""The corpus is sound and worth running, and the suite can fail."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from nesy.engines.inference import Guarantee
from tests.conformance.cases import CASES, Case
from tests.conformance.problems import problem, problems
from tests.conformance.suite import EngineConformance


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_golden_answers_are_those_of_enumeration(case: Case) -> None:
    known = problem(case)
    assert [o.name for o in known.program.outputs] == list(case.answers)
    for output, found in zip(known.program.outputs, known.oracle.marginals(known.prior), strict=True):
        answers = case.answers[output.name]
        assert set(output.domain) >= set(answers)
        assert found[0] == pytest.approx([float(answers.get(v, 0)) for v in output.domain], abs=1e-12)
        assert found[0].sum() == pytest.approx(1)


def test_the_corpus_covers_what_engines_differ_in() -> None:
    all_problems = problems()
    assert any(len(p.program.outputs) > 2 for p in all_problems)
    assert sum(bool(p.program.condition) for p in all_problems) >= 4
    assert any(max(len(s.values) for s in p.program.symbols) > 2 for p in all_problems)
    assert any(np.isneginf(p.sharp).any() for p in all_problems)


class Checker(EngineConformance):
    """The comparison alone, of an engine that estimates."""

    engine: ClassVar[str] = "exact"
    draws: ClassVar[int] = 100


WRONG = [
    (Guarantee.EXACT, 0.5 + 1e-8, 0.5, None),
    (Guarantee.EXACT, 0.0, 0.5, None),
    (Guarantee.EXACT, 1e-300, 0.0, None),
    (Guarantee.LOWER_BOUND, 0.6, 0.5, None),
    (Guarantee.LOWER_BOUND, 0.0, 0.5, None),
    (Guarantee.UPPER_BOUND, 0.4, 0.5, None),
    (Guarantee.ESTIMATE, 0.6, 0.5, 0.01),
    (Guarantee.ESTIMATE, 0.5, 0.5, None),
    (Guarantee.ESTIMATE, 0.01, 0.0, 0.01),
    (Guarantee.EXACT, np.nan, 0.5, None),
]


@pytest.mark.parametrize(("guarantee", "answer", "truth", "error"), WRONG)
def test_a_broken_promise_is_noticed(
    guarantee: Guarantee, answer: float, truth: float, error: float | None
) -> None:
    with np.errstate(divide="ignore"):
        log_prob = np.log(np.array([answer]))
    with pytest.raises(AssertionError):
        Checker().check(guarantee, log_prob, np.array([truth]), None if error is None else np.array([error]))


def test_an_engine_that_refuses_everything_fails() -> None:
    class Refusing(EngineConformance):
        engine = "nowhere"

    with pytest.raises(AssertionError, match="refuses most of the corpus"):
        Refusing().test_some_cases_are_taken()


def test_a_standard_error_that_excuses_everything_is_noticed() -> None:
    known = problem(CASES[0])
    with pytest.raises(AssertionError):
        Checker().check_error_is_honest(known, known.prior, np.array([[0.5, 0.5]]))
