"""Proofs that are found against all there are, and their probabilities against the list of all worlds.

The environment variable NESY_TOPK_PROGRAMS says how many programs of each kind are looked at; 1000 is a run
of minutes, the default one of seconds.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from random import Random

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.topk import NoProofWarning, TopK
from nesy.engines.topk.inference import TopKInference
from nesy.errors import SemanticsError
from nesy.grounding import ground
from nesy.logic.program import GroundProgram
from tests.oracles.generator import random_program
from tests.oracles.ground import Assignments
from tests.oracles.program import text
from tests.property.cyclic import cyclic_question
from tests.unit.engines.tasks.posterior import random_question
from tests.unit.engines.topk.proofs import all_proofs, weight

PROGRAMS = int(os.environ.get("NESY_TOPK_PROGRAMS", "30"))
EVERY = TopK(k=400, test_k=400, beam=20_000, perturb=0.0)
"""As many proofs as any of these programs has."""
ROUNDING = 1e-9


def prepared(engine: TopK, program: GroundProgram) -> TopKInference | None:
    try:
        return engine.prepare(program)
    except SemanticsError as error:
        if error.code != "inconsistent-evidence":
            raise
        return None


def question(seed: int) -> tuple[GroundProgram, np.ndarray, np.ndarray]:
    """A program, (1, V) beliefs and (1, m) targets, half of them partial."""
    rng, program, beliefs, observed = random_question(f"topk {seed}")
    targets = [
        o.domain.index(observed[o.name]) if o.name in observed else rng.choice([-1, *range(len(o.domain))])
        for o in program.outputs
    ]
    with np.errstate(divide="ignore"):
        row = np.log([[p for s in program.symbols for p in beliefs[s.name]]])
    return program, row, np.array([targets])


def answer(inference: TopKInference, beliefs: np.ndarray, targets: np.ndarray) -> float | None:
    """The bound, or None where the condition is ruled out."""
    try:
        return float(np.exp(inference.log_prob(beliefs, targets)[0]))
    except SemanticsError as error:
        if error.code != "inconsistent-evidence":
            raise
        return None


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_all_proofs_are_the_probability_and_few_bound_it(seed: int) -> None:
    program, beliefs, targets = question(seed)
    every = Assignments(program)
    inference = prepared(EVERY, program)
    if inference is None:
        assert not every.accepted.any()
        return
    whole = answer(inference, beliefs, targets)
    if whole is None:
        assert every.condition(beliefs)[0] == 0
        return
    truth = every.probability(beliefs, targets)[0]
    assert whole == pytest.approx(truth, abs=ROUNDING)
    fewer = 0.0
    for k in (1, 2, 4):
        engine = TopK(test_k=k, beam=20_000)
        found = engine.prepare(program)
        bound = answer(found, beliefs, targets)
        assert bound is not None
        assert bound <= truth + ROUNDING
        assert (bound > 0) == (truth > 0)
        between = found.bounds(beliefs, targets)
        assert np.exp(between.lower[0]) == pytest.approx(bound, abs=ROUNDING)
        assert np.exp(between.upper[0]) >= truth - ROUNDING
        if not program.condition:
            assert bound >= fewer - ROUNDING, "more proofs prove more"
            fewer = bound


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_neither_more_proofs_nor_more_effort_prove_less(seed: int, beam: int) -> None:
    program, beliefs, targets = question(seed)
    program = replace(program, condition=())
    truth = Assignments(program).probability(beliefs, targets)[0]
    for options in (
        [{"test_k": k, "effort": 25} for k in (1, 2, 3, 5, 8, 100)],
        [{"test_k": 100, "effort": effort} for effort in (1, 4, 12, 25, 1000)],
    ):
        bounds = [bound(TopK(beam=beam, **given), program, beliefs, targets) for given in options]
        assert (np.diff(bounds) >= -ROUNDING).all(), bounds
        assert bounds[-1] <= truth + ROUNDING
    assert bounds[-1] == pytest.approx(truth, abs=ROUNDING), "the beam is widened until all is found"


@pytest.mark.parametrize("effort", [3, 12, 60])
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_bounds_hold_however_short_the_search(seed: int, effort: int) -> None:
    program, beliefs, targets = question(seed)
    every = Assignments(program)
    inference = prepared(TopK(test_k=5, beam=2, effort=effort), program)
    if inference is None or not every.condition(beliefs)[0]:
        return
    truth = every.probability(beliefs, targets)[0]
    for rows in (beliefs, torch.tensor(beliefs), torch.tensor(beliefs).float()):
        try:
            found = inference.bounds(rows, targets)
        except SemanticsError:
            continue  # In single precision the condition may have vanished.
        lower, upper = (float(np.exp(np.asarray(x, dtype=np.float64))[0]) for x in (found.lower, found.upper))
        assert lower - 1e-6 <= truth <= upper + 1e-6


def bound(engine: TopK, program: GroundProgram, beliefs: np.ndarray, targets: np.ndarray) -> float:
    """The lower bound, whether or not there was a proof in the effort allowed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoProofWarning)
        found = answer(engine.build(program), beliefs, targets)
    assert found is not None
    return found


