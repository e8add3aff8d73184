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
size(2).
nn(net, [R, C], D, 1..4) :: cell(R, C, D) :- between(0, 3, R), between(0, 3, C).
unit(row(R), [cell(R, 0), cell(R, 1), cell(R, 2), cell(R, 3)]) :- between(0, 3, R).
unit(column(C), [cell(0, C), cell(1, C), cell(2, C), cell(3, C)]) :- between(0, 3, C).
unit(box(I, J), [cell(R, C), cell(R, D), cell(S, C), cell(S, D)]) :-
    between(0, 1, I), between(0, 1, J), R is 2 * I, S is R + 1, C is 2 * J, D is C + 1.
valid :- forall(unit(_, L), all_different(L)).
"""


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


def test_boards_that_must_be_valid_are() -> None:
    program = ground(nesy.parse(BOARD), Template.parse("valid", None))
    inference = RAW.build(program)
    rows = max(2, PREDICTIONS // 50)
    given = beliefs(program, rows, seed=5)
    values, _ = targets_of(program, inference.explain(given, torch.ones(rows, 1, dtype=torch.int64)))
    assert (values == 1).all()


def test_boards_known_to_be_valid_are_predicted_valid() -> None:
    """The board is the output, its validity the condition: too many worlds for a unit for each."""
    text = BOARD + ":- \\+ valid."
    program = ground(nesy.parse(text), Template.parse("cell(R, C, D)", "D"))
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
