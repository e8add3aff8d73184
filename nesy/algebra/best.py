"""The k best weights of worlds, and the laws of algebras that count and of those that choose."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra.algebra import Algebra, Laws

COUNTS = Laws(
    commutative=True, idempotent=False, selective=False, needs_smooth=True, needs_deterministic=True
)
"""The laws where every world adds something."""

CHOOSES = Laws(
    commutative=True, idempotent=True, selective=True, needs_smooth=True, needs_deterministic=False
)
"""The laws where one of the worlds is chosen."""

_NAME = re.compile(r"top-([1-9]\d{0,3})")


def top_k(k: int) -> Algebra:
    """The weights of the k most probable worlds, in descending order, filled up with 0: `top-k`.

    k: at least 1; raises `ValueError`. Weights are nonnegative; worlds that weigh the same count apart.
    Cost: `plus` sorts 2k numbers and `times` k * k, in place of one operation on numbers each.
    """
    if k < 1:
        raise ValueError(f"the k best worlds are at least one, not {k}")

    def largest(weights: NDArray[Any]) -> NDArray[Any]:
        return -np.sort(-weights, axis=-1)[..., :k]

    def plus(a: Any, b: Any) -> Any:
        return largest(np.concatenate([a, b], axis=-1))

    def times(a: Any, b: Any) -> Any:
        products = np.asarray(a)[..., :, None] * np.asarray(b)[..., None, :]
        return largest(products.reshape(*products.shape[:-2], k * k))

    def alone(p: NDArray[np.float64]) -> NDArray[Any]:
        return np.concatenate([p[..., None], np.zeros((*p.shape, k - 1))], axis=-1)

    rest = (0.0,) * (k - 1)
    return Algebra(
        f"top-{k}",
        (0.0, *rest),
        (1.0, *rest),
        plus,
        times,
        np.dtype(np.float64),
        # The best one alone is a choice; among several a world could be counted twice.
        CHOOSES if k == 1 else COUNTS,
        element_shape=(k,),
        from_probability=alone,
    )


def top_named(name: str) -> Algebra | None:
    """The algebra called `top-1`, `top-2`, ... up to `top-9999`; None where that is no such name."""
    found = _NAME.fullmatch(name)
    return None if found is None else top_k(int(found[1]))
