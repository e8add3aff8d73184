"""The reference kernel: node by node, in numpy. Slow and obvious; every other kernel is held to it."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.algebra import LOG, Algebra
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.kernels.shapes import check_elements, check_inputs, check_root_weights

FloatArray = NDArray[np.float64]


def evaluate(circuit: Circuit, inputs: NDArray[Any], algebra: Algebra = LOG) -> NDArray[Any]:
    """The values of the roots.

    inputs: (circuit.width, B, *algebra.element_shape), values of the algebra; taken in its dtype. In
    `LOG` they are log-weights in nats, and -inf is false.
    Returns (R, B, *algebra.element_shape) in its dtype. A sum is folded from left to right.
    Raises `ModelError` (wrong-shape) if inputs do not fit the circuit.
    Cost: O(edges * B), one numpy call per edge; holds every node's value.
    """
    check_elements(circuit.width, algebra.element_shape, inputs.shape)
    return node_values(circuit, inputs.astype(algebra.dtype), algebra)[circuit.roots]


def node_values(circuit: Circuit, inputs: NDArray[Any], algebra: Algebra = LOG) -> NDArray[Any]:
    """The values of all nodes, (N, B, *algebra.element_shape), from inputs as `evaluate` takes them.

    Cost: O(edges * B), one numpy call per edge; holds every node's value.
    """
    values = np.empty((circuit.size, *inputs.shape[1:]), dtype=algebra.dtype)
    zero, one = algebra.zero, algebra.one
    if algebra.element_shape:
        zero, one = (np.broadcast_to(c, inputs.shape[1:]) for c in (zero, one))
    for node, kind in enumerate(circuit.kinds):
        children = [values[c] for c in circuit.children_of(node)]
        if kind == NodeKind.INPUT:
            values[node] = inputs[circuit.columns[node]]
        elif kind == NodeKind.SUM:
            values[node] = reduce(algebra.plus, children, zero)
        elif kind == NodeKind.PRODUCT:
            values[node] = reduce(algebra.times, children, one)
        else:
            values[node] = one if kind == NodeKind.ONE else zero
    return values


def gradient(circuit: Circuit, inputs: NDArray[Any], root_weights: NDArray[Any]) -> FloatArray:
    """The gradient of the weighted sum of the roots' log-values with respect to the inputs.

    inputs: (circuit.width, B), log-weights in nats; -inf is false.
    root_weights: (R, B), the derivative of a loss with respect to each root's log-value.
    Returns (circuit.width, B) float64. A sum passes its gradient on by the softmax of its children, a
    product passes it on whole. At a node that is -inf, and below it, the gradient is exactly 0.
    Cost: as `evaluate`, twice.
    """
    check_inputs(circuit.width, inputs.shape)
    check_root_weights(circuit, inputs.shape, root_weights.shape)
    values = node_values(circuit, inputs.astype(np.float64))
    flow = np.zeros_like(values)
    np.add.at(flow, circuit.roots, root_weights)
    result = np.zeros((circuit.width, inputs.shape[1]))
    for node in range(circuit.size - 1, -1, -1):
        live = np.where(np.isneginf(values[node]), 0.0, flow[node])
        kind = circuit.kinds[node]
        if kind == NodeKind.INPUT:
            result[circuit.columns[node]] += live
        for child in circuit.children_of(node):
            flow[child] += live * _share(kind, values[child], values[node])
    return result


def _share(kind: int, child: FloatArray, parent: FloatArray) -> FloatArray | float:
    if kind == NodeKind.PRODUCT:
        return 1.0
    # Where the parent is -inf its flow is zero; any finite reference keeps the share finite.
    return np.exp(child - np.where(np.isneginf(parent), 0.0, parent))
