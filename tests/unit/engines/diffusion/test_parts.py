"""Layouts, draws and the unmasking network, each on its own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nesy.engines.diffusion.counting import counted, share_error
from nesy.engines.diffusion.drawing import Dice, drawn
from nesy.engines.diffusion.evaluating import Evaluator
from nesy.engines.diffusion.layout import Layout
from nesy.engines.diffusion.predictor import Predictor, completed
from nesy.engines.diffusion.terms import belief_entropy, concept_term, masking_rates
from nesy.engines.diffusion.unmasking import Unmasking
from nesy.kernels.worlds.outputs import WorldOutputs
from nesy.logic.program import Output
from tests.unit.engines import problems
from tests.unit.engines.diffusion.problems import every_world, exclusive_or, read_by_network

CPU = torch.device("cpu")


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_tables_are_rows_filled_up(seed: int) -> None:
    program = problems.random_program(seed)
    rows = torch.from_numpy(problems.beliefs(program, 3, seed))
    layout = Layout(program)
    table = layout.table(rows)
    assert table.shape == (3, len(program.symbols), max(len(s.values) for s in program.symbols))
    for index, symbol in enumerate(program.symbols):
        start, size = program.offsets[index], len(symbol.values)
        assert torch.equal(table[:, index, :size], rows[:, start : start + size])
        assert table[:, index, size:].isneginf().all()
    assert torch.equal(layout.row(table), rows)


def test_values_are_drawn_as_often_as_believed_and_impossible_ones_never() -> None:
    probabilities = torch.tensor([[[0.0, 0.25, 0.75, 0.0], [0.1, 0.2, 0.3, 0.4]]])
    found = drawn(probabilities.log(), Dice(0).uniform((1, 20_000, 2), CPU))
    for symbol in range(2):
        shares = torch.bincount(found[0, :, symbol], minlength=4) / 20_000
        truth = probabilities[0, symbol]
        assert ((shares - truth).abs() <= 5 * (truth * (1 - truth) / 20_000).sqrt()).all()


def test_the_last_number_before_one_draws_the_last_possible_value() -> None:
    logs = torch.tensor([[[0.3, 0.3, 0.4, 0.0]]]).log()
    edges = torch.tensor([[[0.0], [1 - 2.0**-53], [1.0]]], dtype=torch.float64)
    assert drawn(logs, edges).flatten().tolist() == [0, 2, 2]


def test_dice_go_on_where_they_were() -> None:
    dice = Dice(3)
    dice.uniform((5,), CPU)
    state = dice.state()
    expected = dice.uniform((4,), CPU)
    dice.restore(state)
    assert torch.equal(dice.uniform((4,), CPU), expected)
    dice.restore({})
    assert torch.equal(dice.uniform((2,), CPU), Dice(3).uniform((2,), CPU))


def test_corrections_begin_at_nothing_and_stay_so_where_nothing_is_known() -> None:
    program = read_by_network(problems.random_program(1))
    layout = Layout(program)
    network = Unmasking(layout, 8)
    predictor = Predictor(layout, network)
    beliefs = layout.table(torch.from_numpy(problems.beliefs(program, 4, 0)).float())
    world = torch.full((4, layout.count), -1)
    world[1:, 0] = 0
    masked = [(row, i) for row in range(4) for i in range(layout.count) if world[row, i] < 0]
    before = predictor.all_of(predictor.believed(beliefs), world)
    torch.testing.assert_close(before, beliefs)
    torch.nn.init.normal_(network.answer)
    predicted = predictor.all_of(predictor.believed(beliefs), world)
    torch.testing.assert_close(predicted[0], beliefs[0])
    assert not torch.isclose(predicted[1:, 1:], beliefs[1:, 1:]).all(dim=2).all()
    for row, symbol in masked:
        assert predicted[row, symbol].exp().sum().item() == pytest.approx(1, abs=1e-5)
    assert predicted[:, ~layout.valid].isneginf().all()


def test_chosen_symbols_are_told_what_all_are_told() -> None:
    program = read_by_network(problems.random_program(2))
    layout = Layout(program)
    network = Unmasking(layout, 8)
    torch.nn.init.normal_(network.answer)
    predictor = Predictor(layout, network)
    believed = predictor.believed(layout.table(torch.from_numpy(problems.beliefs(program, 2, 0)).float()))
    worlds = torch.full((2, 3, layout.count), -1)
    worlds[0, 1, 0] = worlds[1, 2, 1] = worlds[1, 0, 2] = 0
    asked = torch.tensor([[[0, 3], [3, 1], [2, 4]], [[1, 0], [4, 3], [0, 2]]])
    found = predictor.some_of(believed, worlds, asked)
    for number in range(3):
        whole = predictor.all_of(believed, worlds[:, number])
        for row in range(2):
            torch.testing.assert_close(found[row, number], whole[row, asked[row, number]])


def test_probabilities_of_the_rules_are_not_corrected() -> None:
    program = problems.random_program(1)
    layout = Layout(program)
    assert not layout.dependent.any()
    network = Unmasking(layout, 8)
    torch.nn.init.normal_(network.answer)
    beliefs = layout.table(torch.from_numpy(problems.beliefs(program, 2, 0)))
    world = torch.zeros((2, layout.count), dtype=torch.int64)
    world[:, 1:] = -1
    predictor = Predictor(layout, network)
    assert torch.equal(predictor.all_of(predictor.believed(beliefs), world), beliefs)


def test_known_symbols_are_certain() -> None:
    table = torch.tensor([[[0.5, 0.5], [0.2, 0.8]]]).log().requires_grad_()
    found = completed(table, torch.tensor([[1, -1]]))
    assert found.exp().tolist()[0][0] == [0.0, 1.0]
    found[0, 1].sum().backward()  # type: ignore[no-untyped-call]
    assert table.grad is not None
    assert table.grad.tolist() == [[[0.0, 0.0], [1.0, 1.0]]]


def test_the_concept_term_is_what_masked_values_cost() -> None:
    predicted = torch.tensor([[[0.5, 0.5], [0.25, 0.75]]]).log().repeat(2, 1, 1)
    world = torch.tensor([[0, 1], [1, 0]])
    partly = torch.tensor([[-1, -1], [1, -1]])
    found = concept_term(predicted, world, partly, torch.tensor([0.5, 1.0]))
    expected = [-np.log(0.5 * 0.75) / (2 * 0.5), -np.log(0.25) / 2]
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)


def test_entropy_is_that_of_the_symbols_networks_read() -> None:
    program = exclusive_or()
    table = Layout(program).table(torch.tensor([[0.5, 0.5, 0.0, 1.0]]).log().requires_grad_())
    found = belief_entropy(Layout(program), table)
    assert found.item() == pytest.approx(np.log(2) / 2)
    (gradient,) = torch.autograd.grad(found.sum(), table)
    assert gradient.isfinite().all()
    assert belief_entropy(Layout(problems.addition()), torch.zeros(1, 2, 10)).tolist() == [0.0]


def test_masking_rates_are_spread_over_the_unit_interval() -> None:
    uniform = torch.tensor([*torch.arange(10) / 10, 0.31], dtype=torch.float64)
    rates = masking_rates(uniform, 0.0)
    assert ((rates > 0) & (rates <= 1)).all()
    assert sorted((rates * 10).ceil().tolist()) == list(range(1, 11))
    half = masking_rates(uniform, 0.5)
    assert (half[:5] == 1).all()
    assert torch.equal(half[5:], rates[5:])


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_violations_are_counted_as_listing_says(seed: int) -> None:
    program = problems.random_program(seed)
    worlds = every_world(program)
    target = (1, -1, 2)
    found = Evaluator(program).violations(torch.tensor([worlds]), torch.tensor([target]))
    for world, count in zip(worlds, found[0].tolist(), strict=True):
        wrong = sum(
            t >= 0 and not problems.holds(program.graph, output.literals[t], world)
            for output, t in zip(program.outputs, target, strict=True)
        )
        failed = sum(not problems.holds(program.graph, lit, world) for lit in program.condition)
        assert count == wrong + failed


def test_only_worlds_that_meet_the_condition_count() -> None:
    graph = problems.addition().graph
    outputs = tuple(Output(name, (0, 1), (graph.leaf(0, 0), graph.leaf(0, 1))) for name in "ab")
    values = torch.tensor([[[0, 1], [1, 1], [1, -1]]])
    found = WorldOutputs(values, torch.tensor([[True, False, True]]))
    assert counted(outputs, found).tolist() == [[1.0, 1.0, 0.0, 1.0]]
    assert share_error(torch.tensor([0.0, 1.0]), torch.tensor([8.0])).min() > 0
