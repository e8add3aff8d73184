"""The diffusion engine in models: what it learns, what it refuses, and what it says of itself."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy.engines.diffusion import Diffusion
from nesy.engines.inference import Guarantee
from nesy.engines.sampling import NoHitsWarning
from nesy.errors import EngineError, ModelError, SemanticsError
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.diffusion.problems import exclusive_or, normalised, read_by_network

pytestmark = pytest.mark.usefixtures("one_thread")

DIFFERENT = """
nn(reader, [X], B, 0..1) :: bit(X, B).
different(X, Y) :- bit(X, A), bit(Y, B), A =\\= B.
"""

ROWS = 64


def two_bits(**options: object) -> tuple[nesy.Model, dict[str, Tensor]]:
    """A model of two bits that differ, and inputs which do not tell which of them is which."""
    torch.manual_seed(0)
    engine = Diffusion(**{"samples": 64, "candidates": 16, **options})  # type: ignore[arg-type]
    model = nesy.Model(
        nesy.parse(DIFFERENT), {"reader": nesy.logits(nn.Linear(1, 2))}, "different(a, b)", engine=engine
    )
    return model, {"a": torch.ones(ROWS, 1), "b": -torch.ones(ROWS, 1)}


def trained(model: nesy.Model, inputs: dict[str, Tensor], steps: int) -> nesy.Model:
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for _ in range(steps):
        loss = model.loss(torch.ones(ROWS, 1, dtype=torch.int64), **inputs)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return model


def test_two_symbols_of_which_either_may_be_one_but_not_both() -> None:
    """From the constraint alone; of independent symbols at most half would be right."""
    model, inputs = two_bits(entropy_weight=3.0, draws=2000)
    trained(model, inputs, 150)
    with torch.no_grad():
        beliefs = model.beliefs(**inputs)[:1]
    independent = beliefs.exp()[0]
    assert (independent - 0.5).abs().max() < 0.15
    different = model.inference.marginals(beliefs)[0].log_probs.exp()[0, 1]
    assert different > 0.97
    first = model.inference.symbol_marginals(beliefs).exp()[0]
    assert 0.3 < first[0] < 0.7
    assert 0.3 < first[2] < 0.7


def test_without_the_unmasking_network_the_same_training_cannot_say_so() -> None:
    model, inputs = two_bits(entropy_weight=3.0, draws=2000, width=0)
    trained(model, inputs, 150)
    with torch.no_grad():
        different = model(**{name: value[:1] for name, value in inputs.items()})[0, 1].exp()
    assert different < 0.6


def test_its_weights_are_the_models() -> None:
    model, inputs = two_bits()
    names = dict(model.named_parameters())
    assert "engine_networks.answer" in names
    model.loss(torch.ones(ROWS, 1, dtype=torch.int64), **inputs).backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is not None and p.grad.isfinite().all() for p in names.values())
    assert names["engine_networks.answer"].grad.abs().sum() > 0  # type: ignore[union-attr]
    twin = two_bits()[0]
    nn.init.normal_(model.inference.networks.answer)
    twin.load_state_dict(model.state_dict())
    assert torch.equal(twin.inference.networks.answer, model.inference.networks.answer)


def test_copies_learn_on_their_own() -> None:
    model, inputs = two_bits()
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.engine_networks is twin.inference.networks
        assert twin.inference.networks is not model.inference.networks
        before = model.inference.networks.answer.clone()
        trained(twin, inputs, 2)
        assert torch.equal(model.inference.networks.answer, before)
        assert not torch.equal(twin.inference.networks.answer, before)


def test_runs_can_be_repeated_and_resumed() -> None:
    program = read_by_network(problems.random_program(1))
    beliefs = torch.from_numpy(problems.beliefs(program, 5, 0))
    targets = torch.full((5, 3), -1)
    targets[:, 2] = 0

    def figures(inference: object) -> list[float]:
        assert isinstance(inference, nesy.engines.inference.Inference)
        return [inference.loss(beliefs, targets).item(), inference.log_prob(beliefs, targets).sum().item()]

    one, other = (Diffusion(width=0).build(program) for _ in range(2))
    first = figures(one)
    assert figures(other) == first
    state = one.random_state()
    second = figures(one)
    assert second != first
    other.set_random_state(state)
    assert figures(other) == second
    other.set_random_state({})
    assert figures(other) == first


def test_a_target_that_nothing_gives_is_said_and_moves_nothing() -> None:
    program = read_by_network(problems.addition())
    rows = torch.full((2, 20), -torch.inf, dtype=torch.float64)
    rows[:, [0, 10]] = 0.0  # 0 + 0, for certain
    rows.requires_grad_()
    inference = Diffusion(samples=64, entropy_weight=0.0).build(program)
    with pytest.warns(NoHitsWarning, match="1 of 2 examples, the first of them 1:"):
        loss = inference.loss(rows, torch.tensor([[0], [18]]))
    assert loss.isfinite()
    assert inference.agreed == 0.5
    assert inference.diagnostics is not None
    assert inference.diagnostics.without_hits == 1
    (gradient,) = torch.autograd.grad(loss, rows)
    assert gradient.isfinite().all()
    assert not gradient[1].any()
    with pytest.warns(NoHitsWarning, match="1 of 2 examples, the first of them 1: none of 64.*raise draws"):
        logs = inference.log_prob(rows, torch.tensor([[0], [18]]))
    assert logs.tolist() == [0.0, -torch.inf]
    (gradient,) = torch.autograd.grad(logs[0] + logs[1].exp(), rows)
    assert gradient.isfinite().all()
    # Nobody asks for a gradient: -inf says it all.
    assert inference.log_prob(rows.detach(), torch.tensor([[0], [18]])).tolist() == [0.0, -torch.inf]


def test_marginals_have_the_gradients_of_log_prob() -> None:
    program = read_by_network(problems.carry_chain(1))
    scores = torch.from_numpy(problems.beliefs(program, 6, 0, sharpness=0.5)).requires_grad_()
    for index, value in ((0, 3), (0, 9), (1, 0), (1, 1)):
        one, other = (Diffusion(draws=512, width=0).build(program) for _ in range(2))
        targets = torch.full((6, len(program.outputs)), -1)
        targets[:, index] = value
        logs = one.marginals(normalised(program, scores))[index].log_probs[:, value]
        alone = other.log_prob(normalised(program, scores), targets)
        torch.testing.assert_close(logs, alone)
        got, wanted = (torch.autograd.grad(x.sum(), scores)[0] for x in (logs, alone))
        torch.testing.assert_close(got, wanted)
        assert wanted.any()


def test_soft_targets_are_learnt_from() -> None:
    model, inputs = two_bits(draws=256, width=8)
    few = {name: rows[:8] for name, rows in inputs.items()}
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(20):
        optimiser.zero_grad()
        model.loss(torch.tensor([[0.1, 0.9]]).repeat(8, 1), **few).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    with torch.no_grad():
        assert model(**few)[:, 1].exp().mean() == pytest.approx(0.9, abs=0.06)


def test_guidance_finds_what_is_rarely_drawn() -> None:
    """Of the worlds one in a thousand gives the target, and most of those drawn towards it do."""
    program = read_by_network(problems.carry_chain(3))
    beliefs = torch.full((50, program.width), 0.1, dtype=torch.float64).log()
    targets = torch.tensor([[7, 3, 9, 0]]).repeat(50, 1)
    inference = Diffusion().build(program)
    layout = inference._layout
    worlds, right = inference._chains.guided(layout.table(beliefs), targets, 256, 20.0)
    assert right.double().mean() > 0.7
    for world, good in zip(worlds.tolist(), right.tolist(), strict=True):
        assert problems.gives(program, tuple(world), (7, 3, 9, 0)) == good


def test_predictions_of_sure_beliefs() -> None:
    program = read_by_network(problems.addition())
    rows = problems.beliefs(program, 40, 0, sharpness=6.0)
    found = Diffusion(votes=64).build(program).predict(rows)
    assert found.dtype == np.int64
    for row, (value,) in zip(rows, found, strict=True):
        sums = np.convolve(np.exp(row[:10]), np.exp(row[10:]))
        assert sums[value] >= sums.max() - 0.35


def rare_condition() -> GroundProgram:
    """Twelve bits, all of which have to be 1; the output is the first of them."""
    graph = Graph()
    ones = tuple(graph.leaf(i, 1) for i in range(12))
    output = Output("first", ("false", "true"), (Lit(-ones[0]), ones[0]))
    bits = tuple(Symbol(f"bit({i})", ("0", "1")) for i in range(12))
    return read_by_network(GroundProgram(bits, graph, (output,), ones))


def test_predictions_are_guided_where_the_condition_is_rare() -> None:
    program = rare_condition()
    beliefs = torch.full((3, 24), 0.5).log()
    inference = Diffusion(candidates=64, draws=16, steps=12).build(program)
    assert inference.predict(beliefs).tolist() == [[1]] * 3
    with pytest.raises(EngineError) as caught:
        inference.marginals(beliefs)
    assert caught.value.code == "condition-never-met"


def test_a_condition_that_cannot_be_met_is_an_error() -> None:
    beliefs = torch.tensor([[1.0, 0.0] * 12]).log()
    for ask in (Diffusion().build(rare_condition()).predict, Diffusion().build(rare_condition()).marginals):
        with pytest.raises(EngineError) as caught:
            ask(beliefs)
        assert caught.value.code == "condition-never-met"


def test_a_condition_that_no_world_meets_is_said_to_be_one() -> None:
    program = rare_condition()
    graph = program.graph
    program = GroundProgram(program.symbols, graph, program.outputs, (graph.leaf(0, 0), graph.leaf(0, 1)))
    inference, beliefs = Diffusion(samples=16).build(program), torch.full((2, 24), 0.5).log()
    targets = torch.tensor([[1], [0]])
    for ask in (inference.predict, inference.marginals, lambda b: inference.loss(b, targets)):
        with pytest.raises(SemanticsError) as caught:
            ask(beliefs)
        assert caught.value.code == "inconsistent-evidence"


def test_an_output_without_a_value_is_an_error() -> None:
    graph = Graph()
    output = Output("odd", ("one",), (graph.leaf(0, 1),))
    program = GroundProgram((Symbol("a", ("0", "1")),), graph, (output,))
    with pytest.raises(EngineError) as caught:
        Diffusion().build(program).predict(np.log([[1.0, 1e-300]]))
    assert caught.value.code == "no-output-value"


def test_nothing_observed_and_nothing_given_cost_nothing() -> None:
    inference = Diffusion(entropy_weight=0.0, width=0).build(exclusive_or())
    beliefs = normalised(exclusive_or(), torch.randn(3, 4, dtype=torch.float64)).requires_grad_()
    unobserved = inference.loss(beliefs, torch.full((3, 1), -1))
    assert unobserved.item() == 0.0
    empty = inference.loss(beliefs[:0], torch.full((0, 1), -1))
    assert empty.item() == 0.0
    assert empty.requires_grad


def test_beliefs_that_are_no_numbers_are_an_error() -> None:
    inference = Diffusion().build(exclusive_or())
    with pytest.raises(EngineError) as caught:
        inference.loss(torch.full((1, 4), torch.nan), torch.tensor([[1]]))
    assert caught.value.code == "invalid-beliefs"
    with pytest.raises(ModelError) as shape:
        inference.predict(torch.zeros(1, 5))
    assert shape.value.code == "wrong-shape"
    with pytest.raises(ModelError) as lengths:
        inference.log_prob(torch.zeros(1, 4), torch.tensor([[1], [1]]))
    assert lengths.value.code == "wrong-shape"


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 1},
        {"steps": 0},
        {"candidates": 0},
        {"votes": 0},
        {"draws": 1},
        {"blank": 1.5},
        {"width": 6},
        {"width": -4},
        {"sharpness": -1.0},
        {"entropy_weight": float("inf")},
        {"concept_weight": float("nan")},
        {"entropy": "total"},
        {"estimator": "guess"},
        {"samples": 64.0},
        {"steps": 2.5},
        {"draws": "64"},
        {"votes": None},
        {"width": 8.0},
        {"blank": "half"},
        {"sharpness": float("nan")},
        {"seed": -1},
        {"seed": 1.5},
    ],
)
def test_options_out_of_range_are_errors(options: dict[str, object]) -> None:
    with pytest.raises(EngineError) as caught:
        Diffusion(**options)  # type: ignore[arg-type]
    assert caught.value.code == "invalid-option"
    assert next(iter(options)) in caught.value.message
    assert caught.value.hint


def test_sequences_of_any_length_are_refused() -> None:
    rules = "nn(reader, [X], B, 0..1) :: bit(X, B).\nany(L) :- member(X, L), bit(X, 1).\n"
    networks = {"reader": nesy.logits(nn.Linear(1, 2))}
    model = nesy.SequenceModel(
        nesy.parse(rules), networks, "any(L)", lists={"L": "xs"}, engine=Diffusion(width=0)
    )
    assert model.predict(xs=[torch.zeros(3, 1)])
    model = nesy.SequenceModel(nesy.parse(rules), networks, "any(L)", lists={"L": "xs"}, engine="diffusion")
    with pytest.raises(EngineError) as caught:
        model.predict(xs=[torch.zeros(3, 1)])
    assert caught.value.code == "unsupported-task"


def test_it_is_an_estimate() -> None:
    assert Diffusion().build(exclusive_or()).guarantee is Guarantee.ESTIMATE
    assert nesy.engines.registry.resolve("diffusion") == Diffusion()
