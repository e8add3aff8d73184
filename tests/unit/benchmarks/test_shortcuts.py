"""MNIST-Half and MNIST-Even-Odd: which pairs there are, what the labels leave open, and a whole run."""

from __future__ import annotations

import json
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import torch
from rich.console import Console

import nesy
from benchmarks.command_line import main
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.shortcuts.data import Data, Pairs, Sizes, make_data
from benchmarks.shortcuts.restarts import trained
from benchmarks.shortcuts.tasks import OUTPUT, QUERY, TASKS, ShortcutTask
from nesy.errors import DataError

HALF, EVEN_ODD = TASKS["half"], TASKS["even-odd"]
SIZES = Sizes(train=5, held_out=2, test=1)


def traced(count: int, first: int) -> Images:
    """Images of one pixel; the pixel is the image's number, so that every use can be traced."""
    numbers = torch.arange(first, first + count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) % 10)


def made(task: ShortcutTask, seed: int = 0) -> Data:
    return make_data(task, ImageSet("traced", "", traced(400, 0), traced(120, 1000)), SIZES, seed)


def used(pairs: Pairs) -> list[int]:
    inputs = pairs.inputs(slice(None))
    return torch.cat([inputs["a"].flatten(), inputs["b"].flatten()]).int().tolist()


def digits_of(pairs: Pairs) -> list[tuple[int, int]]:
    a, b = pairs.concepts(slice(None)).values()
    return list(zip(a.tolist(), b.tolist(), strict=True))


@pytest.mark.parametrize(("task", "seen", "unseen"), [(HALF, 7, 18), (EVEN_ODD, 16, 84)])
def test_pairs_are_those_of_the_published_tasks(task: ShortcutTask, seen: int, unseen: int) -> None:
    assert (len(task.seen), len(task.unseen)) == (seen, unseen)
    assert {*task.seen, *task.unseen} == set(product(range(task.values), repeat=2))
    data = made(task)
    assert Counter(digits_of(data.train)) == dict.fromkeys(task.seen, 5)
    assert Counter(digits_of(data.held_out)) == dict.fromkeys(task.seen, 2)
    assert Counter(digits_of(data.test)) == dict.fromkeys(task.seen, 1)
    assert Counter(digits_of(data.unseen)) == dict.fromkeys(task.unseen, 1)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_no_image_is_seen_twice_and_no_test_image_in_training(task: ShortcutTask) -> None:
    data = made(task)
    learnt, judged = used(data.train) + used(data.held_out), used(data.test)
    assert len(learnt) == len(set(learnt))
    assert len(judged) == len(set(judged))
    assert max(learnt) < 1000 <= min(judged + used(data.unseen))


def test_unseen_images_come_again_only_when_all_have_been_seen() -> None:
    data = made(HALF)
    again = [number for number, times in Counter(used(data.test) + used(data.unseen)).items() if times > 1]
    assert again == []


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_targets_are_sums(task: ShortcutTask) -> None:
    for pairs in (made(task).train, made(task).unseen):
        assert pairs.targets.flatten().tolist() == [a + b for a, b in digits_of(pairs)]


def test_the_seed_decides_the_images() -> None:
    first, again, other = (used(made(HALF, seed).train) for seed in (1, 1, 2))
    assert first == again != other


def test_too_few_images() -> None:
    few = ImageSet("traced", "", traced(50, 0), traced(50, 100))
    with pytest.raises(DataError) as caught:
        make_data(HALF, few, SIZES, 0)
    assert caught.value.code == "too-few-images"


def readings(task: ShortcutTask, most: int) -> set[tuple[int, ...]]:
    """Every reading of the digits, by numbers up to `most`, that gets all seen sums right; by search."""
    partial: list[dict[int, int]] = [{}]
    for a, b in task.seen:
        longer = []
        for reading in partial:
            for x, y in product(range(most + 1), repeat=2):
                if x + y == a + b and reading.get(a, x) == x and {**reading, a: x}.get(b, y) == y:
                    longer.append({**reading, a: x, b: y})
        partial = longer
    return {tuple(reading[d] for d in range(task.values)) for reading in partial}


def test_the_audit_counts_the_wrong_readings() -> None:
    for task, wrong in ((HALF, 2), (EVEN_ODD, 35)):
        found = task.audit()
        assert (found.wrong_maps, found.guarantee) == (wrong, "exact")
        assert len(readings(task, task.values - 1)) == wrong + 1
    assert HALF.determined(HALF.audit()) == {0, 1}
    assert EVEN_ODD.determined(EVEN_ODD.audit()) == set()


def test_forty_nine_readings_of_even_odd_if_there_were_numbers_above_nine() -> None:
    assert len(readings(EVEN_ODD, 18)) == 49


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_the_rules_add(task: ShortcutTask) -> None:
    """Certain beliefs in each pair of digits have the sum that Python gives."""
    model = nesy.Model(task.program(), {"digit_net": nesy.logits(torch.nn.Identity())}, QUERY, OUTPUT)
    every = list(product(range(task.values), repeat=2))
    certain = (torch.eye(task.values) - 1) * 1e4
    a, b = (certain[list(column)] for column in zip(*every, strict=True))
    assert model.predict(a=a, b=b).flatten().tolist() == [x + y for x, y in every]
    assert model.outputs[0].domain == tuple(range(2 * task.values - 1))


