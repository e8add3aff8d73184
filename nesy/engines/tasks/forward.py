"""The log-values of every row and term of a circuit's layers, which all tasks on worlds start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.circuit import IntArray
from nesy.circuit.layers import BoolArray, Group, Layers

FloatArray = NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class Evaluated:
    """A circuit's layers and what they evaluate to.

    rows: (layers.rows, B) log-values in nats; -inf is impossible. terms: (layers.terms, B), the same.
    """

    layers: Layers
    rows: FloatArray
    terms: FloatArray


def evaluated(layers: Layers, inputs: NDArray[Any], maximal: BoolArray | None = None) -> Evaluated:
    """Every row, from the input columns up.

    inputs: (layers.width, B), log-weights in nats; -inf is impossible.
    maximal: (layers.rows,), the rows that are the greatest of their terms instead of their sum; none if None.
    Cost: O(edges * B), some ten numpy calls for each group of a level; holds all rows and terms.
    """
    batch = inputs.shape[1]
    rows = np.empty((layers.rows, batch))
    rows[: layers.width] = inputs
    rows[layers.zero] = -np.inf
    rows[layers.one] = 0.0
    terms = np.empty((layers.terms, batch))
    with np.errstate(divide="ignore"):
        for group in layers.groups:
            made = np.add.reduceat(rows[group.factors], group.factor_offsets[:-1], axis=0)
            terms[group.first_term : group.first_term + group.terms] = made
            greatest = None if maximal is None else maximal[group.start : group.stop]
            rows[group.start : group.stop] = _combined(made, group, greatest)
    return Evaluated(layers, rows, terms)


def shares(values: Evaluated, group: Group) -> FloatArray:
    """(terms of the group, B): the part of its row that each term makes up; 0 below impossible rows."""
    rows = values.rows[group.start : group.stop]
    base = np.repeat(np.where(np.isneginf(rows), np.inf, rows), group.arities, axis=0)
    found: FloatArray = np.exp(values.terms[group.first_term : group.first_term + group.terms] - base)
    return found


def greatest_terms(values: Evaluated, group: Group) -> IntArray:
    """For each row of the group, its first term of the greatest value in column 0, counted in the group."""
    terms = values.terms[group.first_term : group.first_term + group.terms, 0]
    best = np.repeat(np.maximum.reduceat(terms, group.offsets[:-1]), group.arities)
    numbers = np.arange(group.terms)
    found: IntArray = np.minimum.reduceat(np.where(terms == best, numbers, group.terms), group.offsets[:-1])
    return found


def _combined(terms: FloatArray, group: Group, greatest: BoolArray | None) -> FloatArray:
    if group.terms == group.stop - group.start:
        return terms
    best = np.maximum.reduceat(terms, group.offsets[:-1], axis=0)
    if greatest is not None and greatest.all():
        return best
    # An impossible row is shifted by nothing, so that its sum is the logarithm of zero and never NaN.
    shift = np.where(np.isneginf(best), 0.0, best)
    parts = np.exp(terms - np.repeat(shift, group.arities, axis=0))
    total: FloatArray = np.log(np.add.reduceat(parts, group.offsets[:-1], axis=0)) + shift
    return total if greatest is None else np.where(greatest[:, None], best, total)
