"""Chooses the kernel by the kind of array and the size of the circuit. Importing this loads no torch."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.kernels import backends, reference
from nesy.kernels.shapes import unsupported_array


def evaluate(circuit: Circuit, inputs: Any, backend: str | None = None) -> Any:
    """The log-values of a circuit's roots, on a whole batch.

    inputs: (circuit.width, B), log-weights in nats, a row per input column and a column per example;
    -inf is false. A numpy array, or a torch tensor of float32 or float64.
    backend: `reference` or `numba` for numpy arrays; `numba` (on the CPU), `torch` or `triton` (on CUDA) for
    tensors; None for the fastest one for inputs of this kind and a circuit of this size.
    Returns (R, B), log-values in nats, in the kind it was given: numpy answers in float64, torch in
    the dtype and on the device of `inputs`, and differentiable in them. -inf is false; never NaN.
    Gradient (torch): exact; 0 at and below every node that is -inf.
    Raises `ModelError`: wrong-shape, unsupported-dtype, unsupported-array, unknown-backend,
    unusable-backend.
    Cost: O(edges * B); the first call on a circuit also lays it out, O(edges), and the first that takes
    `numba` loads compiled code, a third of a second (on a new computer it compiles it, seconds).
    """
    if isinstance(inputs, np.ndarray):
        return _evaluate_array(circuit, inputs, backend)
    # A tensor can only exist where torch is loaded already, so numpy users never pay for the import.
    if "torch" in sys.modules:
        from nesy.kernels import torch_log  # noqa: PLC0415

        if torch_log.is_tensor(inputs):
            return torch_log.evaluate(circuit, inputs, backend)
    raise unsupported_array("inputs", inputs)


def _evaluate_array(circuit: Circuit, inputs: np.ndarray[Any, Any], backend: str | None) -> Any:
    if backend is None:
        backend = backends.for_arrays(circuit)
    else:
        backends.check_backend(backend, ("reference", "numba"), "numpy arrays")
    if backend == "reference":
        return reference.evaluate(circuit, inputs)
    from nesy.kernels import numba_log  # noqa: PLC0415 - compiled code, loaded where it pays

    return numba_log.evaluate(circuit, inputs)
