"""What engines make of beliefs and targets that do not fit the program: an error, never an answer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nesy.engines.auto import Auto
from nesy.engines.diffusion import Diffusion
from nesy.engines.exact import Exact
from nesy.engines.inference import Engine
from nesy.engines.sampling import Sampling
from nesy.engines.topk import TopK
from nesy.errors import NesyError
from tests.unit.engines.problems import beliefs, carry_chain

ENGINES = (Exact(), Auto(), TopK(), Sampling(16), Diffusion(samples=16, candidates=4, draws=16))
ROWS = beliefs(carry_chain(1), 2, seed=0)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("shape", [(1, 2), (3, 2), (2, 1), (2, 3), (2,), (2, 2, 1)], ids=str)
def test_targets_of_another_shape(engine: Engine, shape: tuple[int, ...]) -> None:
    inference = engine.prepare(carry_chain(1))
    for ask in (inference.log_prob, inference.loss):
        for rows, targets in (
            (ROWS, np.zeros(shape, dtype=np.int64)),
            (torch.tensor(ROWS), torch.zeros(shape, dtype=torch.int64)),
        ):
            with pytest.raises(NesyError) as refusal:
                ask(rows, targets)
            assert refusal.value.code == "wrong-shape"
            assert str(shape).replace(",)", ")") in refusal.value.message


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("shape", [(2, 10), (2, 23), (22,)], ids=str)
def test_beliefs_of_another_shape(engine: Engine, shape: tuple[int, ...]) -> None:
    inference = engine.prepare(carry_chain(1))
    for ask in (inference.marginals, inference.predict):
        for rows in (np.zeros(shape), torch.zeros(shape)):
            with pytest.raises(NesyError) as refusal:
                ask(rows)
            assert refusal.value.code == "wrong-shape"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("target", [[10, 0], [0, 2], [-2, 0], [0, -2]], ids=str)
def test_targets_that_name_no_value(engine: Engine, target: list[int]) -> None:
    """Tensors given to the exact engine are looked at by the model, once."""
    inference = engine.prepare(carry_chain(1))
    given = [(ROWS, np.array([[0, 0], target]))]
    if engine.name in ("topk", "sampling", "diffusion"):
        given.append((torch.tensor(ROWS), torch.tensor([[0, 0], target])))
    for rows, targets in given:
        with pytest.raises(NesyError, match="example 1 of the batch") as refusal:
            inference.log_prob(rows, targets)
        assert refusal.value.code == "target-out-of-range"
