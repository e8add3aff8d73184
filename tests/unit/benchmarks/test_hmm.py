"""The hidden Markov model: its rules against a forward-backward by hand, its data, and a whole run."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

import nesy
from benchmarks.command_line import main
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.hmm.data import Data, Sequences, Sizes, make_data
from benchmarks.hmm.questions import (
    conditional_loss,
    every_state,
    last_state,
    moves,
    states,
    take_moves,
    told,
)
from benchmarks.hmm.tables import MOVES, SHOWS, START

EXACT = 1e-9
Floats = NDArray[np.float64]


def evidence(readings: Floats) -> Floats:
    """(N, S): how well each state fits each picture, from what is read in it, (N, D)."""
    return readings @ SHOWS.T


def forward_backward(readings: Floats, move: Floats) -> tuple[Floats, Floats]:
    """(N, S) each: what is known of each state from the pictures so far, and from all of them."""
    fit = evidence(readings)
    forward, backward = np.empty_like(fit), np.ones_like(fit)
    for time, row in enumerate(fit):
        before = START if time == 0 else forward[time - 1] @ move
        forward[time] = before * row / (before * row).sum()
    for time in range(len(fit) - 2, -1, -1):
        after = move @ (fit[time + 1] * backward[time + 1])
        backward[time] = after / after.sum()
    both = forward * backward
    return forward, both / both.sum(axis=1, keepdims=True)


def enumerated(readings: Floats, move: Floats) -> Floats:
    """(N, S): smoothing, by the sum over all sequences of states."""
    fit, found = evidence(readings), np.zeros((len(readings), 5))
    for path in product(range(5), repeat=len(readings)):
        chance = START[path[0]] * fit[0, path[0]]
        for time in range(1, len(path)):
            chance *= move[path[time - 1], path[time]] * fit[time, path[time]]
        found[range(len(path)), path] += chance
    return found / found.sum(axis=1, keepdims=True)


def scores(length: int, batch: int = 3) -> torch.Tensor:
    return torch.randn(batch, length, 5, generator=torch.Generator().manual_seed(length)).double() * 2


def answers(model: nesy.Model, pictures: torch.Tensor) -> Floats:
    with torch.no_grad():
        found: Floats = states(model.double(), model.beliefs(x=pictures)).exp().numpy()
    return found


def test_the_oracle_agrees_with_the_sum_over_all_sequences() -> None:
    readings = scores(4, batch=1)[0].softmax(1).numpy()
    np.testing.assert_allclose(
        forward_backward(readings, MOVES)[1], enumerated(readings, MOVES), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("length", [1, 2, 5, 12])
def test_filtering_and_smoothing_are_forward_backward(length: int) -> None:
    pictures = scores(length)
    expected = [forward_backward(row.softmax(1).numpy(), MOVES) for row in pictures]
    for number, question in enumerate(("filtered", "smoothed")):
        found = answers(every_state("known", nn.Identity(), length, question), pictures)
        np.testing.assert_allclose(found, np.stack([e[number] for e in expected]), rtol=0, atol=EXACT)
    last = answers(last_state("known", nn.Identity(), length), pictures)
    np.testing.assert_allclose(last[:, 0], np.stack([e[1][-1] for e in expected]), rtol=0, atol=EXACT)


def test_moves_that_were_learnt_are_those_that_are_used() -> None:
    learnt = last_state("learnt", nn.Identity(), 3)
    with torch.no_grad():
        for number, weights in enumerate(learnt.learned.weights):
            weights.copy_(torch.randn(5, generator=torch.Generator().manual_seed(number)))
    table = moves(learnt).numpy()
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-6)
    assert len({tuple(row) for row in table}) == 5
    smoother = every_state("learnt", nn.Identity(), 6, "smoothed")
    take_moves(smoother, learnt)
    pictures = scores(6)
    expected = [forward_backward(row.softmax(1).numpy(), table)[1] for row in pictures]
    # The table was read in float32.
    np.testing.assert_allclose(answers(smoother, pictures), np.stack(expected), rtol=0, atol=1e-6)


def test_the_loss_is_that_of_the_last_state_given_the_pictures() -> None:
    model, pictures = last_state("known", nn.Identity(), 4).double(), scores(4)
    targets = torch.tensor([[0], [3], [2]])
    chances = [
        forward_backward(row.softmax(1).numpy(), MOVES)[1][-1, t]
        for row, t in zip(pictures, [0, 3, 2], strict=True)
    ]
    assert conditional_loss(model)(targets, x=pictures).item() == pytest.approx(-np.log(chances).mean())


def test_what_would_be_known_if_digits_were_known() -> None:
    model, pictures = last_state("known", nn.Identity(), 3).double(), scores(3)
    digits = torch.tensor([[0, 1, 2], [4, 4, 4], [2, 0, 3]])
    concepts = {f"digit(x({time}),_)": digits[:, time] for time in range(3)}
    found = states(model, told(model, model.beliefs(x=pictures), concepts)).exp()[:, 0].numpy()
    expected = [forward_backward(np.eye(5)[row], MOVES)[1][-1] for row in digits.numpy()]
    np.testing.assert_allclose(found, np.stack(expected), rtol=0, atol=EXACT)


def traced(count: int, first: int) -> Images:
    """Images of one pixel; the pixel is the image's number, so that every use can be traced."""
    numbers = torch.arange(first, first + count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) % 10)


