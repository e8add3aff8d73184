"""Estimates and gradients of the diffusion engine against listing all worlds, orders and masks."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations
from math import comb

import numpy as np
import pytest
import torch
from torch import Tensor

from nesy.engines.diffusion import Diffusion
from nesy.engines.diffusion.inference import DiffusionInference
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems
from tests.unit.engines.diffusion.problems import every_world, exclusive_or, normalised, read_by_network

ERRORS = 5.0
"""How many standard errors an estimate may be off: 1 in 1.7 million for one comparison."""

pytestmark = pytest.mark.usefixtures("one_thread")


def disturbed(program: GroundProgram, **options: object) -> DiffusionInference:
    """An inference whose network says something, as if it had learned."""
    inference = Diffusion(**{"width": 8, **options}).build(program)  # type: ignore[arg-type]
    assert inference.networks is not None
    torch.manual_seed(0)
    torch.nn.init.normal_(inference.networks.answer, std=0.5)
    return inference


def conditional(
    inference: DiffusionInference, program: GroundProgram, row: Tensor, known: dict[int, int], symbol: int
) -> Tensor:
    """The distribution of one symbol given others, softmax of beliefs plus corrections."""
    sizes = [len(s.values) for s in program.symbols]
    probabilities = torch.zeros(1, len(sizes), max(sizes))
    for i, (a, b) in enumerate(pairwise(program.offsets)):
        probabilities[0, i, : sizes[i]] = row[a:b].detach().exp()
    world = torch.full((1, len(sizes)), -1)
    for i, value in known.items():
        world[0, i] = value
    start, size = program.offsets[symbol], sizes[symbol]
    assert inference.networks is not None
    network = inference.networks
    asked = torch.tensor([[[symbol]]])
    correction = network(network.describe(probabilities), world[:, None], asked)[0, 0, 0, :size]
    found: Tensor = (row[start : start + size] + correction).log_softmax(dim=0)
    return found


def world_log_probabilities(inference: DiffusionInference, program: GroundProgram, row: Tensor) -> Tensor:
    """(worlds,): of all worlds, with symbols revealed one by one in every order alike."""
    orders = list(permutations(range(len(program.symbols))))
    found = []
    for world in every_world(program):
        terms = []
        for order in orders:
            known: dict[int, int] = {}
            total = row.new_zeros(())
            for symbol in order:
                total = total + conditional(inference, program, row, known, symbol)[world[symbol]]
                known[symbol] = world[symbol]
            terms.append(total)
        found.append(torch.stack(terms).logsumexp(dim=0) - np.log(len(orders)))
    return torch.stack(found)


def three_symbols(*, conditioned: bool) -> GroundProgram:
    """Three symbols, of which an output adds two up, and one compares the third; and a condition."""
    graph = Graph()
    sums = tuple(
        graph.disjunction(
            graph.conjunction([graph.leaf(0, a), graph.leaf(1, s - a)]) for a in range(2) if 0 <= s - a < 3
        )
        for s in range(4)
    )
    same = graph.disjunction(graph.conjunction([graph.leaf(0, v), graph.leaf(2, v)]) for v in range(2))
    outputs = (Output("sum", (0, 1, 2, 3), sums), Output("same", ("false", "true"), (Lit(-same), same)))
    condition = (graph.disjunction([graph.leaf(1, 0), graph.leaf(2, 1)]),) if conditioned else ()
    sizes = {"a": 2, "b": 3, "c": 2}
    symbols = tuple(Symbol(name, tuple(map(str, range(size)))) for name, size in sizes.items())
    return read_by_network(GroundProgram(symbols, graph, outputs, condition))


def allowed(program: GroundProgram, world: tuple[int, ...]) -> bool:
    return all(problems.holds(program.graph, lit, world) for lit in program.condition)


def row_of(program: GroundProgram) -> Tensor:
    """(V,) scores."""
    return torch.from_numpy(np.random.default_rng(4).normal(size=program.width))


@pytest.mark.parametrize("conditioned", [False, True])
def test_probabilities_are_those_of_all_orders(conditioned: bool) -> None:
    program, draws = three_symbols(conditioned=conditioned), 20_000
    inference = disturbed(program, draws=draws)
    beliefs = normalised(program, row_of(program)[None])
    with torch.no_grad():
        logs = world_log_probabilities(inference, program, beliefs[0]).exp().numpy()
    worlds = every_world(program)
    assert logs.sum() == pytest.approx(1, abs=1e-6)
    kept = np.array([allowed(program, w) for w in worlds])
    given = logs * kept / logs[kept].sum()
    for index, marginal in enumerate(inference.marginals(beliefs)):
        output = program.outputs[index]
        for value in range(len(output.domain)):
            hit = np.array([problems.holds(program.graph, output.literals[value], w) for w in worlds])
            assert marginal.standard_error is not None
            off = marginal.log_probs[0, value].exp().item() - given[hit].sum()
            assert abs(off) <= ERRORS * marginal.standard_error[0, value].item()
    target = (1, 0)
    hit = np.array([problems.gives(program, w, target) for w in worlds])
    found = inference.log_prob(beliefs, torch.tensor([target])).exp().item()
    truth = given[hit].sum()
    assert abs(found - truth) <= ERRORS * np.sqrt(truth * (1 - truth) / (draws * logs[kept].sum()))
    symbols = inference.symbol_marginals(beliefs)[0].exp().tolist()
    places = [(i, v) for i, s in enumerate(program.symbols) for v in range(len(s.values))]
    for (symbol, value), share in zip(places, symbols, strict=True):
        truth = sum(p for w, p in zip(worlds, logs, strict=True) if w[symbol] == value)
        assert abs(share - truth) <= ERRORS * np.sqrt(truth * (1 - truth) / draws)


def test_without_a_network_worlds_are_those_of_independent_symbols() -> None:
    program, draws = three_symbols(conditioned=True), 20_000
    inference = Diffusion(width=0, draws=draws).build(program)
    assert inference.networks is None
    beliefs = normalised(program, row_of(program)[None])
    found = inference.log_prob(beliefs, torch.tensor([[1, 0]])).exp().item()
    truth = problems.probability(program, beliefs[0].numpy(), (1, 0))
    assert abs(found - truth) <= ERRORS * np.sqrt(truth * (1 - truth) / (draws / 3))
    assert torch.equal(inference.symbol_marginals(beliefs), beliefs)


@pytest.mark.parametrize("conditioned", [False, True])
def test_the_gradient_of_log_prob_is_that_of_enumeration(conditioned: bool) -> None:
    """In the beliefs' scores and in the network's weights."""
    program, target = three_symbols(conditioned=conditioned), (1, 0)
    inference = disturbed(program, draws=256)
    network = inference.networks
    assert network is not None
    scores = row_of(program).requires_grad_()
    worlds = every_world(program)
    logs = world_log_probabilities(inference, program, normalised(program, scores[None])[0])
    kept = torch.tensor([allowed(program, w) for w in worlds])
    hit = torch.tensor([allowed(program, w) and problems.gives(program, w, target) for w in worlds])
    truth = logs[hit].logsumexp(dim=0) - logs[kept].logsumexp(dim=0)
    expected = torch.autograd.grad(truth, [scores, network.answer])
    repeats, rows = 16, 16
    found = []
    for _ in range(repeats):
        many = scores.detach().repeat(rows, 1).requires_grad_()
        value = inference.log_prob(normalised(program, many), torch.tensor([target]).repeat(rows, 1))
        gradients = torch.autograd.grad(value[value.isfinite()].mean(), [many, network.answer])
        found.append((gradients[0].sum(dim=0), gradients[1]))
    for index, wanted in enumerate(expected):
        estimates = torch.stack([one[index] for one in found])
        error = estimates.std(dim=0) / repeats**0.5
        # A ratio of estimates has a bias of the order 1 / draws.
        assert ((estimates.mean(dim=0) - wanted).abs() <= ERRORS * error + 0.01).all()
        assert wanted.abs().max() > 0.04


def masked_likelihoods(program: GroundProgram, beliefs: Tensor, target: tuple[int, ...]) -> Tensor:
    """What the loss of the outputs is on average, of independent symbols and sharp guidance.

    Worlds are those that the target leaves; each set of symbols is masked as often as a uniform rate does;
    and of what is left to be drawn it is the sum over outputs of minus the log of each one's own probability.
    """
    worlds = [w for w in every_world(program) if allowed(program, w)]
    count = len(program.symbols)
    columns = torch.tensor([[o + v for o, v in zip(program.offsets, w)] for w in worlds])  # noqa: B905
    terms = beliefs[columns]
    consistent = [i for i, w in enumerate(worlds) if problems.gives(program, w, target)]
    posterior = terms.sum(dim=1)[consistent].detach().softmax(dim=0)
    total = beliefs.new_zeros(())
    for size in range(count + 1):
        often = 1 / ((count + 1) * comb(count, size))
        for hidden in combinations(range(count), size):
            shown = [i for i in range(count) if i not in hidden]
            for index, weight in zip(consistent, posterior, strict=True):
                rest = [j for j, w in enumerate(worlds) if all(w[i] == worlds[index][i] for i in shown)]
                logs = terms[rest][:, list(hidden)].sum(dim=1)
                for output, value in enumerate(target):
                    alone = tuple(value if i == output else -1 for i in range(len(target)))
                    hits = [k for k, j in enumerate(rest) if problems.gives(program, worlds[j], alone)]
                    total = total - often * weight * (logs[hits].logsumexp(0) - logs.logsumexp(0))
    return total


@pytest.mark.parametrize("conditioned", [False, True])
@pytest.mark.parametrize("estimator", ["reinforce", "indecater"])
def test_the_loss_of_the_outputs_has_the_gradient_of_enumeration(conditioned: bool, estimator: str) -> None:
    program, target = three_symbols(conditioned=conditioned), (1, 0)
    inference = Diffusion(
        samples=1024,
        candidates=256,
        width=0,
        blank=0.0,
        concept_weight=0.0,
        entropy_weight=0.0,
        estimator=estimator,  # type: ignore[arg-type]
    ).build(program)
    scores = row_of(program).requires_grad_()
    (expected,) = torch.autograd.grad(
        masked_likelihoods(program, normalised(program, scores[None])[0], target), scores
    )
    repeats = 2_000
    many = scores.detach().repeat(repeats, 1).requires_grad_()
    loss = inference.loss(normalised(program, many), torch.tensor([target]).repeat(repeats, 1))
    (gradient,) = torch.autograd.grad(loss, many)
    estimates = gradient * repeats
    error = estimates.std(dim=0) / repeats**0.5
    assert ((estimates.mean(dim=0) - expected).abs() <= ERRORS * error + 0.005).all()
    assert expected.abs().max() > 0.1


def test_the_entropy_of_what_the_targets_leave() -> None:
    program = exclusive_or()
    scores = torch.tensor([[0.3, -0.2, 0.5, 0.1]], dtype=torch.float64, requires_grad=True)
    beliefs = normalised(program, scores)
    pairs = torch.stack([beliefs[0, 0] + beliefs[0, 3], beliefs[0, 1] + beliefs[0, 2]]).log_softmax(dim=0)
    expected = torch.autograd.grad(-(pairs.exp() * pairs).sum(), scores)[0]
    found = []
    for weight in (0.0, 1.0):
        inference = Diffusion(entropy="conditional", entropy_weight=weight, concept_weight=0.0).build(program)
        loss = inference.loss(normalised(program, scores), torch.tensor([[1]]))
        found.append(torch.autograd.grad(loss, scores)[0])
    torch.testing.assert_close(found[0] - found[1], expected)
