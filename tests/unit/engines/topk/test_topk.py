"""The engine of most probable proofs: what it says of proofs, of what has none, and of how it was asked."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.topk import NoProofWarning, TopK
from nesy.engines.topk.inference import TopKInference
from nesy.errors import EngineError, SemanticsError
from nesy.grounding import Template, ground
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines.problems import addition, beliefs, carry_chain, probability

ROUNDING = 1e-9


def boolean(graph: Graph, symbols: int, literal: Lit, condition: tuple[Lit, ...] = ()) -> GroundProgram:
    """A program of facts with one output, a literal."""
    facts = tuple(Symbol(f"f{i}", ("false", "true")) for i in range(symbols))
    return GroundProgram(
        facts, graph, (Output("holds", ("false", "true"), (Lit(-literal), literal)),), condition
    )


def even(symbols: int) -> np.ndarray:
    return np.log(np.full((1, 2 * symbols), 0.5))


def noisy_or(causes: int) -> GroundProgram:
    graph = Graph()
    return boolean(graph, causes, graph.disjunction(graph.leaf(i, 1) for i in range(causes)))


def test_the_proofs_of_a_sum_are_its_pairs_best_first() -> None:
    row = beliefs(addition(), 1, seed=1)
    proofs = TopK().prepare(addition()).best_proofs(row, np.array([[5]]), k=10)
    pairs = {f"digit(a) = {a}, digit(b) = {5 - a}": row[0, a] + row[0, 15 - a] for a in range(6)}
    assert proofs.texts(0) == sorted(pairs, key=pairs.__getitem__, reverse=True)
    np.testing.assert_allclose(proofs.log_prob[0, :6], sorted(pairs.values(), reverse=True))
    assert np.isneginf(proofs.log_prob[0, 6:]).all()
    assert proofs.optimal[0].tolist() == [True] * 6 + [False] * 4
    assert proofs.next_best[0] == -np.inf


def test_outputs_that_share_a_carry_are_proved_together() -> None:
    """Each digit's own best proofs contradict those of the others; the search keeps what fits."""
    program = carry_chain(4)
    rows = beliefs(program, 3, seed=2, sharpness=4.0)
    targets = np.array([[3, 1, 4, 1, 1], [0, 0, 0, 0, 1], [9, 9, 9, 9, 0]])
    exact = nesy.engines.exact.Exact().prepare(program).log_prob(rows, targets)  # type: ignore[attr-defined]
    previous = np.full(3, -np.inf)
    for k in (1, 10, 100):
        found = TopK(test_k=k).prepare(program).log_prob(rows, targets)
        assert (found <= exact + ROUNDING).all()
        assert (found >= previous).all()
        previous = found
    np.testing.assert_allclose(previous, exact, atol=0.5)


def test_the_predicted_sums_are_those_of_the_digits_that_beliefs_are_sure_of() -> None:
    program = carry_chain(3)
    digits = np.array([[3, 8, 9, 1, 0, 9]])
    scores = np.full((1, 60), -9.0)
    scores[0, 10 * np.arange(6) + digits[0]] = 0.0
    assert TopK().prepare(program).predict(scores).tolist() == [[1, 1, 0, 1]]


def test_overlapping_proofs_are_counted_once() -> None:
    inference = TopK(test_k=12).prepare(noisy_or(12))
    row = np.log(np.array([[0.99, 0.01] * 12]))
    assert inference.log_prob(row, np.array([[1]]))[0] == pytest.approx(math.log(1 - 0.99**12), abs=ROUNDING)


def test_a_negated_disjunction_is_one_proof() -> None:
    proofs = TopK().prepare(noisy_or(3)).best_proofs(even(3), np.array([[0]]))
    assert proofs.texts(0) == ["f0 = false, f1 = false, f2 = false"]


