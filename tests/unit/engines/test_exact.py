"""The exact engine against enumeration of all worlds; its circuits, its gradients, its refusals."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from torch import Tensor

import nesy
from nesy.circuit.circuit import Circuit
from nesy.engines.auto import Auto
from nesy.engines.exact import Exact, ExactInference
from nesy.engines.inference import Guarantee
from nesy.errors import NesyError
from nesy.grounding import Template, ground
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.problems import addition, carry_chain, probability, random_program
from tests.unit.nn.programs import CARRY

ROUNDING = 1e-10
"""A few thousand additions in another order, in float64."""

SEEDS = range(12)


def prepared(program: GroundProgram) -> ExactInference:
    inference = Exact().prepare(program)
    assert isinstance(inference, ExactInference)
    return inference


def every_target(program: GroundProgram) -> list[tuple[int, ...]]:
    """All combinations of values, each output also unobserved."""
    return list(product(*(range(-1, len(o.domain)) for o in program.outputs)))


@pytest.mark.parametrize("conditioned", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_marginals(seed: int, conditioned: bool) -> None:
    program = random_program(seed, conditioned=conditioned)
    rows = problems.beliefs(program, 3, seed)
    inference = prepared(program)
    assert inference.guarantee is Guarantee.EXACT
    for index, (output, marginal) in enumerate(zip(program.outputs, inference.marginals(rows), strict=True)):
        assert marginal.log_probs.shape == (3, len(output.domain))
        assert marginal.standard_error is None
        for (b, row), value in product(enumerate(rows), range(len(output.domain))):
            target = tuple(value if i == index else -1 for i in range(len(program.outputs)))
            assert np.exp(marginal.log_probs[b, value]) == pytest.approx(
                probability(program, row, target), abs=ROUNDING
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_joint_log_prob_of_whole_and_partial_targets(seed: int) -> None:
    program = random_program(seed)
    row = problems.beliefs(program, 1, seed)[0]
    targets = every_target(program)
    whole = [t for t in targets if min(t) >= 0]
    inference = prepared(program)
    for chosen in (whole, targets):  # without and with the value "not observed"
        found = inference.log_prob(np.tile(row, (len(chosen), 1)), np.array(chosen))
        expected = [probability(program, row, t) for t in chosen]
        np.testing.assert_allclose(np.exp(found), expected, atol=ROUNDING)


def test_one_output_whole_and_unobserved() -> None:
    program = addition()
    rows = problems.beliefs(program, 20, 0)
    targets = np.arange(-1, 19)[:, None]
    found = np.exp(prepared(program).log_prob(rows, targets))
    sums = [np.convolve(np.exp(r[:10]), np.exp(r[10:])) for r in rows]
    expected = [1.0, *(sums[t + 1][t] for t in range(19))]
    np.testing.assert_allclose(found, expected, atol=ROUNDING)


def test_predict_gives_each_outputs_own_best_value() -> None:
    program = carry_chain(1)
    rows = problems.beliefs(program, 20, 1, sharpness=2.0)
    guess = prepared(program).predict(rows)
    assert guess.dtype == np.int64
    for row, (digit, carry) in zip(rows, guess, strict=True):
        sums = np.convolve(np.exp(row[:10]), np.exp(row[10:]))
        digits = [sums[d] + (sums[d + 10] if d < 9 else 0) for d in range(10)]
        assert digit == np.argmax(digits)
        assert carry == (sums[10:].sum() > 0.5)


def test_one_output_needs_no_joint_circuit() -> None:
    inference = prepared(addition())
    inference.warm_up()
    rows = problems.beliefs(addition(), 2, 0)
    inference.log_prob(rows, np.array([[3], [-1]]))
    assert inference.circuits == (inference.values,)
    assert "joint" not in vars(inference)
    assert "partial" not in vars(inference)


def test_the_partial_circuit_is_built_when_it_is_first_needed() -> None:
    program = carry_chain(1)
    inference = prepared(program)
    inference.warm_up()
    assert inference.circuits == (inference.values, inference.joint)
    rows = problems.beliefs(program, 1, 0)
    inference.log_prob(rows, np.array([[3, 1]]))
    assert "partial" not in vars(inference)
    inference.log_prob(rows, np.array([[3, -1]]))
    assert isinstance(vars(inference)["partial"], Circuit)


def test_nothing_is_compiled_twice() -> None:
    inference = prepared(carry_chain(1))
    assert inference.joint is inference.joint
    assert inference.values is inference.values


def test_evidence_against_itself_is_refused_at_once() -> None:
    graph = Graph()
    leaf = graph.leaf(0, 0)
    program = GroundProgram(
        (Symbol("s", ("false", "true")),),
        graph,
        (Output("s", ("false", "true"), (Lit(-leaf), leaf)),),
        condition=(leaf, Lit(-leaf)),
    )
    with pytest.raises(NesyError, match=r"inconsistent-evidence.*no world satisfies") as caught:
        prepared(program)
    hint = caught.value.hint or ""
    assert hint.startswith("remove pieces of evidence one by one to see which contradict the rules")
    assert "nesy.explain(program)" in hint
    assert "nesy.repair(program)" in hint
    assert caught.value.span is None, "this program has no text"


def test_evidence_of_probability_zero_makes_everything_impossible() -> None:
    """Whether it is impossible is up to the beliefs: other examples of the batch are not touched."""
    graph = Graph()
    a, b = graph.leaf(0, 1), graph.leaf(1, 1)
    symbols = (Symbol("a", ("false", "true")), Symbol("b", ("false", "true")))
    program = GroundProgram(symbols, graph, (Output("b", ("false", "true"), (Lit(-b), b)),), condition=(a,))
    half = np.log(0.5)
    rows = torch.tensor([[0.0, -np.inf, half, half], [half, half, half, half]], requires_grad=True)
    inference = prepared(program)
    (marginal,) = inference.marginals(rows)
    assert marginal.log_probs[0].tolist() == [-np.inf, -np.inf]
    assert marginal.log_probs[1].exp().tolist() == pytest.approx([0.5, 0.5])
    log_prob = inference.log_prob(rows, torch.tensor([[1], [1]]))
    log_prob.sum().backward()
    assert rows.grad is not None
    assert rows.grad.isfinite().all()
    assert not rows.grad[0].any()


def test_an_impossible_target_has_infinite_loss_and_no_gradient() -> None:
    for program, impossible in ((addition(), [18]), (carry_chain(1), [9, 1])):
        rows = torch.tensor(problems.beliefs(program, 1, 0))
        rows[0, :10] = -torch.inf
        rows[0, 0] = 0.0
        rows.requires_grad_()
        loss = prepared(program).loss(rows, torch.tensor([impossible]))
        assert loss.item() == torch.inf
        loss.backward()
        assert rows.grad is not None
        assert not rows.grad.any()


@pytest.mark.parametrize("program", [addition(), carry_chain(1), random_program(3), random_program(7)])
def test_gradients_against_finite_differences(program: GroundProgram) -> None:
    inference = prepared(program)
    rng = np.random.default_rng(0)
    scores = torch.tensor(rng.normal(size=(2, program.width)), requires_grad=True)
    likely = inference.predict(problems.beliefs(program, 2, 0))
    targets = torch.tensor(likely)
    targets[1, 0] = -1

    def loss(values: Tensor) -> Tensor:
        blocks = [values[:, a:b].log_softmax(dim=1) for a, b in pairwise(program.offsets)]
        found: Tensor = inference.loss(torch.cat(blocks, dim=1), targets)
        return found

    assert loss(scores).isfinite(), "an impossible target would make this test an empty one"
    assert torch.autograd.gradcheck(loss, (scores,))


def test_a_value_may_hold_beside_another() -> None:
    """Outputs need not be functions of the symbols: here both values, one, or none may hold."""
    graph = Graph()
    a, b = graph.leaf(0, 1), graph.leaf(1, 1)
    symbols = (Symbol("a", ("false", "true")), Symbol("b", ("false", "true")))
    program = GroundProgram(symbols, graph, (Output("either", ("a", "b"), (a, b)),))
    rows = np.log([[0.7, 0.3, 0.4, 0.6]])
    (marginal,) = prepared(program).marginals(rows)
    np.testing.assert_allclose(np.exp(marginal.log_probs), [[0.3, 0.6]])


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("used", [True, False])
def test_copies_answer_alike(copied: object, used: bool) -> None:
    program = carry_chain(1)
    inference = prepared(program)
    rows, targets = torch.tensor(problems.beliefs(program, 2, 0)), torch.tensor([[3, 1], [4, -1]])
    if used:
        inference.log_prob(rows, targets)
    twin = copied(inference)  # type: ignore[operator]
    assert torch.equal(twin.log_prob(rows, targets), inference.log_prob(rows, targets))
    assert torch.equal(twin.predict(rows), inference.predict(rows))


def test_numpy_and_torch_agree() -> None:
    program = carry_chain(2)
    rows = problems.beliefs(program, 3, 0)
    targets = np.array([[3, 4, 1], [-1, 9, 0], [-1, -1, -1]])
    inference = prepared(program)
    np.testing.assert_allclose(
        inference.log_prob(torch.tensor(rows), torch.tensor(targets)).numpy(),
        inference.log_prob(rows, targets),
        atol=ROUNDING,
    )
    assert inference.log_prob(rows, targets)[2] == pytest.approx(0, abs=ROUNDING)


def test_the_compiled_size_of_a_carry_chain_grows_linearly() -> None:
    rules = nesy.parse(CARRY)
    chains = [prepared(ground(rules, Template.parse(f"sum({n}, I, S)", "S"))) for n in (2, 4, 6)]
    for circuit in ("values", "joint", "partial"):
        sizes = [getattr(chain, circuit).size for chain in chains]
        assert sizes[2] - sizes[1] == pytest.approx(sizes[1] - sizes[0], rel=0.05)


@pytest.mark.parametrize("ask", ["marginals", "predict"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_beliefs_that_are_no_numbers_are_refused(ask: str, number: float) -> None:
    for inference in (prepared(addition()), Auto().prepare(addition())):
        rows = np.log(np.full((2, 20), 0.1))
        rows[1, [12, 13]] = -np.inf, number
        for given in (rows, torch.tensor(rows), torch.tensor(rows).float().requires_grad_()):
            with pytest.raises(NesyError, match=r"NaN|\+inf") as refusal:
                getattr(inference, ask)(given)
            assert refusal.value.code == "invalid-beliefs"
        # The loss is left to whoever trains, to say that a network has diverged.
        assert not torch.isfinite(inference.loss(torch.tensor(rows), torch.tensor([[3], [4]])))


def test_certain_beliefs_and_traced_ones_are_not_refused() -> None:
    inference = prepared(addition())
    rows = np.full((2, 20), -np.inf)
    rows[:, [3, 14]] = 0.0
    assert inference.predict(rows).tolist() == [[7], [7]]
    assert inference.predict(torch.tensor(rows)).tolist() == [[7], [7]]
    spread = torch.tensor(rows)[:, None]
    mapped = torch.func.vmap(lambda row: inference.marginals(row)[0].log_probs)(spread)
    assert mapped.argmax(dim=2).tolist() == [[7], [7]]
