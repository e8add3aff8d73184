"""Posterior probabilities of inputs: what flows down from the roots of an evaluated circuit."""

from __future__ import annotations

import numpy as np

from nesy.circuit.circuit import IntArray
from nesy.engines.tasks.forward import Evaluated, FloatArray, shares


def flows(values: Evaluated, roots: IntArray) -> FloatArray:
    """(width, B): the derivative of a root's log-value with respect to each input.

    roots: rows, one for each column of the result; where there are several, `values` has one column.
    In a deterministic circuit it is the probability that the input's value is decided on, given the root.
    Exactly 0 at and below impossible rows.
    Cost: O(edges * B), and a sort of each group's factors.
    """
    layers = values.layers
    columns = max(len(roots), values.rows.shape[1])
    flow = np.zeros((layers.rows, columns))
    flow[roots, np.arange(columns)] = 1.0
    for group in reversed(layers.groups):
        above = np.repeat(flow[group.start : group.stop], group.arities, axis=0)
        down = above * shares(values, group)
        each = np.repeat(down, np.diff(group.factor_offsets), axis=0)
        _add(flow, group.factors, each)
    possible = ~np.isneginf(values.rows[: layers.width])
    found: FloatArray = np.where(possible, flow[: layers.width], 0.0)
    return found


def _add(flow: FloatArray, rows: IntArray, amounts: FloatArray) -> None:
    """Add amounts to rows, of which some come several times: many times faster than `np.add.at`."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    firsts = np.flatnonzero(np.diff(ordered, prepend=-1))
    flow[ordered[firsts]] += np.add.reduceat(amounts[order], firsts, axis=0)
