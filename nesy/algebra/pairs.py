"""Algebras of pairs: a probability, and with it something that adds up along products.

All three compute (p, r) + (q, s) = (p + q, r + s) and (p, r) * (q, s) = (pq, ps + rq). They differ in
what a choice brings: its derivative, its share of an expected value (Eisner, 2002), or of an entropy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra.algebra import Algebra, FromProbability
from nesy.algebra.best import COUNTS

Floats = NDArray[np.float64]


def _plus(a: Any, b: Any) -> Any:
    return np.add(a, b)


def _times(a: Any, b: Any) -> Any:
    a, b = np.asarray(a), np.asarray(b)
    p, q = a[..., 0], b[..., 0]
    return np.stack([p * q, p * b[..., 1] + a[..., 1] * q], axis=-1)


def _constant(p: Floats) -> Floats:
    return np.stack([p, np.zeros_like(p)], axis=-1)


def _surprise(p: Floats) -> Floats:
    # p log p tends to 0 with p.
    return np.stack([p, -p * np.log(np.where(p > 0.0, p, 1.0))], axis=-1)


def _pairs(name: str, from_probability: FromProbability) -> Algebra:
    return Algebra(
        name,
        (0.0, 0.0),
        (1.0, 0.0),
        _plus,
        _times,
        np.dtype(np.float64),
        COUNTS,
        element_shape=(2,),
        from_probability=from_probability,
    )


DUAL = _pairs("dual", _constant)
"""(value, its derivative in one direction). Choices are constants unless they are labelled."""

EXPECTATION = _pairs("expectation", _constant)
"""(p, e): e is the sum over worlds of probability times reward, so that e / p is the expected reward.

A choice of probability p that earns r is labelled (p, p * r); unlabelled ones earn nothing.
"""

ENTROPY = _pairs("entropy", _surprise)
"""(p, h): h is the sum over worlds of -p(world) log p(world), in nats.

The entropy of the worlds given that they are among them is h / p + log p.
"""
