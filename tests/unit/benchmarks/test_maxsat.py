"""The boards of the MaxSAT benchmark are boards, its noise is as it says, and it records what it should."""

from __future__ import annotations

from argparse import ArgumentParser

import numpy as np
import pytest

from benchmarks.maxsat import command, measure
from benchmarks.maxsat.data import noisy_beliefs, solved_boards
from benchmarks.sudoku.boards import valid


def test_boards_are_valid_and_differ() -> None:
    boards = solved_boards(20, np.random.default_rng(0))
    assert valid(np.stack(boards)).all()
    assert len({board.tobytes() for board in boards}) == 20


@pytest.mark.parametrize("misread", [0.0, 1.0])
def test_beliefs_are_right_where_they_should_be(misread: float) -> None:
    rng = np.random.default_rng(1)
    (board,) = solved_boards(1, rng)
    beliefs = noisy_beliefs(board, 30, misread, rng)
    np.testing.assert_allclose(np.exp(beliefs).sum(axis=1), 1.0)
    read = np.ptp(beliefs, axis=1) > 1e-9
    assert read.sum() == 30
    right = beliefs.argmax(axis=1) + 1 == board.reshape(-1)
    assert right[read].all() if misread == 0.0 else not right[read].any()


def test_a_board_read_in_full_and_well_costs_nothing() -> None:
    rng = np.random.default_rng(2)
    boards = solved_boards(2, rng)
    costs = measure.costs_for([noisy_beliefs(board, 81, 0.0, rng) for board in boards])
    for solver in measure.solvers(peers=True):
        assert measure.timed(solver, costs)[0] == [0, 0]


def test_all_solvers_agree_and_are_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    command.add_options(parser)
    result = command.run(parser.parse_args(["--boards", "3", "--misread", "0.1"]))
    assert {
        "nesy_milliseconds",
        "rc2_milliseconds",
        "rc2_stratified_most_milliseconds",
    } <= result.figures.keys()
    assert result.engine == "sat"
    assert "rc2_stratified" in capsys.readouterr().out