@pytest.mark.parametrize("beam", [20_000, 2])
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_proofs_said_to_be_best_are(seed: int, beam: int) -> None:
    program, _, targets = question(seed)
    rng = np.random.default_rng(seed)
    blocks = [np.log(rng.dirichlet(np.ones(len(s.values)))) for s in program.symbols]
    asked = [o.literals[t] for o, t in zip(program.outputs, targets[0], strict=True) if t >= 0]
    expected = sorted(
        (weight(b, blocks) for b in all_proofs(program, [*asked, *program.condition])), reverse=True
    )
    inference = prepared(TopK(beam=beam), program)
    if inference is None:
        return
    found = inference.best_proofs(np.concatenate(blocks)[None], targets, k=4)
    scores = found.log_prob[0][np.isfinite(found.log_prob[0])]
    assert (np.diff(scores) <= ROUNDING).all()
    known = int(found.optimal[0].sum())
    assert found.optimal[0][:known].all()
    np.testing.assert_allclose(scores[:known], expected[:known], rtol=0, atol=ROUNDING)
    if beam > 2:
        assert known == len(scores) == min(4, len(expected))
    if len(expected) > len(scores):
        assert found.next_best[0] >= expected[len(scores)] - ROUNDING


@pytest.mark.parametrize("k", [2, 400])
@pytest.mark.parametrize("seed", range(PROGRAMS // 2))
def test_gradients_are_those_of_the_proofs_found(seed: int, k: int) -> None:
    """Through log-softmax the derivative is the posterior of a symbol's values less their prior."""
    program, beliefs, targets = question(seed)
    program = replace(program, condition=())
    every, starts = Assignments(program), np.array(program.offsets)
    inference = TopK(test_k=k, k=k, beam=20_000, perturb=0.0).prepare(program)
    proofs = inference.best_proofs(beliefs, targets)
    columns = every.values + starts[:-1]
    proved = np.zeros(len(columns), dtype=bool)
    for box, log in zip(proofs.allowed[0], proofs.log_prob[0], strict=True):
        if log > -np.inf:
            proved |= box[columns].all(axis=1)
    weights = every.weights(beliefs)[0] * proved
    scores = torch.tensor(beliefs, requires_grad=True)
    parts = torch.split(scores, np.diff(starts).tolist(), dim=1)
    found = inference.log_prob(torch.cat([p.log_softmax(1) for p in parts], dim=1), torch.tensor(targets))
    if not weights.sum():
        assert found.item() == -np.inf
        return
    assert found.item() == pytest.approx(np.log(weights.sum()), abs=ROUNDING)
    (slope,) = torch.autograd.grad(found.sum(), scores)
    posterior = np.zeros(program.width)
    for column in columns.T:
        np.add.at(posterior, column, weights / weights.sum())
    np.testing.assert_allclose(slope[0].numpy(), posterior - np.exp(beliefs[0]), rtol=0, atol=1e-8)


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_programs_with_recursion_negation_and_evidence(seed: int) -> None:
    try:
        program = ground(nesy.parse(text(random_program(Random(f"topk {seed}")))))
    except SemanticsError as error:
        if error.code not in ("negative-cycle", "inconsistent-evidence"):
            raise
        return
    inference = prepared(EVERY, program)
    every = Assignments(program)
    if inference is None:
        assert not every.accepted.any()
        return
    with np.errstate(divide="ignore"):
        row = np.log([[p for s in program.symbols for p in s.prior or ()]])
    if not every.condition(row)[0]:
        return
    for marginal, truth in zip(inference.marginals(row), every.marginals(row), strict=True):
        np.testing.assert_allclose(np.exp(marginal.log_probs), truth, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_cyclic_graphs(seed: int) -> None:
    asked = cyclic_question(seed)
    truth = sum(np.prod([asked.weights[s][v] for s, v in enumerate(world)]) for world in asked.allowed)
    found = answer(EVERY.prepare(asked.program), asked.beliefs, asked.targets)
    assert found == pytest.approx(float(truth), abs=ROUNDING)
