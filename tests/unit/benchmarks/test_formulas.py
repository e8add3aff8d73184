"""Formulas: their values, how they are formed, what the rules say of them, and a short run."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.datasets.operators import KINDS, OperatorImages, read_operators
from benchmarks.formulas.data import Formulas, form_formulas
from benchmarks.formulas.experiment import RULES, Settings, figures, pictures, protocol, run_experiment
from benchmarks.formulas.values import Value, value_of
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from nesy.errors import DataError

SIGNS = {"plus": "+", "minus": "-", "times": "*", "divide": "/"}


def python_value(digits: tuple[int, ...], operators: tuple[str, ...]) -> Value:
    """What Python's own grammar and fractions make of a formula."""
    parts = [f"F({digits[0]})"]
    for operator, digit in zip(operators, digits[1:], strict=True):
        parts += [SIGNS[operator], f"F({digit})"]
    try:
        value = eval("".join(parts), {"F": Fraction})
    except ZeroDivisionError:
        return "undefined"
    return int(value) if value.denominator == 1 else str(value)


def test_values_are_those_of_pythons_fractions() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        n = int(rng.integers(4))
        digits = tuple(int(d) for d in rng.integers(10, size=n + 1))
        operators = tuple(KINDS[k] for k in rng.integers(4, size=n))
        assert value_of(digits, operators) == python_value(digits, operators)


def test_a_value_may_be_negative_fractional_or_undefined() -> None:
    assert value_of([1, 2, 3, 8], ["minus", "divide", "minus"]) == "-23/3"
    assert value_of([6, 3], ["divide"]) == 2
    assert value_of([0, 0, 5], ["divide", "times"]) == "undefined"


