"""What every engine must do: subclass `EngineConformance` and name the engine.

Each answer is held to what the engine promises of it: exact answers to rounding, bounds to their side of
the truth, estimates to their standard error.
"""

from __future__ import annotations

from abc import ABC
from functools import cache
from typing import ClassVar

import numpy as np
import pytest
import torch

from nesy.engines.inference import Engine, Guarantee, Inference
from nesy.engines.registry import resolve
from nesy.errors import EngineError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output
from tests.conformance.cases import CASES, Case
from tests.conformance.problems import Problem, problem
from tests.oracles.ground import Floats

EXACT = 1e-9
"""Rounding of float64 through circuits of some hundred nodes."""
STANDARD_ERRORS = 5.0
"""An estimate this far off happens once in two million; the draws are seeded."""
STEPS = 80
RATE = 0.3


@cache
def prepared(engine: str | Engine, case: Case) -> Inference | EngineError:
    """The inference for a case, made once; or the engine's refusal."""
    try:
        return resolve(engine).prepare(problem(case).program)
    except EngineError as refusal:
        return refusal


class EngineConformance(ABC):
    """The corpus on one engine.

    engine: a name, or an engine with options.
    draws: for estimates, how many worlds one is an average of.
    """

    engine: ClassVar[str | Engine]
    draws: ClassVar[int] = 0

    @pytest.fixture(params=CASES, ids=lambda case: case.name)
    def problem(self, request: pytest.FixtureRequest) -> Problem:
        return problem(request.param)

    @pytest.fixture
    def inference(self, problem: Problem) -> Inference:
        """The engine at work on a case; a case that it refuses is skipped with its reason."""
        made = prepared(self.engine, problem.case)
        if isinstance(made, EngineError):
            assert made.code == "unsupported-task", made
            pytest.skip(made.message)
        return made

    def check(self, guarantee: Guarantee, log_probs: Floats, truth: Floats, error: Floats | None) -> None:
        """Hold answers to their guarantee. error: the standard error of estimates."""
        assert log_probs.shape == truth.shape
        assert not np.isnan(log_probs).any()
        answers = np.exp(log_probs)
        assert (answers <= 1 + EXACT).all()
        assert np.isneginf(log_probs[truth == 0]).all(), "what is impossible has probability 0"
        if guarantee is Guarantee.ESTIMATE:
            assert error is not None, "an estimate says how far off it may be"
            assert np.isfinite(error).all()
            np.testing.assert_array_less(np.abs(answers - truth), STANDARD_ERRORS * error + EXACT)
            return
        assert (np.isneginf(log_probs) == (truth == 0)).all(), "what is possible has a probability above 0"
        if guarantee is Guarantee.EXACT:
            np.testing.assert_allclose(answers, truth, rtol=0, atol=EXACT)
        elif guarantee is Guarantee.LOWER_BOUND:
            assert (answers <= truth + EXACT).all()
        else:
            assert (answers >= truth - EXACT).all()

    def error(self, problem: Problem, beliefs: Floats, truth: Floats) -> Floats | None:
        """Of an average of `draws` worlds, of which those outside the condition are lost."""
        if not self.draws:
            return None
        kept = self.draws * problem.oracle.condition(beliefs)
        smoothed = (truth * kept + 1) / (kept + 2)  # never 0: few hits are no proof
        return np.asarray(np.sqrt(smoothed * (1 - smoothed) / (kept + 2)))

    def test_some_cases_are_taken(self) -> None:
        taken = [c.name for c in CASES if isinstance(prepared(self.engine, c), Inference)]
        assert len(taken) > len(CASES) / 2, "an engine that refuses most of the corpus is not one"

    def test_estimates_come_with_draws(self, inference: Inference) -> None:
        assert (inference.guarantee is Guarantee.ESTIMATE) == (self.draws > 0)

    def test_golden_answers(self, problem: Problem, inference: Inference) -> None:
        """The answers written beside the program, at its own probabilities."""
        marginals = inference.marginals(problem.prior)
        for output, marginal in zip(problem.program.outputs, marginals, strict=True):
            answers = problem.case.answers[output.name]
            truth = np.array([[float(answers.get(value, 0)) for value in output.domain]])
            self.check(inference.guarantee, marginal.log_probs, truth, marginal.standard_error)

    @pytest.mark.parametrize("sharp", [False, True], ids=["soft", "sharp"])
    def test_marginals(self, problem: Problem, inference: Inference, sharp: bool) -> None:
        beliefs = problem.sharp if sharp else problem.beliefs
        marginals = inference.marginals(beliefs)
        for marginal, truth in zip(marginals, problem.oracle.marginals(beliefs), strict=True):
            self.check(inference.guarantee, marginal.log_probs, truth, marginal.standard_error)
            self.check_error_is_honest(problem, beliefs, marginal.standard_error)

    def check_error_is_honest(self, problem: Problem, beliefs: Floats, error: Floats | None) -> None:
        """A standard error so large that nothing can miss it promises nothing."""
        if error is None:
            return
        kept = self.draws * problem.oracle.condition(beliefs)[:, None]
        assert (error <= 1 / np.sqrt(kept)).all()

    @pytest.mark.parametrize("sharp", [False, True], ids=["soft", "sharp"])
    def test_log_prob(self, problem: Problem, inference: Inference, sharp: bool) -> None:
        """Whole and partial targets, possible and impossible ones."""
        for row in (problem.sharp if sharp else problem.beliefs)[:2]:
            beliefs = problem.repeated(row)
            truth = problem.oracle.probability(beliefs, problem.targets)
            answer = inference.log_prob(beliefs, problem.targets)
            self.check(inference.guarantee, answer, truth, self.error(problem, beliefs, truth))

    def test_what_is_not_observed_sums_out(self, problem: Problem, inference: Inference) -> None:
        """Over all values of all outputs, and over those of one with the others unobserved."""
        every = problem.joint_targets()
        groups = [every]
        for output, size in enumerate(problem.sizes):
            alone = np.full((size, len(problem.sizes)), -1)
            alone[:, output] = np.arange(size)
            groups.append(alone)
        for targets in groups:
            beliefs = np.repeat(problem.beliefs[:1], len(targets), axis=0)
            total = np.exp(inference.log_prob(beliefs, targets)).sum()
            if inference.guarantee is Guarantee.EXACT:
                assert total == pytest.approx(1, abs=EXACT)
            elif inference.guarantee is Guarantee.LOWER_BOUND:
                assert 0 < total <= 1 + EXACT
            elif inference.guarantee is Guarantee.ESTIMATE:
                kept = self.draws * problem.oracle.condition(beliefs)[0]
                assert total == pytest.approx(1, abs=STANDARD_ERRORS * np.sqrt(len(targets) / kept))

    def test_nothing_observed_is_certain(self, problem: Problem, inference: Inference) -> None:
        nothing = np.full((len(problem.beliefs), len(problem.sizes)), -1)
        answer = np.exp(inference.log_prob(problem.beliefs, nothing))
        truth = np.ones(len(nothing))
        self.check(inference.guarantee, np.log(answer), truth, self.error(problem, problem.beliefs, truth))

    def test_predictions_are_possible_values(self, problem: Problem, inference: Inference) -> None:
        for beliefs in (problem.prior, problem.beliefs, problem.sharp):
            guess = inference.predict(beliefs)
            assert guess.shape == (len(beliefs), len(problem.sizes))
            assert np.issubdtype(guess.dtype, np.int64)
            for column, marginal in zip(guess.T, problem.oracle.marginals(beliefs), strict=True):
                assert (column >= 0).all()
                assert (marginal[np.arange(len(beliefs)), column] > 0).all()

    def test_predictions_where_the_beliefs_are_sure(self, problem: Problem, inference: Inference) -> None:
        """One world has nearly all the weight: its outputs are the prediction."""
        accepted = problem.oracle.values[problem.oracle.accepted]
        world = accepted[len(accepted) // 2]
        scores = np.full((1, problem.program.width), -12.0)
        scores[0, np.array(problem.program.offsets[:-1]) + world] = 0.0
        beliefs = problem.normalised(scores)
        assert (inference.predict(beliefs) == problem.likely_targets(beliefs)).all()

    @pytest.mark.parametrize("partial", [False, True], ids=["whole", "partial"])
    @pytest.mark.parametrize("sharp", [False, True], ids=["soft", "sharp"])
    def test_loss_and_gradient_are_finite(
        self, problem: Problem, inference: Inference, sharp: bool, partial: bool
    ) -> None:
        beliefs = torch.tensor(problem.sharp if sharp else problem.beliefs, requires_grad=True)
        targets = torch.tensor(problem.likely_targets(beliefs.detach().numpy()))
        if partial:
            targets[0] = -1
            targets[1:, -1] = -1
        loss = inference.loss(beliefs, targets)
        assert loss.shape == ()
        assert torch.isfinite(loss)
        if not loss.requires_grad:
            return  # nothing that was observed depends on a symbol
        (gradient,) = torch.autograd.grad(loss, beliefs)
        assert torch.isfinite(gradient).all()

    def test_training_on_the_loss_makes_the_target_likelier(
        self, problem: Problem, inference: Inference
    ) -> None:
        target = problem.likely_targets(problem.beliefs)[:1]
        before = problem.oracle.probability(problem.beliefs[:1], target)[0]
        scores = torch.tensor(problem.scores[:1], requires_grad=True)
        optimiser = torch.optim.Adam([scores], lr=RATE)
        sizes = np.diff(problem.program.offsets).tolist()
        for _ in range(STEPS):
            beliefs = torch.cat([b.log_softmax(1) for b in torch.split(scores, sizes, dim=1)], dim=1)
            loss = inference.loss(beliefs, torch.tensor(target))
            if not loss.requires_grad:
                break
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        trained = problem.normalised(scores.detach().numpy())
        after = problem.oracle.probability(trained, target)[0]
        assert after >= min(0.9, 1 - (1 - before) / 2)

    def test_a_program_without_symbols(self) -> None:
        program = GroundProgram((), Graph(), (Output("fact", ("false", "true"), (Lit(-1), Lit(1))),))
        inference, rows = resolve(self.engine).prepare(program), np.zeros((2, 0))
        assert inference.predict(rows).tolist() == [[1], [1]]
        assert inference.log_prob(rows, np.array([[1], [0]])).tolist() == [0.0, -np.inf]
        assert inference.marginals(rows)[0].log_probs.tolist() == [[-np.inf, 0.0]] * 2

    def test_rows_do_not_depend_on_one_another(self, problem: Problem, inference: Inference) -> None:
        """The middle row alone, and among other rows in another order."""
        beliefs, targets = problem.beliefs, problem.likely_targets(problem.beliefs)
        others = np.array([3, 1, 0])
        truth = problem.oracle.probability(beliefs, targets)
        together = inference.log_prob(beliefs, targets)[1]
        for rows in (np.array([1]), others):
            alone = inference.log_prob(beliefs[rows], targets[rows])[list(rows).index(1)]
            if inference.guarantee is Guarantee.ESTIMATE:
                error = self.error(problem, beliefs, truth)
                assert error is not None
                assert abs(np.exp(together) - np.exp(alone)) <= STANDARD_ERRORS * np.sqrt(2) * error[1]
            else:
                assert together == pytest.approx(alone, abs=1e-12)

    def test_answers_come_in_the_kind_they_were_asked_in(
        self, problem: Problem, inference: Inference
    ) -> None:
        rows, targets = problem.beliefs, problem.likely_targets(problem.beliefs)
        tensors = torch.tensor(rows), torch.tensor(targets)
        for kind, (beliefs, wanted) in ((np.ndarray, (rows, targets)), (torch.Tensor, tensors)):
            log_prob = inference.log_prob(beliefs, wanted)
            assert isinstance(log_prob, kind)
            assert log_prob.shape == (len(rows),)
            assert isinstance(inference.predict(beliefs), kind)
            assert all(isinstance(m.log_probs, kind) for m in inference.marginals(beliefs))

    def test_single_precision_is_answered_in_single_precision(
        self, problem: Problem, inference: Inference
    ) -> None:
        beliefs = torch.tensor(problem.beliefs, dtype=torch.float32)
        targets = problem.likely_targets(problem.beliefs)
        answer = inference.log_prob(beliefs, torch.tensor(targets))
        assert answer.dtype == torch.float32
        if inference.guarantee is Guarantee.EXACT:
            truth = problem.oracle.probability(problem.beliefs, targets)
            np.testing.assert_allclose(np.exp(answer.numpy()), truth, rtol=1e-4)
