"""Sudoku: boards, the rule file beside enumeration, puzzles of our own and published ones."""

from __future__ import annotations

import gzip
from functools import lru_cache
from itertools import islice, permutations, product
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import nesy
from benchmarks.sudoku.boards import EMPTY, Board, corrupted, shuffled, valid
from benchmarks.sudoku.carving import puzzle, solved_board
from benchmarks.sudoku.puzzle_files import COUNTED, SOLVED, find_puzzles, read_counted, read_solved
from benchmarks.sudoku.puzzles import count_agrees, figures
from benchmarks.sudoku.rules import question
from benchmarks.sudoku.searching import BoardSolver, by_hand, by_rules
from nesy.errors import DataError


@lru_cache
def every_board() -> Board:
    """(288, 4, 4): all valid boards of 4x4 cells, row by row by hand."""
    rows = list(permutations(range(1, 5)))
    found = [
        four
        for four in product(rows, repeat=4)
        if all(len({row[c] for row in four}) == 4 for c in range(4))
        and all(len({*four[r][c : c + 2], *four[r + 1][c : c + 2]}) == 4 for r in (0, 2) for c in (0, 2))
    ]
    return np.array(found, dtype=np.int64)


@pytest.fixture(scope="module")
def small() -> BoardSolver:
    return by_rules(4)


@pytest.fixture(scope="module")
def large() -> BoardSolver:
    return by_rules(9)


def agreeing(givens: Board) -> list[list[list[int]]]:
    kept = ((every_board() == givens) | (givens == EMPTY)).all(axis=(1, 2))
    return [board.tolist() for board in every_board()[kept]]


def test_the_rules_allow_the_boards_that_enumeration_finds(small: BoardSolver) -> None:
    nothing = np.zeros((4, 4), dtype=np.int64)
    found = [board.tolist() for board in small.solutions(nothing)]
    assert sorted(found) == sorted(every_board().tolist())
    assert len(list(small.solutions(nothing))) == len(found) == 288, (
        "what was found is not ruled out for good"
    )


def test_boards_are_valid_where_every_unit_holds_every_digit() -> None:
    rng = np.random.default_rng(0)
    assert valid(every_board()).all()
    changed = every_board().copy()
    rows, columns = rng.integers(4, size=(2, len(changed)))
    changed[np.arange(288), rows, columns] = rng.integers(0, 5, 288)
    listed = every_board().tolist()
    assert valid(changed).tolist() == [board in listed for board in changed.tolist()]


def test_the_rules_give_valid_the_probability_that_enumeration_gives() -> None:
    torch.manual_seed(0)
    model = nesy.Model(question(4), {"digit_net": nesy.logits(nn.Identity())}, "valid").double()
    scores = torch.randn(2, 4, 4, 4, dtype=torch.float64)
    logs = scores.log_softmax(dim=3).reshape(2, 16, 4)
    boards = torch.from_numpy(every_board().reshape(-1, 16) - 1)
    each = logs[:, torch.arange(16), boards].sum(dim=2)
    assert model(board=scores)[:, 1].tolist() == pytest.approx(each.logsumexp(dim=1).tolist(), rel=1e-9)


def test_symmetries_keep_what_is_valid_and_how_many_solutions_there_are(small: BoardSolver) -> None:
    rng = np.random.default_rng(1)
    givens = np.array([[1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 4], [0, 0, 0, 0]])
    moved = [shuffled(givens, rng) for _ in range(20)]
    assert len({board.tobytes() for board in moved}) > 10
    assert {len(agreeing(board)) for board in moved} == {len(agreeing(givens))}
    assert valid(np.stack([shuffled(board, rng) for board in every_board()[:50]])).all()


def test_corruption_says_where_each_digit_came_from() -> None:
    rng = np.random.default_rng(2)
    kinds = set()
    for board in every_board()[:60]:
        made, sources = corrupted(board, rng)
        assert not valid(made)
        kept = sources >= 0
        assert (made[kept] == board.reshape(-1)[sources[kept]]).all()
        assert (made[~kept] != board[~kept]).all()
        kinds.add("swapped" if kept.all() else "replaced")
        if kept.all():
            assert sorted(sources.reshape(-1).tolist()) == list(range(16))
        else:
            assert (sources[kept] == np.arange(16).reshape(4, 4)[kept]).all()
    assert kinds == {"swapped", "replaced"}


@pytest.mark.parametrize("givens", [None, 36])
def test_puzzles_have_one_solution(large: BoardSolver, givens: int | None) -> None:
    rng = np.random.default_rng(3)
    carved, board = puzzle(large, givens, rng)
    assert valid(board)
    by_other_clauses = by_hand(9)
    assert [each.tolist() for each in by_other_clauses.solutions(carved)] == [board.tolist()]
    if givens is not None:
        assert np.count_nonzero(carved) == givens
        return
    for cell in np.argwhere(carved):
        fewer = carved.copy()
        fewer[tuple(cell)] = EMPTY
        assert len(list(islice(by_other_clauses.solutions(fewer), 2))) == 2, "no given can go"


def test_small_puzzles_have_the_solutions_of_enumeration(small: BoardSolver) -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        board = solved_board(small, rng)
        givens = np.where(rng.random((4, 4)) < 0.3, board, EMPTY)
        assert sorted(each.tolist() for each in small.solutions(givens)) == sorted(agreeing(givens))
        cell = int(rng.integers(16))
        digit = int(rng.integers(1, 5))
        decided = all(np.array(each).reshape(-1)[cell] == digit for each in agreeing(givens))
        assert small.decided(givens, cell, digit) is decided


def test_too_few_givens_are_refused(small: BoardSolver) -> None:
    with pytest.raises(DataError) as refused:
        puzzle(small, 3, np.random.default_rng(0))
    assert refused.value.code == "too-few-givens"


def written(folder: Path, solver: BoardSolver) -> tuple[Board, Board]:
    """Files like the published ones; returns what they hold."""
    made = [puzzle(solver, None, np.random.default_rng(seed)) for seed in range(3)]
    texts = [tuple("".join(map(str, board.reshape(-1))) for board in pair) for pair in made]
    with gzip.open(folder / SOLVED, "wt") as file:
        file.writelines(f"{carved},{board}\n" for carved, board in texts)
    first, solution = texts[0]
    unsolvable = "55" + "." * 79
    (folder / COUNTED).write_text(f"{first.replace('0', '.')}:1:{solution}\n{unsolvable}:0\n")
    return np.stack([carved for carved, _ in made]), np.stack([board for _, board in made])


def test_published_puzzles_are_read_solved_and_counted(large: BoardSolver, tmp_path: Path) -> None:
    puzzles, solutions = written(tmp_path, large)
    found = read_solved(find_puzzles(tmp_path))
    assert (found[0] == puzzles).all()
    assert (found[1] == solutions).all()
    cases = read_counted(tmp_path)
    assert [case.solutions for case in cases] == [1, 0]
    assert all(count_agrees(large, case) for case in cases)
    wrong = type(cases[0])(cases[0].puzzle, 2, None)
    assert not count_agrees(large, wrong)
    measured = figures(tmp_path, None)
    assert (measured["right"], measured["plain_right"]) == (3, 3)
    assert (measured["counts_right"], measured["models_right"]) == (2, 2)


def test_puzzle_files_that_are_missing_or_malformed_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="sudoku17") as missing:
        find_puzzles(tmp_path)
    assert missing.value.code == "missing-data"
    (tmp_path / COUNTED).write_text("1234:1\n")
    with pytest.raises(DataError) as corrupt:
        read_counted(tmp_path)
    assert corrupt.value.code == "corrupt-data"
