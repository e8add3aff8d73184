"""The numba kernel: circuits in log space on the CPU, tile by tile of the batch, values and gradients.

Inside, values are numbers and not logarithms: a tile needs an exponential per input, a logarithm per root,
and one multiplication or addition per edge. Each tile goes through the whole circuit while its rows stay in
the cache, so nothing of the batch's size is ever held. Computed in float64, whatever the dtype of the inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.kernels.numba_log_arguments import FloatArray
from nesy.kernels.numba_log_backward import backward
from nesy.kernels.numba_log_forward import forward
from nesy.kernels.numba_log_vectors import lanes_of
from nesy.kernels.numba_plan import Plan, plan_of
from nesy.kernels.shapes import check_inputs
from nesy.kernels.threads import Worker, in_parts, threads_for
from nesy.logic.announcing import announce_compiling

LN2 = float(np.log(2.0))

WIDE, NARROW = 16, 8
"""Columns of a tile: two cache lines of a row, or one. A batch of one has tiles of one column."""

_NOTHING = np.empty(0)


@final
@dataclass(frozen=True, slots=True)
class Kept:
    """All values of a batch that is one tile, for the backward pass. first: the first row with exponents."""

    numbers: FloatArray
    exponents: FloatArray
    first: int


def evaluate(circuit: Circuit, inputs: NDArray[Any]) -> FloatArray:
    """The log-values of the roots.

    inputs: (circuit.width, B), log-weights in nats, any floating dtype; -inf is false, and so is everything
    below -1e25.
    Returns (R, B) float64; -inf is false; never NaN for inputs below +inf.
    Raises `ModelError` (wrong-shape) if inputs do not fit the circuit.
    Cost: O(edges * B) multiplications and additions; memory for one tile of 16 columns per thread. The
    first call on a circuit lays it out, O(edges); the first in a process loads compiled code, half a second,
    and the first on a computer compiles it, seconds.
    """
    check_inputs(circuit.width, inputs.shape)
    return values(plan_of(circuit), inputs)[0]


def values(plan: Plan, inputs: NDArray[Any]) -> tuple[FloatArray, Kept | None]:
    """(R, B) as `evaluate`, from a plan, and inputs of the right shape; and what `gradient` can use of it.

    That is a value for each row of a tile: of a batch of no more than 16 columns, or nothing.
    """
    announce_compiling()
    columns = inputs.shape[1]
    lanes = lanes_of(lane_count(columns))
    padded, width = _padded(inputs, len(lanes))
    batch = padded, _NOTHING, width
    results = np.empty((2, len(plan.roots), width))
    line = results.reshape(-1)
    if width == len(lanes):
        numbers, exponents = _buffers(plan, lanes)
        first = forward(plan.instructions, batch, (0, 1), (numbers, exponents, _NOTHING), line, lanes)
        return _logs(results, columns, plain=first == plan.rows), Kept(numbers, exponents, first)

    def worker() -> Worker:
        buffers = *_buffers(plan, lanes), _NOTHING
        return lambda first, last: forward(plan.instructions, batch, (first, last), buffers, line, lanes)

    in_parts(worker, width // len(lanes), threads_for(plan.work * width))
    return _logs(results, columns, plain=False), None


def gradient(
    plan: Plan, inputs: NDArray[Any], root_gradients: NDArray[Any], kept: Kept | None = None
) -> FloatArray:
    """The gradient of a loss with respect to the inputs, from that with respect to the roots' log-values.

    inputs: (width, B), as in `evaluate`. root_gradients: (R, B), any floating dtype.
    kept: what `values` returned for these inputs; without it the values are computed again.
    Returns (width, B) float64: exactly 0 at and below every node that is false; never NaN for finite
    root gradients.
    Cost: two to three times `evaluate`, and `evaluate` where nothing is kept.
    """
    columns = inputs.shape[1]
    lanes = lanes_of(lane_count(columns))
    given, width = _padded(root_gradients, len(lanes))
    results = np.empty((plan.width, width))
    line = results.reshape(-1)
    code = plan.instructions
    if kept:
        alone = _NOTHING, given, width
        buffers = kept.numbers, kept.exponents, np.empty(len(kept.numbers))
        backward(code, alone, (0, 1), kept.first, buffers, line, lanes)
        return results[:, :columns]
    batch = _padded(inputs, len(lanes))[0], given, width

    def worker() -> Worker:
        buffers = *_buffers(plan, lanes), np.empty(plan.rows * len(lanes))
        return lambda first, last: backward(code, batch, (first, last), -1, buffers, line, lanes)

    in_parts(worker, width // len(lanes), threads_for(3 * plan.work * width))
    return results[:, :columns]


def warm() -> None:
    """Load the compiled code of every width of tile; on a computer that never did so, compile it.

    Cost: half a second, or ten where it is compiled.
    """
    builder = CircuitBuilder()
    plan = plan_of(builder.build([builder.input(0)], [1]))
    for columns in (1, NARROW, WIDE):
        inputs = np.zeros((1, columns))
        gradient(plan, inputs, values(plan, inputs)[0])


def lane_count(columns: int) -> int:
    """How many columns a tile has, for a batch of so many."""
    if columns <= 1:
        return 1
    return WIDE if columns > NARROW else NARROW


def _buffers(plan: Plan, lanes: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Room for the numbers and exponents of a tile. What is never written to takes no memory."""
    return np.empty(plan.rows * len(lanes)), np.empty(plan.rows * len(lanes))


def _logs(results: FloatArray, columns: int, *, plain: bool) -> FloatArray:
    """(R, columns) in nats, from numbers and exponents (2, R, width); plain: all exponents are 0."""
    number, exponent = results[:, :, :columns]
    # Sooner done for a few numbers than a call that warns of zeros and is told not to; NaN passes.
    found: FloatArray = np.full(number.shape, -np.inf)
    np.log(number, out=found, where=number != 0.0)
    if not plain:
        found += exponent * LN2
    return found


def _padded(array: NDArray[Any], lanes: int) -> tuple[FloatArray, int]:
    """An array (rows, B) as float64 in one line, B made a multiple of `lanes` by repeating the last column.

    Columns that are alike never leave the range of plain numbers on their own.
    """
    rows, columns = array.shape
    width = -(-columns // lanes) * lanes
    if width == columns:
        return np.ascontiguousarray(array, dtype=np.float64).reshape(-1), width
    padded = np.empty((rows, width))
    padded[:, :columns] = array
    padded[:, columns:] = array[:, -1:]
    return padded.reshape(-1), width
