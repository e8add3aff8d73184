"""`nesy.solve` gives each engine's answers with what they are worth."""

from __future__ import annotations

import pytest

import nesy
from tests.conformance.suite import EXACT, STANDARD_ERRORS

PROGRAM = """
0.1::burglary. 0.2::earthquake.
0.9::alarm :- burglary.
0.5::alarm :- earthquake.
never :- alarm, \\+alarm.
evidence(earthquake, false).
query(alarm). query(burglary). query(never).
"""
TRUTH = {"alarm": 0.09, "burglary": 0.1, "never": 0.0}


@pytest.mark.parametrize(
    ("engine", "guarantee"), [("exact", "exact"), ("sampling", "estimate"), ("sat", "lower-bound")]
)
def test_answers_keep_their_guarantee(engine: str, guarantee: str) -> None:
    solution = nesy.solve(nesy.parse(PROGRAM), engine=engine)
    assert dict.fromkeys(solution) == dict.fromkeys(TRUTH)
    for atom, truth in TRUTH.items():
        answer = solution[atom]
        assert answer.guarantee == guarantee
        assert (answer.standard_error is not None) == (guarantee == "estimate")
        if guarantee == "lower-bound":
            assert answer.probability <= truth + EXACT
            assert (answer.probability > 0) == (truth > 0)
        else:
            error = STANDARD_ERRORS * (answer.standard_error or 0)
            assert answer.probability == pytest.approx(truth, abs=error + EXACT)


def test_what_has_no_world_is_refused() -> None:
    with pytest.raises(nesy.NesyError) as refusal:
        nesy.solve(nesy.parse("0.5::a. :- a. :- \\+a. query(a)."))
    assert refusal.value.code == "inconsistent-evidence"