def test_a_negated_value_stands_for_all_others() -> None:
    graph = Graph()
    leaf = graph.leaf(0, 1)
    colours = (Symbol("colour", ("red", "green", "blue")),)
    program = GroundProgram(colours, graph, (Output("green", ("false", "true"), (Lit(-leaf), leaf)),))
    inference = TopK().prepare(program)
    row = np.log(np.array([[0.2, 0.5, 0.3]]))
    assert inference.best_proofs(row, np.array([[0]])).texts(0) == ["colour = red or blue"]
    assert inference.log_prob(row, np.array([[0]]))[0] == pytest.approx(math.log(0.5))


def test_nothing_underflows() -> None:
    row = np.array([[0.0, -800.0] * 3])
    graph = Graph()
    program = boolean(graph, 3, graph.conjunction(graph.leaf(i, 1) for i in range(3)))
    assert TopK().prepare(program).log_prob(row, np.array([[1]]))[0] == pytest.approx(-2400.0)


def test_values_far_less_probable_than_the_best_add_up() -> None:
    graph = Graph()
    leaf = graph.leaf(0, 0)
    program = GroundProgram(
        (Symbol("s", ("a", "b", "c")),), graph, (Output("a", ("false", "true"), (Lit(-leaf), leaf)),)
    )
    found = TopK().prepare(program).log_prob(np.array([[0.0, -900.0, -900.0]]), np.array([[0]]))
    assert found[0] == pytest.approx(-900.0 + math.log(2))


def test_bounds_close_in_on_the_probability() -> None:
    program = carry_chain(2)
    row = beliefs(program, 1, seed=3)
    target = (4, 2, -1)
    truth = math.log(probability(program, row[0], target))
    widths = []
    for k in (1, 10, 1000):
        bounds = TopK(test_k=k, beam=5000).prepare(program).bounds(row, np.array([target]))
        assert bounds.lower[0] - ROUNDING <= truth <= bounds.upper[0] + ROUNDING
        widths.append(bounds.upper[0] - bounds.lower[0])
    assert widths[0] > widths[1] > widths[2] - ROUNDING
    assert widths[2] == pytest.approx(0, abs=ROUNDING)


def test_the_complement_bounds_from_above() -> None:
    """One cause of twelve is nearly certain, so that it fails is bounded by its own proof."""
    row = np.log(np.array([[0.001, 0.999] + [0.5, 0.5] * 11]))
    bounds = TopK(test_k=1).prepare(noisy_or(12)).bounds(row, np.array([[0]]))
    assert bounds.upper[0] <= math.log(0.0011)


def test_a_long_chain_is_walked_without_recursion() -> None:
    graph = Graph()
    node = graph.leaf(0, 1)
    for _ in range(50_000):
        above = graph.declare()
        graph.define(above, [node])
        node = above
    found = TopK().prepare(boolean(graph, 1, node)).log_prob(even(1), np.array([[1]]))
    assert found[0] == pytest.approx(math.log(0.5))


def test_derivations_of_one_proof_do_not_spend_the_effort() -> None:
    """Thousands of ways to derive f0 alone, before the second proof."""
    graph = Graph()
    parts = [graph.disjunction([graph.leaf(0, 1), graph.leaf(i, 1)]) for i in range(2, 14)]
    rule = graph.conjunction(parts)
    program = boolean(graph, 14, graph.disjunction([rule, graph.leaf(1, 1)]))
    proofs = (
        TopK(effort=200, beam=200)
        .prepare(program)
        .best_proofs(np.log(np.array([[0.2, 0.8, 0.9, 0.1] + [0.999, 0.001] * 12])), np.array([[1]]), k=2)
    )
    assert proofs.texts(0) == ["f0 = true", "f1 = true"]


def test_a_beam_that_lost_all_proofs_is_widened() -> None:
    """The most probable choices all end in the condition's refusal."""
    graph = Graph()
    choice = graph.disjunction(graph.leaf(i, 1) for i in range(8))
    refusals = tuple(Lit(-graph.conjunction([graph.leaf(i, 1), graph.leaf(8, 1)])) for i in range(7))
    condition = (choice, graph.leaf(8, 1), *refusals)
    program = boolean(graph, 9, graph.leaf(7, 1), condition)
    row = np.log(np.array([[0.1, 0.9] * 7 + [0.99, 0.01] + [0.5, 0.5]]))
    assert np.isfinite(TopK(beam=1).prepare(program).log_prob(row, np.array([[1]]))[0])


