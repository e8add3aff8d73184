"""How well gradients estimated from samples agree with exact ones, and what they cost."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.evaluation.programs import random_beliefs, random_worlds
from nesy.engines.exact import Exact
from nesy.engines.inference import Inference
from nesy.engines.sampling import NoHitsWarning, Sampling, SamplingInference
from nesy.engines.sampling.engine import EstimatorName
from nesy.engines.sat import Sat
from nesy.errors import EngineError
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.program import GroundProgram
from nesy.nn.losses import per_output

EXAMPLES = 8
ESTIMATORS: tuple[EstimatorName, ...] = ("auto", "reinforce", "indecater", "importance")


def agreement(name: str, program: GroundProgram, samples: int, seed: int) -> list[dict[str, Any]]:
    """A row for each estimator: the cosine of its gradient with the exact one of the same likelihood.

    Gradients are those of the scores that beliefs are normalised from, of the mean loss of eight examples of
    random beliefs; for targets see `_targets`.
    """
    scores = torch.from_numpy(random_beliefs(program, EXAMPLES, seed)).requires_grad_()
    exact = Exact().prepare(program)
    targets = _targets(program, _normalised(program, scores), seed)
    rows = []
    for estimator in ESTIMATORS:
        inference = Sampling(samples, seed, estimator).build(program)
        wanted = _gradient(
            _exact_loss(exact, _normalised(program, scores), targets, inference.likelihood), scores
        )
        about = {
            "program": name,
            "estimator": estimator,
            "likelihood": inference.likelihood,
            "samples": samples,
        }
        rows.append({**about, **_compared(inference, program, scores, targets, wanted)})
    return rows


def _compared(
    inference: SamplingInference, program: GroundProgram, scores: Tensor, targets: Tensor, wanted: Tensor
) -> dict[str, Any]:
    """Cosine and cost; None where random worlds never meet the condition. The first call does not count."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoHitsWarning)
        try:
            inference.loss(_normalised(program, scores), targets)
        except EngineError:
            return {"cosine": None, "milliseconds": None, "without_hits": EXAMPLES}
        start = time.process_time()
        found = _gradient(inference.loss(_normalised(program, scores), targets), scores)
    seconds = time.process_time() - start
    diagnostics = inference.diagnostics
    assert diagnostics is not None
    return {
        "cosine": round(float(torch.cosine_similarity(found, wanted, dim=0)), 5),
        "milliseconds": round(1e3 * seconds / EXAMPLES, 3),
        "without_hits": diagnostics.without_hits,
    }


def _targets(program: GroundProgram, beliefs: Tensor, seed: int) -> Tensor:
    """(8, m): of one output each of its values in turn; of several, those of consistent random worlds.

    Where no random world is consistent, those of the most probable world that is.
    """
    if len(program.outputs) == 1:
        return (torch.arange(EXAMPLES) % len(program.outputs[0].domain))[:, None]
    found = OutputEvaluator(program).evaluate(random_worlds(program, 200_000, seed)[None])
    kept = found.values[0][found.consistent[0]]
    if not len(kept):
        best = np.maximum(Sat().build(program).best_worlds(beliefs.detach().numpy()).values, 0)
        return torch.from_numpy(OutputEvaluator(program).evaluate(best).values[:, 0])
    return torch.from_numpy(kept[np.arange(EXAMPLES) % len(kept)])


def _normalised(program: GroundProgram, scores: Tensor) -> Tensor:
    sizes = [len(symbol.values) for symbol in program.symbols]
    return torch.cat([part.log_softmax(dim=1) for part in torch.split(scores, sizes, dim=1)], dim=1)


def _exact_loss(exact: Inference, beliefs: Tensor, targets: Tensor, likelihood: str) -> Tensor:
    if likelihood == "joint":
        loss: Tensor = exact.loss(beliefs, targets)
        return loss
    return per_output([m.log_probs for m in exact.marginals(beliefs)], targets).mean()


def _gradient(loss: Tensor, scores: Tensor) -> Tensor:
    return torch.autograd.grad(loss, scores)[0].flatten()