FEW = Sizes(60, 10, 10, 20)


def drawn(seed: int = 0, sizes: Sizes = FEW) -> Data:
    return make_data(ImageSet("traced", "", traced(8000, 0), traced(600, 10_000)), sizes, 10, 12, seed)


def used(sequences: Sequences) -> list[int]:
    return sequences.inputs(slice(None))["x"].flatten().int().tolist()


def test_no_image_is_seen_twice_and_no_test_image_in_training() -> None:
    data = drawn()
    learnt, judged = used(data.train) + used(data.held_out), used(data.test)
    assert len(learnt) == len(set(learnt)) == 700
    assert len(judged) == len(set(judged)) == 100
    assert max(learnt) < 10_000 <= min(judged + used(data.long))


def test_sequences_are_drawn_from_the_chain() -> None:
    sequences = drawn(sizes=Sizes(300, 1, 1, 1)).train
    hidden, shown = sequences.states, torch.stack(list(sequences.concepts(slice(None)).values()), dim=1)
    assert torch.equal(shown, torch.tensor(used(sequences)).reshape(300, 10) % 10)
    assert torch.equal(sequences.targets, hidden[:, 9:])
    for pairs, table in (((hidden[:, :-1], hidden[:, 1:]), MOVES), ((hidden, shown), SHOWS)):
        counts = np.zeros((5, 5))
        np.add.at(counts, tuple(part.flatten().numpy() for part in pairs), 1)
        # About 600 draws of each row: five standard deviations.
        np.testing.assert_allclose(counts / counts.sum(axis=1, keepdims=True), table, atol=0.11)


def test_the_seed_decides_the_sequences() -> None:
    assert used(drawn(1).train) == used(drawn(1).train) != used(drawn(2).train)


@pytest.mark.parametrize("tables", ["known", "learnt"])
def test_a_run_records_all_figures(tables: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--tables", tables, "--data", "digits", "--length", "3", "--test-length", "4", "--epochs", "2"]
    assert main(["hmm", *words, "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert (record["train_sequences"], record["test_sequences"], record["long_sequences"]) == (40, 6, 2)
    names = ["task_accuracy", "concept_accuracy", "task_calibration_error", "concept_calibration_error"]
    for question in ("filtered", "smoothed"):
        names += [f"{question}_accuracy", f"{question}_accuracy_digits_known"]
    assert all(0 <= record[name] <= 1 for name in names)
    assert (record["move_error"] is None) == (tables == "known")
    positive = ("circuit_nodes", "circuit_edges", "examples_per_second", "peak_memory", "train_seconds")
    assert all(record[name] > 0 for name in positive)
    assert "no digit's label and no other state is used" in record["protocol"]
    assert "smoothed states" in capsys.readouterr().out


def test_a_validating_run_leaves_test_images_alone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--length", "3", "--epochs", "1", "--validate"]
    assert main(["hmm", *words, "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert record["held_out_sequences"] == 6
    assert "smoothed_accuracy" not in record
    assert "test images not used" in record["protocol"]
