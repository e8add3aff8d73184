"""Many yes-or-no outputs from one circuit: derivatives of the joint relation are probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nesy
from nesy.compile import relations
from nesy.compile.compiler import ImpatientError
from nesy.engines import together
from nesy.engines.exact import Exact
from nesy.engines.solve import prior_beliefs
from nesy.errors import SemanticsError
from nesy.grounding import ground

CHAIN = "0.3::a. 0.6::b. 0.0::z.\nc :- a. c :- b.\nd :- c, \\+ a. e :- z.\n"
QUERIES = "query(a). query(c). query(d). query(e).\n"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ("", [0.3, 0.72, 0.42, 0.0]),
        ("evidence(c).", [0.3 / 0.72, 1.0, 0.42 / 0.72, 0.0]),
        ("evidence(d, false). evidence(c).", [1.0, 1.0, 0.0, 0.0]),
    ],
)
def test_derivatives_of_the_joint_relation_are_probabilities(evidence: str, expected: list[float]) -> None:
    program = ground(nesy.parse(CHAIN + QUERIES + evidence))
    joint = relations.compile_joint(program, unobserved=False)
    found = together._by_derivatives(program, joint, prior_beliefs(program))
    for marginal, p in zip(found, expected, strict=True):
        assert np.exp(marginal.log_probs[0]) == pytest.approx([1.0 - p, p], abs=1e-12)


def test_the_joint_relation_is_taken_where_values_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    program = ground(nesy.parse(CHAIN + QUERIES))

    def impatient(*_: object) -> None:
        raise ImpatientError

    expected = nesy.solve(nesy.parse(CHAIN + QUERIES))
    monkeypatch.setattr(relations, "_values", impatient)
    found = together.marginals_together(program, Exact(), prior_beliefs(program))
    assert found is not None
    for marginal, answer in zip(found, expected.values(), strict=True):
        assert math.exp(marginal.log_probs[0, 1]) == pytest.approx(answer.probability, abs=1e-12)


def test_a_condition_that_cannot_hold_is_said_to_be_so() -> None:
    with pytest.raises(SemanticsError) as caught:
        nesy.solve(nesy.parse("0.5::a. b :- a, \\+ a. evidence(b). query(a). query(b)."))
    assert caught.value.code == "inconsistent-evidence"


def test_other_outputs_and_engines_take_another_way() -> None:
    program = ground(nesy.parse("0.5::a. query(a)."))
    assert together.marginals_together(program, Exact(), prior_beliefs(program)) is None
    program = ground(nesy.parse(CHAIN + QUERIES))
    assert together.marginals_together(program, Exact("d4"), prior_beliefs(program)) is None


def test_many_beliefs_are_answered_at_once() -> None:
    program = ground(nesy.parse("0.3::a. 0.6::b. c :- a. c :- b. query(a). query(c). evidence(b)."))
    beliefs = np.log([[0.7, 0.3, 0.4, 0.6], [0.2, 0.8, 0.5, 0.5], [0.2, 0.8, 1.0, 1e-300]])
    beliefs[2, 3] = -np.inf
    values = Exact().prepare(program).marginals(beliefs)
    joint = relations.compile_joint(program, unobserved=False)
    together_found = together.marginals_by(program, joint, beliefs)
    for one, other in zip(together_found, values, strict=True):
        assert np.exp(one.log_probs) == pytest.approx(np.exp(other.log_probs), abs=1e-12)
    assert np.isneginf(together_found[0].log_probs[2]).all()
