"""What the diffusion engine says of random programs, some of whose values are impossible, against all worlds.

The environment variable NESY_DIFFUSION_PROGRAMS says how many programs are looked at.
"""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
import pytest
import torch

from nesy.engines.diffusion import Diffusion
from nesy.engines.diffusion.inference import DiffusionInference
from nesy.errors import EngineError
from nesy.logic.program import GroundProgram
from tests.unit.engines import problems
from tests.unit.engines.diffusion.problems import read_by_network

PROGRAMS = int(os.environ.get("NESY_DIFFUSION_PROGRAMS", "12"))

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore::nesy.engines.sampling.NoHitsWarning"),
]


def rows_of(program: GroundProgram, seed: int) -> np.ndarray:
    """(4, V) beliefs in which about a third of the symbols have impossible values; of possible conditions."""
    rng = np.random.default_rng(seed)
    rows = problems.beliefs(program, 4, seed, sharpness=2.0)
    for row in rows:
        for low, high in pairwise(program.offsets):
            if rng.random() < 0.35:
                impossible = rng.random(high - low) < 0.5
                impossible[rng.integers(high - low)] = False
                row[low:high][impossible] = -np.inf
                row[low:high] -= np.logaddexp.reduce(row[low:high])
    possible = [any(w.probability > 0 for w in problems.worlds(program, row)) for row in rows]
    return rows[possible]


def disturbed(program: GroundProgram, seed: int) -> DiffusionInference:
    """An inference whose network, where it has one, says something."""
    engine = Diffusion(samples=64, candidates=64, draws=256, votes=32, width=8, steps=4, seed=seed)
    inference = engine.build(program)
    if inference.networks is not None:
        torch.manual_seed(seed)
        torch.nn.init.normal_(inference.networks.answer, std=0.5)
    return inference


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_nothing_impossible_is_said_and_nothing_is_no_number(seed: int, dtype: torch.dtype) -> None:
    program = problems.random_program(seed, conditioned=bool(seed % 2))
    program = read_by_network(program) if seed % 3 else program
    rows = rows_of(program, seed)
    if not len(rows):
        return
    inference, beliefs = disturbed(program, seed), torch.tensor(rows, dtype=dtype, requires_grad=True)
    worlds = [[w for w in problems.worlds(program, row) if w.probability > 0] for row in rows]
    possible = [
        [
            [any(problems.holds(program.graph, x, w.values) for w in among) for x in o.literals]
            for o in program.outputs
        ]
        for among in worlds
    ]
    try:
        predicted = inference.predict(beliefs.detach())
        marginals = inference.marginals(beliefs.detach())
        observed = inference.log_prob(beliefs, predicted)
    except EngineError as error:
        if error.code != "condition-never-met":
            raise
        return
    for row, values in enumerate(predicted.tolist()):
        assert all(possible[row][output][value] for output, value in enumerate(values))
    for output, marginal in enumerate(marginals):
        for row, logs in enumerate(marginal.log_probs.exp().tolist()):
            assert not any(p for p, can in zip(logs, possible[row][output], strict=True) if not can)
            assert sum(logs) <= 1 + 1e-5
    loss = inference.loss(beliefs, predicted)
    assert loss.dtype == dtype
    assert loss.isfinite()
    assert not observed.isnan().any()
    for answer in (loss, observed.sum()):
        (slope,) = torch.autograd.grad(answer, beliefs, allow_unused=True)
        assert slope is None or slope.isfinite().all()
