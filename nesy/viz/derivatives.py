"""The value of every node of a circuit, and how much each query changes with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import REAL
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.kernels.reference import node_values
from nesy.logic.program import Symbol

Floats = NDArray[np.float64]

ROUNDING = 1e-13
"""What some thousand operations may lose of a number, relative to it."""


@final
@dataclass(frozen=True)
class Evaluated:
    """values: (N,), of each node. answers: (Q,), of each query, given the condition.

    derivatives: (Q, N), of each answer by the value of each node.
    """

    values: Floats
    answers: Floats
    derivatives: Floats


def evaluated(circuit: Circuit, weights: Floats, queries: Sequence[int], condition: int | None) -> Evaluated:
    """Values and derivatives of a circuit whose input columns have some weights.

    queries: the numbers of the roots that are asked. condition: that of the root they are given; None for
    one that is certain. The condition's value is above zero.
    Cost: O(edges * queries), one step of Python for each edge.
    """
    values = node_values(circuit, weights[:, None], REAL)[:, 0]
    roots = [int(circuit.roots[q]) for q in queries]
    if condition is None:
        flows = _flows(circuit, values, roots)
        return Evaluated(values, values[roots], flows)
    given = int(circuit.roots[condition])
    flows = _flows(circuit, values, [*roots, given])
    answers = values[roots] / values[given]
    derivatives = difference(flows[:-1], answers[:, None] * flows[-1]) / values[given]
    return Evaluated(values, answers, derivatives)


def difference(one: Floats, other: Floats) -> Floats:
    """The difference of two sums; zero where it is no more than what rounding leaves of equal ones."""
    left = one - other
    noise = ROUNDING * (np.abs(one) + np.abs(other))
    return np.where(np.abs(left) <= noise, 0.0, left)


def _flows(circuit: Circuit, values: Floats, roots: Sequence[int]) -> Floats:
    """(R, N): the partial derivative of each root's value by that of each node."""
    flow = np.zeros((circuit.size, len(roots)))
    for number, root in enumerate(roots):
        flow[root, number] += 1.0
    for node in range(circuit.size - 1, -1, -1):
        children = circuit.children_of(node)
        if circuit.kinds[node] == NodeKind.SUM:
            for child in children:
                flow[child] += flow[node]
        elif circuit.kinds[node] == NodeKind.PRODUCT:
            for child, others in zip(children, _others(values[children]), strict=True):
                flow[child] += others * flow[node]
    return np.ascontiguousarray(flow.T)


def _others(factors: Floats) -> Floats:
    """For each factor the product of all others; no division, for factors may be zero."""
    before: Floats = np.concatenate([[1.0], np.cumprod(factors[:-1])])
    behind = np.concatenate([np.cumprod(factors[:0:-1])[::-1], [1.0]])
    return np.asarray(before * behind, dtype=np.float64)


def by_probability(flow: Floats, prior: Floats, value: int) -> Floats:
    """How answers change with the probability of one value of a symbol, the others giving way in proportion.

    flow: (..., values), the derivatives by each value alone.
    """
    others = np.delete(prior, value)
    # Where nothing else is left that could give way, all others would come in alike.
    shares = others / others.sum() if others.sum() > 0 else np.full(len(others), 1 / max(1, len(others)))
    return difference(flow[..., value], np.delete(flow, value, axis=-1) @ shares)


def by_column(circuit: Circuit, derivatives: Floats, symbols: Sequence[Symbol], weights: Floats) -> Floats:
    """(Q, V): how answers change with the probability of each value of each symbol; see `by_probability`.

    Cost: O(queries * values of symbols, squared for each symbol).
    """
    flow = np.zeros((len(derivatives), circuit.width))
    inputs = circuit.columns >= 0
    np.add.at(flow.T, circuit.columns[inputs], derivatives[:, inputs].T)
    found = np.zeros_like(flow)
    start = 0
    for symbol in symbols:
        own = slice(start, start + len(symbol.values))
        for value in range(len(symbol.values)):
            found[:, start + value] = by_probability(flow[:, own], weights[own], value)
        start = own.stop
    return found
