"""The algebras that come with the framework, in one table."""

from __future__ import annotations

import operator
from math import inf

import numpy as np

from nesy.algebra.algebra import Algebra, Laws

_FLOAT = np.dtype(np.float64)

_COUNTS = Laws(
    commutative=True, idempotent=False, selective=False, needs_smooth=True, needs_deterministic=True
)
_CHOOSES = Laws(
    commutative=True, idempotent=True, selective=True, needs_smooth=True, needs_deterministic=False
)
# Either of two truth values is a choice too; and a variable with any value left is simply true.
_DECIDES = Laws(
    commutative=True, idempotent=True, selective=True, needs_smooth=False, needs_deterministic=False
)

REAL = Algebra("real", 0.0, 1.0, np.add, np.multiply, _FLOAT, _COUNTS)
"""Probabilities and weights as they are: weighted model counting. Underflows on long products."""

LOG = Algebra("log", -inf, 0.0, np.logaddexp, np.add, _FLOAT, _COUNTS)
"""The logarithms (nats) of `real`; -inf is impossible."""

MAX_PRODUCT = Algebra("max-product", 0.0, 1.0, np.maximum, np.multiply, _FLOAT, _CHOOSES)
"""The weight of the most probable world; weights are nonnegative."""

MAX_LOG = Algebra("max-log", -inf, 0.0, np.maximum, np.add, _FLOAT, _CHOOSES)
"""The log-weight (nats) of the most probable world."""

# The plain operators, for numpy's would turn small Python integers into ones that overflow.
COUNTING = Algebra("counting", 0, 1, operator.add, operator.mul, np.dtype(object), _COUNTS)
"""The number of models: exact Python integers of any size, in object arrays."""

BOOLEAN = Algebra("boolean", False, True, np.logical_or, np.logical_and, np.dtype(np.bool_), _DECIDES)
"""Truth: whether there is a world at all."""

BUILTIN: tuple[Algebra, ...] = (REAL, LOG, MAX_PRODUCT, MAX_LOG, COUNTING, BOOLEAN)
