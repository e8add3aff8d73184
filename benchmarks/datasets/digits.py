"""The handwritten digits that ship inside scikit-learn: 1,797 images of 8x8 pixels, no download."""

from __future__ import annotations

import numpy as np

from benchmarks.datasets.images import ImageSet, standardised

TEST_IMAGES = 400


def load_digits(seed: int = 0) -> ImageSet:
    """1,397 training and 400 test images; the seed decides which are which."""
    from sklearn.datasets import load_digits as embedded_digits  # noqa: PLC0415 - a second to import

    data = embedded_digits()
    images, digits = data.images.astype(np.uint8), data.target.astype(np.uint8)
    order = np.random.default_rng(seed).permutation(len(digits))
    test, train = order[:TEST_IMAGES], order[TEST_IMAGES:]
    return standardised(
        "digits", "scikit-learn", (images[train], digits[train]), (images[test], digits[test])
    )
