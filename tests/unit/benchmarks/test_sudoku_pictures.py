"""Sudoku: what pictures are used, what reads them, and how readings become boards."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch

import nesy
from benchmarks.datasets.images import Images
from benchmarks.sudoku.boards import EMPTY, Board, units, valid
from benchmarks.sudoku.classify import INVALID, VALID, labelled_boards
from benchmarks.sudoku.learn import solved_boards
from benchmarks.sudoku.naming import names_from, renamed
from benchmarks.sudoku.networks import CellNetwork, distort
from benchmarks.sudoku.pictures import Supply, pictured
from benchmarks.sudoku.proper import ProperSearch
from benchmarks.sudoku.rules import question
from benchmarks.sudoku.searching import BoardSolver, by_rules
from benchmarks.sudoku.units import Units, UnitsInference
from nesy.errors import DataError, EngineError


@pytest.fixture(scope="module")
def solver() -> BoardSolver:
    return by_rules(4)


def traced(count: int) -> Images:
    """Images of one pixel; the pixel is the image's number, and so is its digit but for the tens."""
    numbers = torch.arange(count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) % 10)


def test_solved_boards_use_no_image_twice_and_show_what_they_hold() -> None:
    images = traced(230)
    boards = solved_boards(images, 4, None, np.random.default_rng(0))
    assert len(boards) == 5, "23 images of a digit make 5 boards"
    shown = boards.inputs(slice(None))["board"].flatten().long()
    assert len(set(shown.tolist())) == len(shown)
    assert (shown % 10).reshape(5, 4, 4).tolist() == boards.digits.tolist()
    assert valid(boards.digits.numpy()).all()
    assert (boards.targets == -1).all(), "nothing is observed of them"
    with pytest.raises(DataError, match="images of every digit"):
        solved_boards(traced(30), 4, None, np.random.default_rng(0))


def test_labelled_boards_are_half_valid_and_copies_share_their_images() -> None:
    boards = labelled_boards(traced(400), 4, 8, np.random.default_rng(1))
    assert (boards.targets[:, 0] == VALID).tolist() == valid(boards.digits.numpy()).tolist()
    assert (boards.targets == INVALID).sum() == 8
    assert (
        boards.pixels[boards.chosen].flatten().long() % 10 + 1
    ).tolist() == boards.digits.flatten().tolist()
    good = boards.chosen[boards.targets[:, 0] == VALID].flatten().tolist()
    assert len(set(good)) == len(good)
    for copy in boards.chosen[boards.targets[:, 0] == INVALID]:
        shared = [
            len(set(copy.flatten().tolist()) & set(board.flatten().tolist()))
            for board in boards.chosen[boards.targets[:, 0] == VALID]
        ]
        assert max(shared) >= 5
        assert sorted(shared)[-2] == 0, "it is a copy of one board"


def test_images_are_all_used_before_any_comes_again_and_empty_cells_are_blank() -> None:
    images = traced(50)
    boards = np.tile(np.array([[1, 0], [0, 2]]), (7, 1, 1))
    supply = Supply(images, 2, np.random.default_rng(0))
    chosen = supply.choose(boards)
    ones = chosen[:, 0, 0].tolist()
    assert sorted(ones[:5]) == [1, 11, 21, 31, 41]
    assert len(set(ones)) == 5
    shown = pictured(images, boards, supply, torch.zeros(7, 1))
    assert (shown.inputs(slice(0, 1))["board"][0, 0, 1] == 0).all(), "the background, behind all images"
    assert shown.concepts(slice(0, 1))["cell(0,1,_)"].tolist() == [-1]


def test_blank_pictures_say_nothing() -> None:
    torch.manual_seed(0)
    network = CellNetwork(8, 4).eval()
    pictures = torch.randn(3, 1, 8, 8)
    pictures[1] = -0.7
    scores = network(pictures)
    assert scores[1].tolist() == [0.0] * 4
    assert torch.allclose(scores[[0, 2]], network(pictures[[0, 2]]))


