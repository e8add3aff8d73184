"""What is predicted or explained is always true of a world, however little was learnt.

`NESY_SURROGATE_PREDICTIONS` says how many predictions are looked at; 10,000 is the full size.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

import nesy
from nesy.engines.surrogate import NotConvergedWarning, Surrogate
from nesy.errors import EngineError
from nesy.grounding import Template, ground
from nesy.logic.program import GroundProgram
from tests.unit.engines.surrogate.programs import beliefs, constrained, drawn, latin, sums, targets_of

PREDICTIONS = int(os.environ.get("NESY_SURROGATE_PREDICTIONS", "100"))

RAW = Surrogate(samples=16, hidden=8, first=2, patience=0, beam=4)
"""Has learnt next to nothing."""

BOARD = """
nn(net, [R, C], D, 1..{n}) :: cell(R, C, D) :- between(1, {n}, R), between(1, {n}, C).
unit(L) :- between(1, {n}, R), findall(cell(R, C), between(1, {n}, C), L).
unit(L) :- between(1, {n}, C), findall(cell(R, C), between(1, {n}, R), L).
unit(L) :-
    between(1, {k}, I), between(1, {k}, J),
    findall(cell(R, C), inside(I, J, R, C), L).
inside(I, J, R, C) :-
    between(1, {k}, S), between(1, {k}, T), R is {k} * (I - 1) + S, C is {k} * (J - 1) + T.
valid :- forall(unit(L), all_different(L)).
"""
"""Sudoku of n x n cells, boxes of k x k."""


def sudoku(box: int, constraints: str = "", query: str = "valid", output: str | None = None) -> GroundProgram:
    text = BOARD.replace("{n}", str(box * box)).replace("{k}", str(box))
    return ground(nesy.parse(text + constraints), Template.parse(query, output))


def solved(worlds: torch.Tensor, box: int) -> bool:
    """Whether all worlds are boards on which no row, column or box has a value twice; by Python."""
    n = box * box
    for board in worlds.view(-1, n, n).tolist():
        boxes = [
            [board[box * i + s][box * j + t] for s in range(box) for t in range(box)]
            for i in range(box)
            for j in range(box)
        ]
        units = [*board, *zip(*board, strict=True), *boxes]
        if any(sorted(unit) != list(range(n)) for unit in units):
            return False
    return True


@pytest.fixture(autouse=True)
def _expected() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        yield


def programs() -> dict[str, GroundProgram]:
    return {"sums": sums(3), "constrained": constrained()}


@pytest.mark.parametrize("largest", [4096, 1], ids=["listed", "layers"])
@pytest.mark.parametrize("predict", ["world", "outputs"])
@pytest.mark.parametrize("name", ["sums", "constrained"])
def test_predictions_are_outputs_of_a_world_that_meets_the_condition(
    name: str, predict: str, largest: int
) -> None:
    program = programs()[name]
    engine = replace(RAW, predict=predict, largest=largest)  # type: ignore[arg-type]
    rows = PREDICTIONS if largest > 1 else max(2, PREDICTIONS // 50)
    inference = engine.build(program)
    given = beliefs(program, rows, seed=1)
    guess = inference.predict(given)
    values, consistent = targets_of(program, inference.explain(given, guess))
    assert torch.equal(values, guess)
    assert consistent.all()


@pytest.mark.parametrize("largest", [4096, 1], ids=["listed", "layers"])
@pytest.mark.parametrize("name", ["sums", "constrained"])
def test_explanations_give_what_was_observed(name: str, largest: int) -> None:
    program = programs()[name]
    rows = PREDICTIONS if largest > 1 else max(2, PREDICTIONS // 50)
    inference = replace(RAW, largest=largest).build(program)
    worlds = drawn(program, torch.zeros(4 * rows, program.width), seed=2)
    values, met = targets_of(program, worlds)
    wanted = values[met][:rows]
    found, consistent = targets_of(program, inference.explain(beliefs(program, len(wanted), seed=3), wanted))
    assert torch.equal(found, wanted)
    assert consistent.all()


def test_explanations_of_a_wide_beam_are_the_most_probable() -> None:
    """By enumeration: the best of all worlds that give the sum."""
    program = sums(1)
    inference = replace(RAW, beam=25).build(program)
    given = beliefs(program, 20, seed=4)
    worlds = torch.cartesian_prod(torch.arange(5), torch.arange(5))
    values, _ = targets_of(program, worlds)
    logs = given[:, worlds[:, 0]] + given[:, 5 + worlds[:, 1]]
    wanted = torch.tensor([[4, 0]] * 20)
    best = worlds[logs.masked_fill((values != wanted[0]).any(dim=1), -torch.inf).argmax(dim=1)]
    assert torch.equal(inference.explain(given, wanted), best)


@pytest.mark.parametrize(("box", "rows"), [(2, PREDICTIONS), (3, max(2, PREDICTIONS // 20))])
def test_boards_that_must_be_valid_are(box: int, rows: int) -> None:
    program = sudoku(box)
    given = beliefs(program, rows, seed=5)
    worlds = RAW.build(program).explain(given, torch.ones(rows, 1, dtype=torch.int64))
    values, _ = targets_of(program, worlds)
    assert (values == 1).all()
    assert solved(worlds, box)
    assert not solved(given.view(rows, -1, box * box).argmax(dim=2), box)


def test_boards_known_to_be_valid_are_predicted_valid() -> None:
    """The board is the output, its validity the condition: too many worlds for a unit for each."""
    program = sudoku(2, ":- \\+ valid.", "cell(R, C, D)", "D")
    inference = replace(RAW, largest=64).build(program)
    given = beliefs(program, max(2, PREDICTIONS // 100), seed=6)
    _, consistent = targets_of(program, inference.predict(given))
    assert consistent.all()


def test_targets_that_no_world_gives_are_an_error() -> None:
    program = sums(1)
    with pytest.raises(EngineError) as raised:
        RAW.build(program).explain(beliefs(program, 1, seed=0), torch.tensor([[4, 1]]))
    assert raised.value.code == "impossible-target"


def test_squares_taken_apart_are_explained_too() -> None:
    program = latin()
    inference = replace(RAW, largest=10).build(program)
    rows = max(2, PREDICTIONS // 50)
    wanted = torch.arange(rows)[:, None] % 2
    values, _ = targets_of(program, inference.explain(beliefs(program, rows, seed=7), wanted))
    assert torch.equal(values, wanted)
