"""What compiled code is given, in tuples with names."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray

FloatArray = NDArray[np.float64]


class Instructions(NamedTuple):
    """A `Plan`: the instructions of the rows from `base` on. The two rows before it are ZERO and ONE."""

    code: NDArray[np.int32]
    starts: IntArray
    roots: IntArray
    base: int


class Batch(NamedTuple):
    """A batch in lines, batch innermost: log-weights, (width * columns,), and the gradients of the roots.

    columns: a multiple of the lanes. root_gradients: (R * columns,), or empty where none are wanted.
    """

    inputs: FloatArray
    root_gradients: FloatArray
    columns: int


class Buffers(NamedTuple):
    """The rows of one tile, (rows * lanes,) each: numbers, exponents, gradients."""

    numbers: FloatArray
    exponents: FloatArray
    gradients: FloatArray
