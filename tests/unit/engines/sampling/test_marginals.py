"""Gradients of marginals: those of the worlds that were counted, of random ones and of guided ones."""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

import nesy
from nesy.engines.exact import Exact
from nesy.engines.inference import Inference
from nesy.engines.sampling import NoHitsWarning, Sampling, counting
from nesy.engines.sampling.engine import EstimatorName
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.oracles.ground import Assignments
from tests.unit.engines import problems
from tests.unit.engines.sampling.test_sampling import violations

Z = 5.0
"""Standard errors that a mean may be off: once in 1.7 million comparisons; the draws are seeded."""

pytestmark = pytest.mark.usefixtures("one_thread")


def normalised(program: GroundProgram, scores: Tensor) -> Tensor:
    blocks = [scores[:, a:b].log_softmax(dim=1) for a, b in pairwise(program.offsets)]
    return torch.cat(blocks, dim=1)


def coloured_ring(count: int = 8) -> GroundProgram:
    """The colours of two that are no neighbours, in a ring in which no two neighbours are alike."""
    ring = violations(count)
    graph, (violated,) = ring.graph, ring.outputs
    colours = (
        Output(f"colour({i})", (0, 1, 2), tuple(graph.leaf(i, c) for c in range(3))) for i in (2, count - 2)
    )
    return GroundProgram(ring.symbols, graph, tuple(colours), (violated.literals[0],))


def cross_entropy(inference: Inference, rows: Tensor, targets: Tensor) -> Tensor:
    """Of distributions over the values of all outputs side by side, (B, values)."""
    logs = torch.cat([m.log_probs for m in inference.marginals(rows)], dim=1)
    return -(targets * logs.masked_fill(targets == 0, 0.0)).sum(dim=1).mean()