def test_the_rules_give_each_value_the_probability_of_its_formulas() -> None:
    model = nesy.Model(
        nesy.load(RULES),
        {"digit_net": nesy.logits(nn.Identity()), "operator_net": nesy.logits(Shortened())},
        query="value(5, V)",
        output="V",
    ).double()
    images = torch.randn(1, 5, 10, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    sure = [images[0, i, : 4 if i % 2 else 10].softmax(dim=0).tolist() for i in range(5)]
    expected: dict[int | float | str, float] = defaultdict(float)
    for a, o, b, p, c in itertools.product(range(10), range(4), range(10), range(4), range(10)):
        weight = sure[0][a] * sure[1][o] * sure[2][b] * sure[3][p] * sure[4][c]
        expected[value_of([a, b, c], [KINDS[o], KINDS[p]])] += weight
    domain = model.outputs[0].domain
    assert set(domain) == set(expected)
    found = model(image=images)[0].exp().tolist()
    assert found == pytest.approx([expected[value] for value in domain], rel=1e-9)


class Shortened(nn.Module):
    """The first four of ten numbers: the logits of the operators."""

    def forward(self, images: Tensor) -> Tensor:
        return images[:, :4]


def drawn(labels: int, count: int, seed: int) -> Images:
    """Images of 28x28 pixels that show their label as a bright row."""
    rng = np.random.default_rng(seed)
    kinds = torch.from_numpy(rng.permutation(np.arange(count) % labels))
    pixels = 0.1 * torch.from_numpy(rng.standard_normal((count, 1, 28, 28)).astype(np.float32))
    pixels[torch.arange(count), 0, 2 * kinds] += 3
    return Images(pixels, kinds)


@pytest.fixture(scope="module")
def formed() -> Formulas:
    return form_formulas(drawn(10, 400, 0), drawn(4, 40, 1), 40, np.random.default_rng(2))


def test_no_image_of_a_digit_is_used_twice_and_those_of_operators_in_turn(formed: Formulas) -> None:
    digits = formed.digit_at[formed.digit_at >= 0]
    assert len(digits) == len(set(digits.tolist())) == 400
    used = torch.bincount(formed.operator_at[formed.operator_at >= 0], minlength=40)
    assert used.sum() == 240
    for kind in range(4):
        of_kind = used[formed.operators.digits == kind]
        assert of_kind.max() - of_kind.min() <= 1


def test_formulas_have_their_lengths_and_values(formed: Formulas) -> None:
    assert Counter(formed.lengths.tolist()) == {1: 40, 3: 40, 5: 40, 7: 40}
    for number, length in enumerate(formed.lengths.tolist()):
        digits = formed.digits.digits[formed.digit_at[number, : length // 2 + 1]].tolist()
        kinds = formed.operators.digits[formed.operator_at[number, : length // 2]].tolist()
        assert formed.values[number] == python_value(tuple(digits), tuple(KINDS[k] for k in kinds))


def test_images_come_in_the_order_of_the_formula(formed: Formulas) -> None:
    number = int(formed.of_length(5)[0])
    (images,) = formed.inputs(slice(number, number + 1))["image"]
    assert images.shape == (5, 1, 28, 28)
    assert torch.equal(images[2], formed.digits.pixels[formed.digit_at[number, 1]])
    assert torch.equal(images[3], formed.operators.pixels[formed.operator_at[number, 1]])


def test_too_few_images_are_refused() -> None:
    with pytest.raises(DataError, match="400 images of digits, and there are 399") as caught:
        form_formulas(drawn(10, 399, 0), drawn(4, 40, 1), 40, np.random.default_rng(2))
    assert caught.value.code == "too-few-images"


def archive(path: Path, images: dict[str, NDArray[np.uint8]]) -> Path:
    """An archive with these images."""
    with zipfile.ZipFile(path, "w") as file:
        for name, image in images.items():
            content = io.BytesIO()
            Image.fromarray(image).save(content, format="png")
            file.writestr(name, content.getvalue())
    return path


def test_images_are_of_one_drawing_where_a_turn_or_reflection_makes_them_equal(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(256, size=(2, 28, 28), dtype=np.uint8)
    path = archive(
        tmp_path / "operators.zip",
        {
            "all/test/subtraction_minus/a.png": one,
            "all/train/subtraction_minus/b.png": np.ascontiguousarray(np.rot90(one)[::-1]),
            "all/train/subtraction_minus/c.png": other,
            "all/val/division_slash/d.png": one,
        },
    )
    found = read_operators(path)
    assert [KINDS[kind] for kind in found.kinds] == ["minus", "minus", "minus", "divide"]
    assert np.array_equal(found.pixels[0], one)
    assert found.drawings[0] == found.drawings[1]
    assert len(set(found.drawings)) == 3


def test_an_archive_of_other_images_is_refused(tmp_path: Path) -> None:
    small = np.zeros((8, 8), dtype=np.uint8)
    for path in (
        archive(tmp_path / "small.zip", {"all/test/subtraction_minus/a.png": small}),
        archive(tmp_path / "other.zip", {"all/test/root/a.png": np.zeros((28, 28), dtype=np.uint8)}),
    ):
        with pytest.raises(DataError) as caught:
            read_operators(path)
        assert caught.value.code == "corrupt-data"


def operator_images(each: int) -> OperatorImages:
    """`each` drawings of every kind, with two images each."""
    images = drawn(4, 4 * each, 3)
    grey = ((images.pixels[:, 0].clamp(0, 3.5) / 3.5) * 255).to(torch.uint8).numpy()
    numbers = np.arange(4 * each)
    kinds = images.digits.numpy()
    both = np.concatenate
    return OperatorImages(both([grey, grey[:, :, ::-1]]), both([kinds, kinds]), both([numbers, numbers]))


def test_images_of_one_drawing_are_kept_together() -> None:
    images = operator_images(10)
    learnt, apart = images.split_by_drawing(0.2, 0)
    assert not set(learnt.drawings) & set(apart.drawings)
    assert len(learnt) == 64
    assert np.bincount(apart.kinds).tolist() == [4, 4, 4, 4]


def test_parts_of_a_run_share_no_image() -> None:
    digits = ImageSet("drawn", "here", drawn(10, 6_000, 0), drawn(10, 100, 1))
    for validate in (False, True):
        learnt, unseen = pictures(digits, operator_images(10), validate=validate)
        seen = {image.numpy().tobytes() for image in learnt.digits.pixels}
        assert not any(image.numpy().tobytes() in seen for image in unseen.digits.pixels)
        assert len(learnt.operators) == (48 if validate else 64)
    assert len(unseen.digits) == 5_000


def test_a_short_run_records_everything() -> None:
    digits = ImageSet("drawn", "here", drawn(10, 300, 0), drawn(10, 60, 1))
    options = RunOptions("exact", Budget(epochs=4), Recipe(20, 3e-3), seed=0, threads=1)
    settings = Settings(3, 100, 20, None, None, validate=False, run=options)
    outcome = run_experiment(settings, digits, operator_images(10), Console(quiet=True))
    found = figures(settings, outcome)
    assert found["test_formulas"] == 40
    assert found["values_by_length"] == {1: 10, 3: 96}
    assert found["circuit_nodes"] == sum(found["circuit_nodes_by_length"].values()) > 100
    for name in ("task_accuracy", "concept_accuracy", "operator_accuracy", "accuracy_of_length_3"):
        assert 0 <= found[name] <= 1
    assert found["accuracy_of_length_1"] > 0.3, "bright rows are easily learnt"
    for name in ("task_calibration_error", "concept_calibration_error", "peak_memory", "examples_per_second"):
        assert found[name] > 0
    assert "not the HWF data set" in protocol(settings, outcome)
