"""MNIST products: how pairs are formed, what the rules say of them, and a short run."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import pytest
import torch
from rich.console import Console
from torch import nn

import nesy
from benchmarks.datasets.digits import load_digits
from benchmarks.datasets.images import ImageSet
from benchmarks.datasets.split import final_split
from benchmarks.learning.digit_images import ImageOptions
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.mnist_products.data import make_task
from benchmarks.mnist_products.experiment import RULES, Settings, figures, run_experiment


@pytest.fixture(scope="module")
def images() -> ImageSet:
    return load_digits(0)


def model_of(digits: int, readable: tuple[int, ...]) -> nesy.Model:
    """The model, but for a network that reads no other digits."""
    rules = RULES.read_text().replace("0..9", str(list(readable)))
    return nesy.Model(
        nesy.parse(rules), {"digit_net": nesy.logits(nn.Identity())}, f"product({digits}, I, D)", "D"
    ).double()


@pytest.mark.parametrize("digits", [1, 2])
def test_pairs_share_no_image_and_their_products_are_right(images: ImageSet, digits: int) -> None:
    split = final_split(images)
    task = make_task(split, digits, seed=3)
    for pairs, part in ((task.train, split.train), (task.unseen, split.unseen)):
        used = torch.cat([pairs.a, pairs.b], dim=1).flatten().tolist()
        assert len(used) == len(set(used)) > len(part) - 2 * digits
        assert pairs.pixels is part.pixels
        for number in range(len(pairs)):
            first, second = (
                int("".join(str(int(d)) for d in part.digits[places[number]].flip(0)))
                for places in (pairs.a, pairs.b)
            )
            written = "".join(str(int(d)) for d in pairs.targets[number].flip(0))
            assert written == str(first * second).zfill(2 * digits)
    assert "supervised by the digits of the product only" in task.protocol


def test_the_rules_give_digits_the_probability_of_their_pairs() -> None:
    readable = (0, 3, 7)
    model = model_of(2, readable)
    a, b = torch.randn(2, 1, 2, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    chances = [dict(zip(readable, row, strict=True)) for x in (a, b) for row in x[0].softmax(dim=1).tolist()]
    whole: dict[int, float] = defaultdict(float)
    for a0, a1, b0, b1 in itertools.product(readable, repeat=4):
        chance = chances[0][a0] * chances[1][a1] * chances[2][b0] * chances[3][b1]
        whole[int(f"{a1}{a0}") * int(f"{b1}{b0}")] += chance
    for place, (output, logs) in enumerate(zip(model.outputs, model(a=a, b=b), strict=True)):
        shown = [str(n).zfill(4)[-1 - place] for n in whole]
        expected = [
            sum(chance for digit, chance in zip(shown, whole.values(), strict=True) if digit == str(value))
            for value in output.domain
        ]
        assert sum(expected) == pytest.approx(1)
        assert logs[0].exp().tolist() == pytest.approx(expected, rel=1e-9)
    for product, chance in whole.items():
        indices = [o.domain.index(product // 10**place % 10) for place, o in enumerate(model.outputs)]
        found = float(model.log_prob(torch.tensor([indices]), a=a, b=b))
        assert found == pytest.approx(math.log(chance), rel=1e-9)


def test_every_digit_is_an_output_of_products_of_two_digits() -> None:
    model = model_of(1, tuple(range(10)))
    assert [output.domain for output in model.outputs] == [tuple(range(10)), tuple(range(9))]


def test_a_short_run_records_everything(images: ImageSet) -> None:
    options = RunOptions("exact", Budget(epochs=1), Recipe(64), seed=0, threads=1)
    chosen = ImageOptions("digits", None, validate=True, device="cpu")
    outcome = run_experiment(Settings(1, chosen, options), images, Console(quiet=True))
    found = figures(outcome)
    assert found["held_out_pairs"] == 200
    assert found["circuit_edges"] > found["circuit_nodes"] > 100
    for name in ("task_accuracy", "concept_accuracy"):
        assert 0 < found[name] <= 1
    for name in ("task_calibration_error", "concept_calibration_error", "peak_memory", "examples_per_second"):
        assert found[name] > 0
    assert "test images not used" in outcome.task.protocol
