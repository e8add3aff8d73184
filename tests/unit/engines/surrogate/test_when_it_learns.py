"""When surrogates learn, how long that may take, and what is said of it."""

from __future__ import annotations

import inspect
import time
import warnings

import numpy as np
import pytest
import torch

import nesy
from nesy.engines.surrogate import NotConvergedWarning, Surrogate
from nesy.engines.surrogate.convergence import Convergence, warn_not_converged
from nesy.engines.surrogate.feasible import Feasible
from nesy.engines.surrogate.modules import structure
from nesy.engines.surrogate.perceptron import Perceptron
from tests.unit.engines.problems import worlds
from tests.unit.engines.surrogate.programs import beliefs, constrained, sums, targets_of
from tests.unit.engines.surrogate.test_guarantee import solved, sudoku

ADDITION = """
nn(net, [X], D, 0..2) :: digit(X, D).
carry(0, 0).
carry(I, C) :- I > 0, J is I - 1, digit(a(J), X), digit(b(J), Y), carry(J, D), C is (X + Y + D) // 3.
sum(I, S) :- between(0, 2, I), digit(a(I), X), digit(b(I), Y), carry(I, C), S is (X + Y + C) mod 3.
:- carry(3, 1).
"""
"""Sums of three digits that stay below 27."""


def test_a_large_board_under_a_condition_is_predicted_at_once() -> None:
    """Nothing is learnt for it, and the model's own beginning is short; much of the time is building."""
    program = sudoku(3, ":- \\+ valid.", "cell(R, C, D)", "D")
    inference = Surrogate(samples=4).build(program)
    start = time.perf_counter()
    predicted = inference.predict(beliefs(program, 2, seed=0))
    assert time.perf_counter() - start < 20, "a second or two, where nobody else computes"
    assert inference.convergence.steps == (0,)
    assert solved(predicted[:, cells(program.outputs)], 3)


def cells(outputs: tuple[nesy.logic.program.Output, ...]) -> list[int]:
    """The columns of cells, row by row."""
    places = [tuple(map(int, o.name.removeprefix("cell(").rstrip(")").split(",")[:2])) for o in outputs]
    return sorted(range(len(places)), key=places.__getitem__)


def test_models_are_made_soon_whatever_is_to_be_learnt() -> None:
    """A step takes a second: a thousand are asked for, and not waited for."""
    program = sudoku(2, ":- \\+ valid.", "cell(R, C, D)", "D")
    inference = Surrogate(largest=64, first=10**9).build(program)
    inference.warm_up(seconds=0.5)
    assert 0 < inference.convergence.steps[0] < 10**9
    _, consistent = targets_of(program, inference.predict(beliefs(program, 2, seed=0)))
    assert consistent.all()


def test_when_the_beginning_was_interrupted_changes_nothing() -> None:
    one = Surrogate(samples=16, first=30, patience=0, tolerance=1e-3)
    given, targets = beliefs(sums(2), 4, seed=0), torch.tensor([[0, 0, 0]] * 4)
    whole, parts = one.build(sums(2)), one.build(sums(2))
    for inference in (whole, parts):
        inference.set_random_state({})
    for _ in range(3):
        parts.warm_up(seconds=0.005)
    assert 0 < sum(parts.convergence.steps) < 60
    third = one.build(sums(2))
    third.set_random_state(parts.random_state())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        found = [i.log_prob(given.clone().requires_grad_(), targets) for i in (whole, parts, third)]
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2])


@pytest.mark.parametrize("question", ["log_prob", "marginals", "loss"])
def test_it_learns_where_gradients_are_wanted(question: str) -> None:
    """So that losses made of probabilities, such as that of soft targets, teach it, too."""
    inference = Surrogate(samples=16, first=2, patience=0, tolerance=1e-3).build(sums(1))
    given, targets = beliefs(sums(1), 2, seed=0), torch.tensor([[0, 0]] * 2)
    ask = getattr(inference, question)
    arguments = (targets,) if question != "marginals" else ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        ask(given, *arguments)
        assert inference.convergence.steps == (2,)
        for _ in range(3):
            ask(given.clone().requires_grad_(), *arguments)
    assert inference.convergence.steps == (5,)
    remembered = inference.random_state()["0.prior.kept"]
    torch.testing.assert_close(remembered[:2], given.exp())
    assert int(inference.random_state()["0.prior.count"]) == 6, "each example once in each call"


