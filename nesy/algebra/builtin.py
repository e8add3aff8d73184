"""The algebras that come with the framework, in one table."""

from __future__ import annotations

import operator
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra.algebra import Algebra, Laws
from nesy.algebra.best import CHOOSES, COUNTS
from nesy.algebra.pairs import DUAL, ENTROPY, EXPECTATION

Floats = NDArray[np.float64]

_FLOAT = np.dtype(np.float64)

# Either of two truth values is a choice too; and a variable with any value left is simply true.
_DECIDES = Laws(
    commutative=True, idempotent=True, selective=True, needs_smooth=False, needs_deterministic=False
)


def _itself(p: Floats) -> Floats:
    return p


def _log(p: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(p)


def _cost(p: Floats) -> Floats:
    return -_log(p)


def _possible(p: Floats) -> NDArray[np.bool_]:
    return p > 0.0


def _once(p: Floats) -> NDArray[Any]:
    return (p > 0.0).astype(np.int64).astype(object)


REAL = Algebra("real", 0.0, 1.0, np.add, np.multiply, _FLOAT, COUNTS, from_probability=_itself)
"""Probabilities and weights as they are: weighted model counting. Underflows on long products."""

LOG = Algebra("log", -inf, 0.0, np.logaddexp, np.add, _FLOAT, COUNTS, from_probability=_log)
"""The logarithms (nats) of `real`; -inf is impossible."""

MAX_PRODUCT = Algebra(
    "max-product", 0.0, 1.0, np.maximum, np.multiply, _FLOAT, CHOOSES, from_probability=_itself
)
"""The weight of the most probable world; weights are nonnegative."""

MAX_LOG = Algebra("max-log", -inf, 0.0, np.maximum, np.add, _FLOAT, CHOOSES, from_probability=_log)
"""The log-weight (nats) of the most probable world."""

TROPICAL = Algebra("tropical", inf, 0.0, np.minimum, np.add, _FLOAT, CHOOSES, from_probability=_cost)
"""The cost of the cheapest world; the cost of a choice is -log of its probability, +inf is impossible."""

MAX_MIN = Algebra("max-min", 0.0, 1.0, np.maximum, np.minimum, _FLOAT, CHOOSES, from_probability=_itself)
"""The weight of the world whose least choice weighs most; weights from 0 to 1."""

# The plain operators, for numpy's would turn small Python integers into ones that overflow.
COUNTING = Algebra(
    "counting", 0, 1, operator.add, operator.mul, np.dtype(object), COUNTS, from_probability=_once
)
"""The number of models: exact Python integers of any size, in object arrays."""

BOOLEAN = Algebra(
    "boolean",
    False,
    True,
    np.logical_or,
    np.logical_and,
    np.dtype(np.bool_),
    _DECIDES,
    from_probability=_possible,
)
"""Truth: whether there is a world at all."""

BUILTIN: tuple[Algebra, ...] = (
    REAL,
    LOG,
    MAX_PRODUCT,
    MAX_LOG,
    TROPICAL,
    MAX_MIN,
    COUNTING,
    BOOLEAN,
    DUAL,
    EXPECTATION,
    ENTROPY,
)