def pigeons() -> GroundProgram:
    """Five pigeons in four holes, and one that is caged: no world, but a search has to see it."""
    graph = Graph()
    clashes = [
        Lit(-graph.conjunction([graph.leaf(i, h), graph.leaf(j, h)]))
        for h in range(7)
        for i in range(8)
        for j in range(i)
    ]
    holds = graph.conjunction(clashes)
    holes = tuple(Symbol(f"p{i}", tuple("abcdefg")) for i in range(8))
    return GroundProgram(holes, graph, (Output("holds", ("false", "true"), (Lit(-holds), holds)),))


def test_effort_spent_without_a_proof_is_said() -> None:
    inference = TopK(effort=20, perturb=0.0).prepare(pigeons())
    rows = torch.full((2, 56), math.log(1 / 7), dtype=torch.float64, requires_grad=True)
    with pytest.warns(NoProofWarning, match="example 0 of the batch.*raise effort"):
        logs = inference.log_prob(rows, torch.tensor([[1], [0]]))
    assert logs[0] == -np.inf
    assert logs[1] > -np.inf
    with pytest.warns(NoProofWarning, match="does not count"):
        loss = inference.loss(rows, torch.tensor([[1], [0]]))
    assert torch.isfinite(loss)
    (slope,) = torch.autograd.grad(loss, rows)
    assert torch.isfinite(slope).all()
    with pytest.raises(EngineError, match="no proof was found") as refusal:
        inference.loss(rows[:1], torch.tensor([[1]]))
    assert refusal.value.code == "effort-spent"
    bounds = inference.bounds(rows.detach().numpy()[:1], np.array([[1]]))
    assert bounds.lower[0] == -np.inf
    assert bounds.upper[0] <= 0.0


def test_impossible_targets_are_named() -> None:
    program = carry_chain(1)
    inference = TopK().prepare(program)
    rows = torch.log_softmax(torch.zeros(1, 20), dim=1)
    with pytest.raises(EngineError, match=r"no world gives sum\(0\) = 9, carry = true") as refusal:
        inference.loss(rows, torch.tensor([[9, 1]]))
    assert refusal.value.code == "impossible-target"
    sure = torch.full((1, 20), -math.inf)
    sure[0, [3, 14]] = 0.0
    with pytest.raises(EngineError, match=r"the beliefs rule out every world of sum\(0\) = 8"):
        inference.loss(sure, torch.tensor([[8, -1]]))


@pytest.mark.parametrize("target", [19, -2])
def test_targets_beyond_the_domain_are_refused(target: int) -> None:
    with pytest.raises(EngineError, match=f"19 values, and none of index {target}") as refusal:
        TopK().prepare(addition()).log_prob(np.zeros((1, 20)), np.array([[target]]))
    assert refusal.value.code == "target-out-of-range"


def test_evidence_without_a_world_is_refused() -> None:
    graph = Graph()
    leaf = graph.leaf(0, 1)
    either = graph.disjunction([graph.conjunction([leaf, graph.leaf(1, 1)]), graph.leaf(1, 0)])
    impossible = graph.conjunction([either, leaf, graph.leaf(1, 0), Lit(-graph.disjunction([leaf]))])
    with pytest.raises(SemanticsError) as refusal:
        TopK().prepare(boolean(graph, 2, leaf, (impossible,)))
    assert refusal.value.code == "inconsistent-evidence"
    inference = TopK().prepare(boolean(graph, 2, leaf, (leaf,)))
    for ask in (inference.predict, lambda row: inference.log_prob(row, np.array([[1]]))):
        with pytest.raises(SemanticsError, match="probability zero"):
            ask(np.array([[0.0, -np.inf, 0.0, -np.inf]]))


