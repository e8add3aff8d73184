"""The errors of beliefs and targets whose shapes do not fit a program, and of targets that name no value."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.errors import EngineError, ModelError
from nesy.kernels.arrays import Array, like
from nesy.logic.program import Output


def require_width(beliefs: Array, width: int) -> None:
    """Raises `ModelError` (wrong-shape) unless beliefs are (B, V). Cost: O(1)."""
    if len(beliefs.shape) != 2 or beliefs.shape[1] != width:
        raise ModelError(
            "wrong-shape",
            f"beliefs have shape {_shape(beliefs)}, but the symbols have {width} values",
            hint="give one row for each example, and the values of all symbols side by side",
        )


def require_rows(outputs: Sequence[Output], beliefs: Array, targets: Array) -> None:
    """Raises `ModelError` (wrong-shape) unless targets are (B, m), a row for each of beliefs. Cost: O(1)."""
    wanted = (beliefs.shape[0], len(outputs))
    if tuple(targets.shape) != wanted:
        raise ModelError(
            "wrong-shape",
            f"targets have shape {_shape(targets)}, but there are {wanted[0]} examples, {wanted[1]} outputs",
            hint="give a row for each example, and in it a value's index for each output, or -1",
        )


def require_values(outputs: Sequence[Output], targets: Array) -> None:
    """Raises `EngineError` (target-out-of-range) where (B, m) targets name no value. Cost: O(B * m)."""
    sizes = like(targets, [len(o.domain) for o in outputs])
    wrong = (targets < -1) | (targets >= sizes)
    if bool(wrong.any()):
        rows = enumerate(wrong.tolist())
        row, output = next((r, o) for r, places in rows for o, is_wrong in enumerate(places) if is_wrong)
        raise no_such_value(row, outputs[output], int(targets[row, output]))


def no_such_value(row: int, output: Output, value: int) -> EngineError:
    """`EngineError` (target-out-of-range)."""
    return EngineError(
        "target-out-of-range",
        f"example {row} of the batch: "
        f"{output.name} has {len(output.domain)} values, and none of index {value}",
        hint="targets are indices into the output's domain, or -1 where it was not observed",
    )


def _shape(array: Array) -> str:
    return f"({', '.join(map(str, array.shape))})"
