"""An algebra: what the sums and products of a circuit mean, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

Values = Any
"""A number, or a numpy array of the algebra's dtype."""

Operation = Callable[[Values, Values], Values]
"""A binary operation, elementwise on arrays of one shape, and on plain numbers."""

FromProbability = Callable[[NDArray[np.float64]], NDArray[Any]]
"""Probabilities of the values of one symbol, (n,), to what they are in an algebra."""


@final
@dataclass(frozen=True, slots=True)
class Laws:
    """What holds of an algebra beyond the semiring axioms, and what it asks of a circuit.

    commutative: a * b = b * a.
    idempotent: a + a = a.
    selective: a + b is a or b (so an argument that attains the value can be traced).
    needs_smooth: a variable that a branch leaves out may not be left out, even where one of its
    values has a weight other than zero. (Where the weights of every variable add up to one, no
    algebra needs it.)
    needs_deterministic: the children of a sum must exclude one another.
    """

    commutative: bool
    idempotent: bool
    selective: bool
    needs_smooth: bool
    needs_deterministic: bool


@final
@dataclass(frozen=True, slots=True)
class Algebra:
    """A semiring: (plus, zero) and (times, one) are monoids, plus commutes, times distributes over
    plus, and zero annihilates.

    plus, times: elementwise on numpy arrays of `dtype` and on plain numbers; they allocate what they
    return. Algebras over floats meet the axioms up to rounding.
    element_shape: of one value. Values that are tuples of numbers lie along trailing axes: arrays of n
    values have shape (n, *element_shape), and `zero` and `one` are tuples.
    from_probability: the values that stand for probabilities: float64 of shape (n,), those of one symbol,
    to (n, *element_shape). None where only the user can say.
    tensors: plus and times on torch tensors, differentiable, for algebras that are not built in.
    """

    name: str
    zero: Values
    one: Values
    plus: Operation
    times: Operation
    dtype: np.dtype[Any]
    laws: Laws
    element_shape: tuple[int, ...] = ()
    from_probability: FromProbability | None = None
    tensors: tuple[Operation, Operation] | None = None