PROGRAMS = {
    "sum": problems.addition(),
    "carries": problems.carry_chain(1),
    "conditioned": problems.random_program(5),
    "ring": coloured_ring(),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("estimator", ["auto", "reinforce"])
def test_they_point_where_the_exact_ones_do(name: str, estimator: EstimatorName) -> None:
    """The ring's condition is met by guided draws with `auto`, waited for with `reinforce`."""
    program = PROGRAMS[name]
    scores = torch.from_numpy(problems.beliefs(program, 6, 0, sharpness=0.5)).requires_grad_()
    rows = normalised(program, scores)
    generator = torch.Generator().manual_seed(1)
    values = sum(len(o.domain) for o in program.outputs)
    targets = torch.rand((6, values), generator=generator, dtype=torch.float64)
    exact = Exact().prepare(program)
    possible = torch.cat([m.log_probs for m in exact.marginals(rows)], dim=1) > -4.0
    targets = targets * possible
    (wanted,) = torch.autograd.grad(cross_entropy(exact, rows, targets), scores, retain_graph=True)
    inference = Sampling(1 << 16, estimator=estimator).prepare(program)
    (found,) = torch.autograd.grad(cross_entropy(inference, rows, targets), scores)
    assert torch.cosine_similarity(found.flatten(), wanted.flatten(), dim=0) >= 0.99
    assert found.norm().item() == pytest.approx(wanted.norm().item(), rel=0.1)


@pytest.mark.parametrize(("program", "exactly"), [(problems.addition(), True), (coloured_ring(5), False)])
def test_gradients_of_shares_are_unbiased(program: GroundProgram, *, exactly: bool) -> None:
    """Of what is weighed by the condition, the bias is of the order of 1 / samples."""
    repeats, samples = 600, 128
    row = problems.beliefs(program, 1, 4)[0]
    oracle = Assignments(program)
    weights = oracle.weights(row[None])[0] * oracle.accepted
    weights = weights / weights.sum()
    weight = np.random.default_rng(0).normal(size=len(program.outputs[0].domain))
    worth = weight @ oracle.truths[0]
    together = np.zeros(program.width)
    for symbol, start in enumerate(program.offsets[:-1]):
        covariance = weights * (worth - weights @ worth)
        np.add.at(together, start + oracle.values[:, symbol], covariance)
    rows = torch.from_numpy(row).repeat(repeats, 1).requires_grad_()
    logs = Sampling(samples).prepare(program).marginals(rows)[0].log_probs
    (found,) = torch.autograd.grad((logs.exp() * torch.from_numpy(weight)).sum(), rows)
    error = found.std(dim=0).numpy() / np.sqrt(repeats)
    off = np.abs(found.mean(dim=0).numpy() - together)
    assert (off <= Z * error + (1e-12 if exactly else 2.0 * np.abs(weight).max() / samples)).all()
    assert np.abs(together).max() > 4 * error.max(), "the test could not tell this gradient from 0"


@pytest.mark.parametrize("estimator", ["auto", "reinforce"])
def test_a_symbol_moves_only_what_depends_on_it(estimator: EstimatorName) -> None:
    program = problems.carry_chain(2)
    rows = torch.from_numpy(problems.beliefs(program, 1, 0)).requires_grad_()
    first = Sampling(estimator=estimator).prepare(program).marginals(rows)[0].log_probs
    (found,) = torch.autograd.grad(first.exp()[0, 3], rows)
    assert found[0, :20].any()
    assert not found[0, 20:].any()


def test_nor_do_guided_worlds_move_a_symbol_that_nothing_depends_on() -> None:
    ring = coloured_ring(5)
    coin = Output("coin", (0, 1), (ring.graph.leaf(5, 0), ring.graph.leaf(5, 1)))
    symbols = (*ring.symbols, Symbol("coin", ("0", "1")))
    program = GroundProgram(symbols, ring.graph, (*ring.outputs, coin), ring.condition)
    rows = torch.from_numpy(problems.beliefs(program, 1, 0)).requires_grad_()
    marginals = Sampling(256).prepare(program).marginals(rows)
    (found,) = torch.autograd.grad(marginals[0].log_probs[0, 1], rows, retain_graph=True)
    assert found[0, :15].all()
    assert not found[0, 15:].any()
    (found,) = torch.autograd.grad(marginals[-1].log_probs[0, 1], rows)
    assert found[0, 15:].all()


def test_the_worlds_of_the_gradient_are_those_that_were_counted() -> None:
    """One value held by every world: any other worlds would give another gradient than zero."""
    program = problems.addition()
    rows = torch.full((1, 20), 1e-3).log()
    rows[:, [3, 14]] = np.log(1 - 9e-3)
    rows.requires_grad_()
    for seed in range(20):
        logs = Sampling(64, seed=seed).prepare(program).marginals(rows)[0].log_probs
        (found,) = torch.autograd.grad(logs[0, 7], rows)
        assert found.any() == bool(logs[0, 7] < 0)


def test_nothing_is_counted_again_where_no_gradient_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    program, counted = problems.addition(), []
    rows = torch.from_numpy(problems.beliefs(program, 2, 0))
    monkeypatch.setattr(counting, "score", lambda *_: counted.append(1))
    inference = Sampling(64).prepare(program)
    wanted = rows.clone().requires_grad_()
    assert not inference.marginals(rows)[0].log_probs.requires_grad
    with torch.no_grad():
        assert not inference.marginals(wanted)[0].log_probs.requires_grad
    logs = inference.marginals(wanted)[0].log_probs
    assert not counted
    logs.exp().sum().backward()  # type: ignore[no-untyped-call]
    assert counted


def test_a_value_without_a_hit_moves_nothing_and_is_said() -> None:
    program = problems.addition()
    rows = torch.full((2, 20), -torch.inf)
    rows[:, [0, 10]] = 0.0  # 0 + 0, for certain
    rows[1, [1, 11]] = rows[1, [0, 10]] = np.log(0.5)
    rows.requires_grad_()
    logs = Sampling(64).prepare(program).marginals(rows)[0].log_probs
    assert logs[0, 0] == 0.0
    with pytest.warns(NoHitsWarning, match="1 of 2 examples, the first of them 1: .*raise samples"):
        (found,) = torch.autograd.grad(logs[0, 0] + logs[1, [2, 18]].sum(), rows, retain_graph=True)
    assert found.isfinite().all()
    assert not found[0].any()
    # What an impossible value is multiplied by 0 for nobody asks.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (found,) = torch.autograd.grad(logs.exp()[:, 1:].sum(), rows)
    assert found.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [0, 3])
@pytest.mark.parametrize("name", ["sum", "ring"])
def test_they_come_in_the_kind_given(dtype: torch.dtype, batch: int, name: str) -> None:
    program = PROGRAMS[name]
    rows = torch.from_numpy(problems.beliefs(program, 3, 0)).to(dtype)[:batch].requires_grad_()
    marginals = Sampling(64).prepare(program).marginals(rows)
    assert [m.log_probs.shape for m in marginals] == [(batch, len(o.domain)) for o in program.outputs]
    sum(m.log_probs.exp().sum() for m in marginals).backward()  # type: ignore[union-attr, no-untyped-call]
    assert rows.grad is not None
    assert rows.grad.dtype == dtype
    assert rows.grad.isfinite().all()


RULES = """
nn(digit_net, [X], D, 0..3) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""


def test_soft_targets_train_the_networks() -> None:
    torch.manual_seed(0)
    network = torch.nn.Linear(4, 4, dtype=torch.float64)
    networks = {"digit_net": nesy.logits(network)}
    images = {name: torch.eye(4, dtype=torch.float64) for name in ("a", "b")}
    targets = torch.full((4, 7), 0.1 / 7, dtype=torch.float64)
    targets[range(4), range(0, 8, 2)] += 0.9
    found = {}
    for engine in (Sampling(1 << 14), "exact"):
        model = nesy.Model(nesy.parse(RULES), networks, "addition(a, b, S)", "S", engine=engine)
        network.zero_grad()
        model.loss(targets, **images).backward()
        assert network.weight.grad is not None
        found[str(engine)] = network.weight.grad.flatten().clone()
    one, other = found.values()
    assert torch.cosine_similarity(one, other, dim=0) >= 0.99