def test_what_tables_say_needs_no_learning() -> None:
    """Modules hand on carries: the most probable world is found, by enumeration the same."""
    program = nesy.grounding.ground(nesy.parse(ADDITION), nesy.grounding.Template.parse("sum(I, S)", "S"))
    inference = Surrogate(beam=81).build(program)
    given = beliefs(program, 6, seed=2)
    nothing = torch.full((6, len(program.outputs)), -1)
    found = inference.explain(given, nothing)
    assert set(inference.convergence.steps) == {0}
    for row, world in zip(given.double().numpy(), found.tolist(), strict=True):
        best = max(worlds(program, row), key=lambda w: w.probability)
        assert tuple(world) == best.values
    assert torch.equal(inference.predict(given), targets_of(program, found)[0])


def test_a_condition_that_no_drawn_world_meets_is_no_gap_of_nothing() -> None:
    program = sudoku(3, ":- \\+ valid.", "cell(R, C, D)", "D")
    inference = Surrogate(samples=4, hidden=4, first=1, patience=0).build(program)
    start = time.perf_counter()
    inference.warm_up(seconds=np.inf)
    assert time.perf_counter() - start < 20, "a second, where nobody else computes"
    assert inference.convergence.gap == np.inf
    assert not inference.convergence.converged
    with pytest.warns(NotConvergedWarning, match=r"no world was drawn that meets the condition.*'exact'"):
        warn_not_converged(inference.convergence, "so")


def test_warnings_are_of_the_line_that_asked() -> None:
    found = Convergence(2.0, 0.1, (2.0,), (1,), (0.5,), (3,), ())
    text = "nn(net, [X], D, 0..2) :: digit(X, D). s(S) :- digit(a, X), digit(b, Y), S is X + Y."
    network = nesy.logits(torch.nn.Linear(2, 3))
    engine = Surrogate(samples=4, first=1, patience=0, tolerance=1e-4)
    model = nesy.Model(nesy.parse(text), {"net": network}, query="s(S)", output="S", engine=engine)
    images = {"a": torch.rand(2, 2), "b": torch.rand(2, 2)}
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warn_not_converged(found, "so")
        model(**images)
        model.loss(torch.zeros(2, dtype=torch.int64), **images)
    assert "is 2 nats from the program, more than the 0.1 allowed, after 3 steps: so" in str(seen[0].message)
    lines, first = inspect.getsourcelines(test_warnings_are_of_the_line_that_asked)
    own = range(first, first + len(lines))
    assert len(seen) == 3
    assert all(w.filename == __file__ and w.lineno in own for w in seen)


def test_a_condition_met_by_what_is_most_probable_asks_nobody() -> None:
    """Values of symbols as they are; a world is searched for only where these will not do."""
    program = constrained()
    inference = Surrogate().build(program)
    given = beliefs(program, 40, seed=5)
    values, consistent = targets_of(program, given.view(40, -1, 3).argmax(dim=2))
    assert 0 < int(consistent.sum()) < 40
    assert torch.equal(inference.predict(given)[consistent], values[consistent])


def test_dimensions_one_after_the_other_are_what_each_is_alone() -> None:
    """The first layer is amended from one dimension to the next, and not computed anew."""
    local = structure(constrained(), 4096).modules[0].local
    generator = torch.Generator().manual_seed(0)
    network = Perceptron(local, Feasible(local), 8, generator)
    given = beliefs(constrained(), 30, seed=0).exp()
    columns = [torch.randint(-1, size, (30, 1), generator=generator) for size in local.domains]
    known = torch.cat(columns, dim=1)
    together = list(network.all_logs(given, known))
    assert len(together) == len(local.domains) > 1
    for dimension, found in enumerate(together):
        torch.testing.assert_close(found, network.logs(given, known, dimension))
