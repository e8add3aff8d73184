"""The digits that come with scikit-learn, in pairs: 1,797 images of 8 by 8 pixels, each in one pair."""

import numpy as np
import torch
from sklearn.datasets import load_digits

from nesy.nn.training import Examples


def sums(held_out: int, test: int) -> dict[str, Examples]:
    """Pairs to train on, to choose the best by, and to judge it by."""
    images, digits = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(digits) // 2 * 2)
    pixels = torch.from_numpy(images[order] / 16).float().reshape(-1, 2, 1, 8, 8)
    labels = torch.from_numpy(digits[order]).reshape(-1, 2)
    pairs = Examples(
        inputs={"a": pixels[:, 0], "b": pixels[:, 1]},
        targets=labels.sum(dim=1),  # the values of S are 0 to 18, so that a sum is its own index
        concepts={"digit(a,_)": labels[:, 0], "digit(b,_)": labels[:, 1]},
    )
    first, second = len(labels) - held_out - test, len(labels) - test
    numbers = torch.arange(len(labels))
    return {
        "train": pairs.rows(numbers[:first]),
        "held_out": pairs.rows(numbers[first:second]),
        "test": pairs.rows(numbers[second:]),
    }
