"""Sums of which an unknown part is made up: the data, the rules, and a short run."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import nesy
from benchmarks.command_line import main
from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from benchmarks.noisy_addition.data import LabelledPairs, form_pairs, make_task
from benchmarks.noisy_addition.experiment import RULES, build_model, learnt_noise
from nesy.errors import DataError


def images(count: int, start: int = 0) -> Images:
    """Images of one pixel; the pixel is the image's number, so that every use can be traced."""
    numbers = torch.arange(start, start + count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) * 7 % 10)


def used(pairs: LabelledPairs) -> list[int]:
    inputs = pairs.inputs(slice(None))
    return torch.cat([inputs["a"].flatten(), inputs["b"].flatten()]).int().tolist()


def test_no_image_comes_twice_and_none_of_the_test_set_is_learnt_from() -> None:
    task = make_task(Split(images(61), images(20, start=1000), "test"), 0.3, seed=1)
    train, unseen = used(task.train), used(task.unseen)
    assert (len(train), len(set(train)), len(unseen), len(set(unseen))) == (60, 60, 20, 20)
    assert set(train) <= set(range(61))
    assert set(unseen) <= set(range(1000, 1020))
    assert "30 training pairs" in task.protocol
    assert "10 test pairs" in task.protocol


def test_labels_are_sums_but_where_they_are_made_up() -> None:
    source = images(20_000)
    pairs, made_up = form_pairs(source, 0.4, np.random.default_rng(0))
    inputs = pairs.inputs(slice(None))
    shown = [source.digits[inputs[name].flatten().long()] for name in "ab"]
    sums = (shown[0] + shown[1])[:, None]
    assert torch.equal(pairs.targets[~made_up], sums[~made_up])
    assert torch.equal(pairs.truthful().targets, sums)
    # Within five standard deviations of 10,000 draws, and of the 4,000 that are made up.
    assert float(made_up.double().mean()) == pytest.approx(0.4, abs=0.025)
    counts = torch.bincount(pairs.targets[made_up, 0], minlength=19).double() / int(made_up.sum())
    assert torch.allclose(counts, torch.full((19,), 1 / 19, dtype=torch.float64), atol=0.018)


def test_concepts_are_the_digits_of_the_images() -> None:
    source = images(60)
    pairs, _ = form_pairs(source, 0.0, np.random.default_rng(2))
    inputs, concepts = pairs.inputs(slice(3, 9)), pairs.concepts(slice(3, 9))
    for name in "ab":
        assert torch.equal(concepts[f"digit({name},_)"], source.digits[inputs[name].flatten().long()])


def test_one_image_makes_no_pair() -> None:
    with pytest.raises(DataError) as caught:
        form_pairs(images(1), 0.1, np.random.default_rng(0))
    assert caught.value.code == "too-few-images"


def test_the_rules_mix_sums_and_noise_as_a_sum_over_all_worlds_does() -> None:
    torch.manual_seed(0)
    scores = torch.randn(2, 5, 10, dtype=torch.float64)
    model = nesy.Model(
        nesy.load(RULES), {"digit_net": nesy.logits(nn.Identity())}, query="label(a, b, S)", output="S"
    ).double()
    with torch.no_grad():
        model.learned.weights[0].copy_(torch.tensor([0.8, 0.2]).log())
    assert learnt_noise(model) in (pytest.approx(0.2), pytest.approx(0.8))
    found = model(a=scores[0], b=scores[1]).exp()
    assert torch.allclose(found, expected(scores.softmax(dim=2), learnt_noise(model)))


def expected(digits: Tensor, noise: float) -> Tensor:
    sums = torch.full((digits.shape[1], 19), noise / 19, dtype=torch.float64)
    for first, second in product(range(10), repeat=2):
        sums[:, first + second] += (1 - noise) * digits[0, :, first] * digits[1, :, second]
    return sums


def test_a_new_model_has_no_opinion_about_noise() -> None:
    assert learnt_noise(build_model("exact", 8)) == pytest.approx(0.5)


def test_a_short_run_records_all_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    words = ["--data", "digits", "--validate", "--epochs", "4", "--noise", "0.1", "--json", str(out)]
    assert main(["noisy_addition", *words]) == 0
    record = json.loads(out.read_text())
    assert (record["train_pairs"], record["held_out_pairs"]) == (498, 200)
    assert (record["true_noise"], record["options"]["noise"]) == (0.1, 0.1)
    assert 0 < record["learnt_noise"] < 1
    assert 0.05 < record["made_up_labels"] < 0.15
    assert record["circuit_nodes"] > 0
    for name in ("task_accuracy", "concept_accuracy", "task_calibration_error", "concept_calibration_error"):
        assert 0 <= record[name] <= 1
    for name in ("train_seconds", "examples_per_second", "peak_memory", "circuit_edges"):
        assert record[name] > 0
    assert "test images not used" in record["protocol"]
    assert "training labels made up" in capsys.readouterr().out


@pytest.mark.parametrize("noise", ["-0.1", "1.1", "nan", "much"])
def test_noise_is_a_fraction(noise: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["noisy_addition", "--noise", noise])
    assert stopped.value.code == 2
    assert "a number from 0 to 1" in capsys.readouterr().err
