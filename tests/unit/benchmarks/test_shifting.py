"""Moved images are the images, elsewhere, and each moves on its own."""

from __future__ import annotations

import torch

from benchmarks.learning.shifting import Shifted


class Dots:
    """One white pixel in the middle of each of the images."""

    targets = torch.arange(40)

    def __len__(self) -> int:
        return 40

    def inputs(self, chosen: torch.Tensor | slice) -> dict[str, torch.Tensor]:
        images = torch.zeros(40, 3, 1, 9, 9)
        images[..., 4, 4] = torch.arange(1, 121).reshape(40, 3, 1)
        return {"a": images[chosen]}


def places(images: torch.Tensor) -> torch.Tensor:
    return images.flatten(0, -3).nonzero()[:, 1:] - 4


def test_images_move_by_so_many_pixels_and_stay_whole() -> None:
    shifted = Shifted(Dots(), 2, seed=0)
    moved = shifted.inputs(slice(None))["a"]
    assert moved.shape == (40, 3, 1, 9, 9)
    torch.testing.assert_close(moved.sum(dim=(2, 3, 4)), torch.arange(1.0, 121).reshape(40, 3))
    found = places(moved)
    assert found.abs().max() == 2
    assert {tuple(p) for p in found.tolist()} == {(r, c) for r in range(-2, 3) for c in range(-2, 3)}


def test_they_move_anew_each_time_and_alike_with_the_same_seed() -> None:
    one, other = (Shifted(Dots(), 2, seed=7) for _ in range(2))
    first = one.inputs(slice(None))["a"]
    assert torch.equal(first, other.inputs(slice(None))["a"])
    assert not torch.equal(first, one.inputs(slice(None))["a"])


def test_examples_and_targets_stay() -> None:
    shifted = Shifted(Dots(), 1, seed=0)
    assert len(shifted) == 40
    assert torch.equal(shifted.targets, Dots.targets)
    chosen = torch.tensor([3, 1])
    assert shifted.inputs(chosen)["a"].flatten(1).max(dim=1).values.tolist() == [12, 6]
