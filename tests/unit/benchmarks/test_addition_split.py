"""A validating run learns from some training images, is judged by the others, and leaves the test images."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from rich.console import Console
from torch import Tensor

from benchmarks.command_line import main
from benchmarks.datasets.digits import load_digits
from benchmarks.datasets.images import Images, ImageSet
from benchmarks.datasets.split import Split, final_split, held_out_split
from benchmarks.learning.digit_images import HELD_OUT, ImageOptions, split_of
from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.mnist_addition.data import make_task
from benchmarks.mnist_addition.experiment import Outcome, Settings, run_experiment


def numbered(count: int, start: int = 0) -> Images:
    """Images whose one pixel is the image's number, and whose digit follows from it."""
    numbers = torch.arange(start, start + count)
    return Images(numbers.float().reshape(-1, 1, 1, 1), numbers * 7 % 10)


def image_set(train: int = 600) -> ImageSet:
    return ImageSet("made", "here", numbered(train), numbered(200, start=10_000))


def numbers(split: Split, part: Images, count: int) -> list[int]:
    """The numbers of a part's images: rank among all pixels, which scaling does not change."""
    everything = torch.cat([split.train.pixels, split.unseen.pixels]).flatten().sort().values
    assert len(set(everything.tolist())) == count
    ranks: list[int] = torch.searchsorted(everything, part.pixels.flatten()).tolist()
    return ranks


def options(*, validate: bool) -> ImageOptions:
    return ImageOptions(data="digits", data_dir=None, validate=validate, device="cpu")


def outcome(images: ImageSet) -> Outcome:
    run = RunOptions("exact", Budget(epochs=1), Recipe(batch_size=64), seed=0, threads=1)
    settings = Settings(digits=2, images=options(validate=True), run=run)
    return run_experiment(settings, images, Console(quiet=True), points=1)


def test_held_out_images_are_training_images_and_are_not_learnt_from() -> None:
    split = held_out_split(image_set(), 50)
    learnt, held = numbers(split, split.train, 600), numbers(split, split.unseen, 600)
    assert (len(learnt), len(held), split.kind) == (550, 50, "held-out")
    assert sorted(learnt + held) == list(range(600))


def test_held_out_images_keep_their_digits() -> None:
    split = held_out_split(image_set(), 50)
    for part in (split.train, split.unseen):
        assert part.digits.tolist() == [number * 7 % 10 for number in numbers(split, part, 600)]


def test_the_same_images_are_held_out_whatever_the_seed_of_the_run() -> None:
    images = load_digits(0)
    first, other = (split_of(options(validate=True), images) for _ in range(2))
    assert (len(first.train), len(first.unseen)) == (997, 400)
    assert torch.equal(first.unseen.pixels, other.unseen.pixels)
    assert not torch.equal(make_task(first, 2, 0).unseen.a, make_task(other, 2, 1).unseen.a)


def test_scaling_looks_only_at_the_images_that_are_learnt_from() -> None:
    """Change the held-out images as we like: the images that are learnt from stay what they were."""
    images = image_set()
    held = held_out_split(images, 50).unseen.digits
    kept = held_out_split(images, 50).train.pixels
    assert kept.mean().item() == pytest.approx(0, abs=1e-5)
    assert kept.square().mean().item() == pytest.approx(1, abs=1e-5)
    loud = images.train.pixels.clone()
    loud[_held_positions(images, 50)] = 1e6
    after = held_out_split(ImageSet("made", "here", Images(loud, images.train.digits), images.test), 50)
    assert torch.equal(after.train.pixels, kept)
    assert torch.equal(after.unseen.digits, held)


def _held_positions(images: ImageSet, count: int) -> Tensor:
    split = held_out_split(images, count)
    return torch.tensor(numbers(split, split.unseen, len(images.train)))


def test_final_figures_are_of_all_training_images_and_the_test_images() -> None:
    images = image_set()
    split = split_of(options(validate=False), images)
    assert (split.train, split.unseen, split.kind) == (images.train, images.test, "test")


def test_the_protocol_says_which_images_judged_the_run() -> None:
    held = make_task(held_out_split(image_set(), 50), 2, seed=3).protocol
    assert "137 training pairs" in held
    assert "550 training images (50 more held out)" in held
    assert "12 held-out pairs" in held
    assert "test images not used" in held
    final = make_task(final_split(image_set()), 2, seed=3).protocol
    assert "150 training pairs" in final
    assert "50 test pairs" in final
    assert "held" not in final


def test_a_validating_run_never_touches_the_test_images() -> None:
    """A run whose test images are all missing: it would fail at the first use of one."""
    images = load_digits(0)
    nothing = Images(torch.empty(0, 1, 8, 8), torch.empty(0, dtype=torch.int64))
    without = outcome(ImageSet(images.name, images.source, images.train, nothing))
    with_test = outcome(images)
    assert len(without.task.unseen) == 100
    assert without.judged == with_test.judged


@pytest.mark.parametrize(
    ("words", "kind", "train_pairs"), [([], "test", 698), (["--validate"], "held_out", 498)]
)
def test_the_record_says_whether_the_run_validates(
    words: list[str], kind: str, train_pairs: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["mnist_addition", "--data", "digits", "--epochs", "1", "--json", str(out), *words]) == 0
    record = json.loads(out.read_text())
    assert record["options"]["validate"] is (kind == "held_out")
    assert record["train_pairs"] == train_pairs
    counts = {key: value for key, value in record.items() if key in ("test_pairs", "held_out_pairs")}
    assert counts == {f"{kind}_pairs": 200}
    assert f"of 200 {kind.replace('_', '-')} pairs" in capsys.readouterr().out


def test_of_mnist_five_thousand_are_held_out() -> None:
    assert HELD_OUT == {"mnist": 5_000, "digits": 400}


def test_help_explains_validation(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["mnist_addition", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "hold out 5,000 training images" in shown
    assert "leave the test images unused" in shown
