"""Circuits in any algebra, layer by layer: whole layers at a time with an algebra's own operations."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from nesy.algebra import Algebra
from nesy.circuit.circuit import Circuit
from nesy.kernels.machines import machine_of
from nesy.kernels.shapes import check_elements, unsupported_array


def evaluate_in(circuit: Circuit, inputs: Any, algebra: Algebra) -> Any:
    """The values of the roots, in an algebra.

    inputs: (circuit.width, B, *algebra.element_shape), values of the algebra; taken in its dtype, which
    may be `object`. A numpy array, or a torch tensor where the algebra has operations on tensors.
    Returns (R, B, *algebra.element_shape) in the algebra's dtype, or that of the tensor, differentiable:
    see `nesy.kernels.torch_algebra` for what the gradients are. The order of a node's children is kept,
    but neighbours are combined first: in floats a result may differ from the reference's by rounding.
    Raises `ModelError`: wrong-shape; unsupported-array; unsupported-algebra for tensors.
    Cost: O(edges * B) and two calls of `plus` or `times` per level and doubling of the widest node in it,
    not one per edge; holds a value per stored node and those of one layer's edges (tensors that are
    differentiated: of all edges). The first call on a circuit lays it out, O(edges).
    """
    if not isinstance(inputs, np.ndarray):
        return _evaluate_tensor(circuit, inputs, algebra)
    check_elements(circuit.width, algebra.element_shape, inputs.shape)
    shape = (circuit.width + 2, inputs.shape[1], *algebra.element_shape)
    given = np.empty(shape, dtype=algebra.dtype)
    given[: circuit.width] = inputs
    for row, constant in zip(given[circuit.width :], (algebra.zero, algebra.one), strict=True):
        if algebra.element_shape:
            row[...] = constant
        else:
            # fill, for an object may be a tuple, which assignment would take apart.
            row.fill(constant)
    return machine_of(circuit).run(given, algebra.times, algebra.plus)


def _evaluate_tensor(circuit: Circuit, inputs: Any, algebra: Algebra) -> Any:
    # A tensor can only exist where torch is loaded already, so numpy users never pay for the import.
    if "torch" in sys.modules:
        from nesy.kernels import torch_algebra  # noqa: PLC0415

        if torch_algebra.is_tensor(inputs):
            return torch_algebra.evaluate_in(circuit, inputs, algebra)
    raise unsupported_array("inputs", inputs)