def test_judging_some_digits_only() -> None:
    pairs = made(HALF).test.judged_on({0, 4})
    assert {d for pair in digits_of(pairs) for d in pair} == {-1, 0, 4}


def entropy(reading: tuple[int, ...], task: ShortcutTask) -> float:
    """Of the digits that are read, where each pair that is seen is as frequent as the others."""
    read = Counter(reading[digit] for pair in task.seen for digit in pair)
    chances = torch.tensor(list(read.values())) / (2 * len(task.seen))
    return float(torch.special.entr(chances).sum())


def test_which_readings_use_the_digits_most_evenly() -> None:
    by_entropy = sorted(readings(HALF, 4), key=lambda reading: -entropy(reading, HALF))
    assert [round(entropy(reading, HALF), 2) for reading in by_entropy] == [1.55, 1.35, 1.28]
    assert by_entropy[0] == (0, 1, 2, 3, 4)
    largest = entropy(tuple(range(10)), EVEN_ODD)
    alike = [r for r in readings(EVEN_ODD, 9) if entropy(r, EVEN_ODD) > largest - 1e-6]
    assert sorted(alike) == [tuple(range(10)), (5, 6, 7, 8, 9, 0, 1, 2, 3, 4)]


def test_the_beginning_with_the_least_objective_is_trained_on() -> None:
    """Three readers that have settled on a reading each; steps of length zero leave them as they are."""
    data = made(HALF)
    settled = [torch.eye(5)[list(reading)] for reading in ((0, 1, 4, 1, 2), (0, 1, 2, 3, 4), (0, 1, 3, 2, 3))]

    class Settled(torch.nn.Module):
        def __init__(self, table: torch.Tensor) -> None:
            super().__init__()
            self.table = torch.nn.Parameter(10 * table)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.table[images.flatten().long() % 10]

    tables = iter(settled)

    def begin() -> nesy.Objective:
        networks = {"digit_net": nesy.logits(Settled(next(tables)))}
        return nesy.Objective(nesy.Model(HALF.program(), networks, QUERY, OUTPUT), batch_entropy=1.0)

    options = RunOptions("exact", Budget(2.0), Recipe(7, learning_rate=0.0), 0, 1)
    chosen, training = trained(begin, data.train, options, Console(quiet=True), beginnings=3)
    assert isinstance(chosen.model, nesy.Model)
    table = chosen.model.networks["digit_net"].table
    assert isinstance(table, torch.Tensor)
    torch.testing.assert_close(table.detach(), 10 * settled[1])
    assert training.epochs == pytest.approx(2 + 3 * 0.4)


def test_a_run_records_all_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "4", "--batch-size", "16", "--beginnings", "2"]
    assert main(["shortcuts", *words, "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert (record["train_pairs"], record["test_pairs"], record["unseen_pairs"]) == (168, 21, 54)
    assert record["wrong_maps"] == 2
    assert record["determined_digits"] == [0, 1]
    assert record["epochs_done"] == pytest.approx(4 + 2 * 0.8, abs=0.2)
    for name in ("task", "concept", "determined_concept", "undetermined_concept", "unseen_task"):
        assert 0 <= record[f"{name}_accuracy"] <= 1
    for name in ("task", "concept", "unseen_task", "unseen_concept"):
        assert 0 <= record[f"{name}_calibration_error"] <= 1
    positive = ("circuit_nodes", "circuit_edges", "examples_per_second", "peak_memory", "train_seconds")
    assert all(record[name] > 0 for name in positive)
    assert "no digit's label is used" in record["protocol"]
    assert "2 wrong concept maps" in capsys.readouterr().out


def test_a_validating_run_says_nothing_of_digits(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "1", "--beginnings", "1", "--entropy", "none", "--validate"]
    assert main(["shortcuts", *words, "--task", "even-odd", "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert record["held_out_pairs"] == 96
    assert 0 <= record["task_accuracy"] <= 1
    assert not [name for name in record if "concept" in name or "unseen" in name]


@pytest.mark.parametrize("entropy", ["unconditional", "conditional"])
def test_every_regulariser_trains(entropy: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--epochs", "1", "--beginnings", "1", "--entropy", entropy]
    assert main(["shortcuts", *words, "--json", str(out)]) == 0
    assert json.loads(out.read_text())["options"]["weight"] > 0


@pytest.mark.parametrize("entropy", ["batch", "conditional"])
def test_diffusion_trains_with_every_kind_of_regulariser(entropy: str, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--engine", "diffusion", "--data", "digits", "--epochs", "0.5", "--beginnings", "1"]
    assert main(["shortcuts", *words, "--entropy", entropy, "--json", str(out)]) == 0
    record = json.loads(out.read_text())
    assert record["engine"] == "diffusion"
    assert 0 <= record["concept_calibration_error"] <= 1
