"""Whether the number of worlds is odd: truth values, with "either or" and "and"."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import Algebra, Laws


def possible(p: NDArray[np.float64]) -> NDArray[Any]:
    """A value counts if it can be."""
    return p > 0.0


PARITY = Algebra(
    "parity",
    zero=False,
    one=True,
    plus=np.logical_xor,
    times=np.logical_and,
    dtype=np.dtype(np.bool_),
    # What is reached twice is lost, so no world may be; and what a branch leaves out has several values.
    laws=Laws(
        commutative=True, idempotent=False, selective=False, needs_smooth=True, needs_deterministic=True
    ),
    from_probability=possible,
)
"""Odd or even, of the worlds that are possible."""