def test_an_output_without_a_value_is_named() -> None:
    graph = Graph()
    values = tuple(graph.conjunction([graph.leaf(0, v), graph.leaf(0, 1 - v)]) for v in range(2))
    program = GroundProgram((Symbol("s", ("a", "b")),), graph, (Output("y", (0, 1), values),))
    with pytest.raises(EngineError, match="y") as refusal:
        TopK().prepare(program).predict(even(1))
    assert refusal.value.code == "no-output-value"


def test_the_posterior_is_a_ratio_of_what_was_found() -> None:
    """P(f0 | f0 or f1) = 2/3; with one proof of the condition alone the bound is looser, and still one."""
    graph = Graph()
    leaf = graph.leaf(0, 1)
    program = boolean(graph, 2, leaf, (graph.disjunction([leaf, graph.leaf(1, 1)]),))
    target = np.array([[1]])
    assert np.exp(TopK().prepare(program).log_prob(even(2), target))[0] == pytest.approx(2 / 3)
    assert np.exp(TopK(test_k=1).prepare(program).log_prob(even(2), target))[0] <= 2 / 3


def test_noise_comes_from_the_seed_and_goes_on_where_it_was() -> None:
    program = carry_chain(2)
    rows = torch.tensor(beliefs(program, 8, seed=5))
    targets = torch.tensor([[1, 2, 0]] * 8)

    def losses(inference: TopKInference, count: int) -> list[float]:
        return [inference.loss(rows, targets).item() for _ in range(count)]

    engine = TopK(k=1, seed=7)
    first = engine.prepare(program)
    assert isinstance(first, TopKInference)
    whole = losses(first, 4)
    assert len(set(whole)) > 1
    again = copy.deepcopy(first)
    assert losses(again, 2) == whole[:2]
    other = engine.build(program)
    other.set_random_state(again.random_state())
    assert losses(other, 2) == whole[2:]
    assert len(set(losses(TopK(k=1, perturb=0.0).build(program), 2))) == 1


def test_perturbed_searches_still_give_a_bound() -> None:
    program = carry_chain(2)
    row = beliefs(program, 1, seed=6)
    truth = -math.log(probability(program, row[0], (1, 2, 0)))
    loss = TopK(k=3, perturb=5.0).build(program).loss(torch.tensor(row), torch.tensor([[1, 2, 0]]))
    assert loss.item() >= truth - ROUNDING


def test_single_precision_has_gradients_of_its_own_kind() -> None:
    rows = torch.log_softmax(torch.randn(4, 20), dim=1).requires_grad_()
    loss = TopK().prepare(addition()).loss(rows, torch.tensor([[3], [7], [18], [0]]))
    (slope,) = torch.autograd.grad(loss, rows)
    assert slope.dtype == torch.float32
    assert slope.sum().item() == pytest.approx(-2.0, abs=1e-5)  # a digit of either picture, on average


def test_an_empty_batch_costs_nothing() -> None:
    inference = TopK().prepare(addition())
    assert inference.loss(torch.zeros(0, 20), torch.zeros(0, 1, dtype=torch.int64)).item() == 0.0
    assert inference.predict(np.zeros((0, 20))).shape == (0, 1)


def test_beliefs_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(EngineError, match="NaN"):
        TopK().prepare(addition()).predict(np.full((1, 20), np.nan))


@pytest.mark.parametrize(
    "options",
    [
        {"k": 0},
        {"k": 2.5},
        {"k": True},
        {"test_k": 0},
        {"effort": 0},
        {"effort": 1e5},
        {"beam": 0},
        {"beam": None},
        {"perturb": -1.0},
        {"perturb": math.nan},
        {"perturb": "1"},
        {"seed": -1},
        {"seed": "x"},
    ],
    ids=str,
)
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(EngineError) as refusal:
        TopK(**options)  # type: ignore[arg-type]
    assert refusal.value.code == "invalid-option"
    assert next(iter(options)) in refusal.value.message


