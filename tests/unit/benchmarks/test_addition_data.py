from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from benchmarks.datasets.digits import load_digits
from benchmarks.datasets.images import Images
from benchmarks.datasets.split import Split
from benchmarks.mnist_addition.data import Pairs, form_pairs, make_task, sum_digits
from nesy.errors import DataError


def images(count: int, start: int = 0) -> Images:
    """Images of one pixel; the pixel is the image's number, so that every use can be traced."""
    numbers = torch.arange(start, start + count, dtype=torch.float32)
    return Images(numbers.reshape(-1, 1, 1, 1), torch.arange(count) * 7 % 10)


def number(digits: Tensor) -> int:
    return int("".join(str(d) for d in reversed(digits.tolist())))


def image_numbers(pairs: Pairs) -> list[int]:
    inputs = pairs.inputs(slice(None))
    return torch.cat([inputs["a"].flatten(), inputs["b"].flatten()]).int().tolist()


@pytest.mark.parametrize(("count", "digits", "expected"), [(60, 1, 30), (60, 2, 15), (60, 4, 7), (61, 15, 2)])
def test_each_image_is_used_at_most_once(count: int, digits: int, expected: int) -> None:
    pairs = form_pairs(images(count), digits, np.random.default_rng(0))
    used = image_numbers(pairs)
    assert len(pairs) == expected
    assert len(used) == len(set(used)) == 2 * digits * expected


def test_inputs_have_the_shape_the_model_takes() -> None:
    pairs = form_pairs(images(60), 3, np.random.default_rng(0))
    assert {k: tuple(v.shape) for k, v in pairs.inputs(slice(0, 4)).items()} == {
        "a": (4, 3, 1, 1, 1),
        "b": (4, 3, 1, 1, 1),
    }


@pytest.mark.parametrize("digits", [1, 2, 5])
def test_targets_are_the_digits_of_the_sum_of_what_the_images_show(digits: int) -> None:
    source = images(100)
    pairs = form_pairs(source, digits, np.random.default_rng(3))
    inputs = pairs.inputs(slice(None))
    for a, b, target in zip(inputs["a"], inputs["b"], pairs.targets, strict=True):
        first, second = source.digits[a.flatten().long()], source.digits[b.flatten().long()]
        assert number(target) == number(first) + number(second)
        assert len(target) == digits + 1


@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    st.integers(1, 30).flatmap(
        lambda n: st.tuples(*[st.lists(st.integers(0, 9), min_size=n, max_size=n)] * 2)
    )
)
def test_sum_digits_is_addition(numbers: tuple[list[int], list[int]]) -> None:
    a, b = (torch.tensor([digits]) for digits in numbers)
    assert number(sum_digits(a, b)[0]) == number(a[0]) + number(b[0])


def test_training_and_test_pairs_share_no_image() -> None:
    task = make_task(Split(images(60), images(20, start=1000), "test"), 2, seed=1)
    assert set(image_numbers(task.train)) <= set(range(60))
    assert set(image_numbers(task.unseen)) <= set(range(1000, 1020))
    assert "15 training pairs" in task.protocol
    assert "5 test pairs" in task.protocol


def test_the_seed_decides_the_pairs() -> None:
    data = Split(images(60), images(20), "test")
    first, again, other = (make_task(data, 2, seed).train.a for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_too_few_images_for_one_pair() -> None:
    with pytest.raises(DataError) as caught:
        form_pairs(images(9), 5, np.random.default_rng(0))
    assert caught.value.code == "too-few-images"
    assert "at most 4" in (caught.value.hint or "")


def test_embedded_digits_are_split_by_the_seed() -> None:
    first, again, other = load_digits(0), load_digits(0), load_digits(1)
    assert (len(first.train), len(first.test)) == (1397, 400)
    assert torch.equal(first.test.pixels, again.test.pixels)
    assert not torch.equal(first.test.pixels, other.test.pixels)
    assert sorted(set(first.train.digits.tolist())) == list(range(10))