def test_distortion_moves_pictures_a_little_and_only_while_training() -> None:
    torch.manual_seed(0)
    picture = torch.zeros(64, 1, 28, 28)
    picture[:, :, 13:15, 13:15] = 1.0
    moved = distort(picture)
    assert moved.shape == picture.shape
    assert (moved.sum(dim=(1, 2, 3)) > 2).all(), "what is in the middle stays in the picture"
    assert len({round(float(each.sum()), 3) for each in moved}) > 30
    network = CellNetwork(8, 4, distorted=True)
    inputs = torch.randn(2, 1, 8, 8)
    assert not torch.allclose(network.train()(inputs), network(inputs))
    assert torch.allclose(network.eval()(inputs), network(inputs))


def test_units_have_the_probability_that_their_digits_differ() -> None:
    generator = torch.Generator().manual_seed(0)
    beliefs = torch.randn(3, 16, 4, generator=generator, dtype=torch.float64).log_softmax(dim=2)
    expected = torch.zeros(3, dtype=torch.float64)
    for unit in units(4).tolist():
        chances = [beliefs[:, unit, torch.tensor(order)].sum(dim=1) for order in permutations(range(4))]
        expected += torch.stack(chances).logsumexp(dim=0)
    inference = UnitsInference(4)
    flat = beliefs.reshape(3, 64)
    assert inference.log_valid(flat).tolist() == pytest.approx(expected.tolist(), rel=1e-9)
    targets = torch.tensor([[VALID], [INVALID], [-1]])
    wanted = [float(expected[0]), float(torch.log1p(-expected[1].exp())), 0.0]
    assert inference.log_prob(flat, targets).tolist() == pytest.approx(wanted, rel=1e-6)
    assert inference.predict(flat).shape == (3, 1)


def test_the_engine_of_units_takes_validity_alone() -> None:
    reader = {"digit_net": nesy.logits(torch.nn.Identity())}
    with pytest.raises(EngineError, match="whether Sudoku boards are valid"):
        nesy.Model(question(4), reader, "cell(R, C, D)", "D", engine=Units())


@pytest.mark.parametrize("seed", range(6))
def test_proper_boards_are_the_most_probable_of_one_solution(solver: BoardSolver, seed: int) -> None:
    rng = np.random.default_rng(seed)
    every = np.stack(list(solver.solutions(np.zeros((4, 4), dtype=np.int64))))
    given = rng.random((4, 4)) < 0.4
    beliefs = np.where(given[..., None], 2 * rng.normal(size=(4, 4, 4)), 0.0)
    beliefs -= np.log(np.exp(beliefs).sum(axis=2, keepdims=True))
    scores = np.take_along_axis(beliefs[None], every[..., None] - 1, axis=3).sum(axis=(1, 2, 3))
    readings = [np.where(given, board, EMPTY).tobytes() for board in every]
    proper = [index for index, reading in enumerate(readings) if readings.count(reading) == 1]
    best = every[scores.argmax()]
    found = ProperSearch(solver).boards(best[None], beliefs.reshape(1, -1), given[None])[0]
    if proper:
        wanted = max(proper, key=lambda index: scores[index])
        assert found.tolist() == every[wanted].tolist()
    else:
        assert found.tolist() == best.tolist(), "where no reading has one solution, the first one stays"


def test_values_are_named_one_to_one() -> None:
    digits: Board = np.array([[[1, 2, 3, 4], [3, 4, 1, 2], [2, 1, 4, 3], [4, 3, 2, 1]]])
    called = np.array([0, 3, 1, 4, 2])[digits]
    called[0, 0, 0] = 2
    names = names_from(called, digits)
    assert sorted(names.tolist()) == [0, 1, 2, 3, 4]
    assert (renamed(called, names) == digits).sum() == 15