def test_more_proofs_than_memory_holds_may_be_asked_for() -> None:
    bounds = TopK(test_k=10**9).prepare(noisy_or(3)).log_prob(even(3), np.array([[1]]))
    assert bounds[0] == pytest.approx(math.log(7 / 8))


def test_a_program_is_solved_by_name() -> None:
    program = nesy.parse(
        "0.5::edge(1, 2). 0.4::edge(2, 3). 0.3::edge(1, 3).\n"
        "path(X, Y) :- edge(X, Y).\npath(X, Y) :- edge(X, Z), path(Z, Y).\nquery(path(1, 3))."
    )
    answer = nesy.solve(program, engine="topk")["path(1,3)"]
    assert answer.guarantee == "lower-bound"
    assert answer.probability == pytest.approx(1 - 0.7 * 0.8)


def test_a_model_learns_with_few_proofs() -> None:
    program = ground(nesy.parse("0.4::a; 0.6::b. c :- a. query(c)."), Template.parse("c", None))
    scores = torch.zeros(1, program.width, requires_grad=True)
    optimiser = torch.optim.Adam([scores], lr=0.3)
    inference = TopK(k=1).prepare(program)
    for _ in range(30):
        loss = inference.loss(scores.log_softmax(1), torch.tensor([[1]]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.1


def roads(size: int) -> GroundProgram:
    """Whether roads of a grid, each open with probability 0.5, lead from one corner to the other."""
    places = [(x, y) for x in range(size) for y in range(size)]
    right = [f"0.5::road({x}-{y}, {x + 1}-{y})." for x, y in places if x + 1 < size]
    down = [f"0.5::road({x}-{y}, {x}-{y + 1})." for x, y in places if y + 1 < size]
    rules = (
        "joined(X, Y) :- road(X, Y). joined(X, Y) :- road(Y, X).\n"
        "path(X, Y) :- joined(X, Y). path(X, Y) :- joined(X, Z), path(Z, Y).\n"
        f"query(path(0-0, {size - 1}-{size - 1}))."
    )
    return ground(nesy.parse("\n".join([*right, *down, rules])))


def test_more_proofs_never_prove_less_where_the_effort_is_spent() -> None:
    program = roads(4)
    previous = -np.inf
    for k in (1, 10, 25, 50, 100, 400):
        found = TopK(test_k=k, effort=8_000).prepare(program).log_prob(even(24), np.array([[1]]))[0]
        assert found >= previous - ROUNDING
        previous = found
    assert previous > math.log(0.5**6)


def test_better_proofs_that_come_later_are_listed_first() -> None:
    weights = TopK(beam=1).prepare(roads(3)).best_proofs(even(12), np.array([[1]]), k=60).log_prob[0]
    found = weights[np.isfinite(weights)]
    assert len(found) == 12
    assert (np.diff(found) <= 0).all()
    assert found[0] == pytest.approx(math.log(0.5**4))


@pytest.mark.parametrize("effort", [20, 60, 200])
@pytest.mark.parametrize("k", [1, 3, 6])
def test_what_is_held_back_counts_in_the_upper_bound(k: int, effort: int) -> None:
    program, target = roads(3), np.array([[1]])
    truth = nesy.engines.exact.Exact().prepare(program).log_prob(even(12), target)[0]  # type: ignore[attr-defined]
    inference = TopK(test_k=k, beam=1, effort=effort).prepare(program)
    asked = inference._asked(even(12), inference._goals(target), k)  # type: ignore[attr-defined]
    assert asked.above[0] >= truth - ROUNDING
    assert asked.next_best[0] >= math.log(0.5**4) - ROUNDING
    bounds = inference.bounds(even(12), target)  # type: ignore[attr-defined]
    assert bounds.lower[0] <= truth + ROUNDING
    assert bounds.upper[0] >= truth - ROUNDING
