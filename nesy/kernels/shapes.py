"""What every kernel checks of its arguments before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.circuit.circuit import Circuit
from nesy.errors import ModelError


def unsupported_array(name: str, given: object) -> ModelError:
    """`ModelError` (unsupported-array): an argument, named in the plural, is neither array nor tensor."""
    return ModelError(
        "unsupported-array",
        f"{name} are of type {type(given).__name__}, expected a numpy array or a torch tensor",
    )


def check_inputs(width: int, shape: Sequence[int]) -> None:
    """Raise `ModelError` (wrong-shape) unless the shape is (width, B), for a circuit of that width."""
    if len(shape) != 2 or shape[0] != width:
        raise ModelError(
            "wrong-shape",
            f"inputs have shape {tuple(shape)}, but the circuit takes ({width}, B): "
            "a row per value of each variable, a column per example",
            hint="transpose beliefs (B, V) to (V, B), and append the rows of the outputs' indicators",
        )


def check_root_weights(circuit: Circuit, inputs: Sequence[int], shape: Sequence[int]) -> None:
    """Raise `ModelError` (wrong-shape) unless the shape is (R, B) for R roots and inputs of B columns."""
    expected = (len(circuit.roots), inputs[1])
    if tuple(shape) != expected:
        raise ModelError("wrong-shape", f"root weights have shape {tuple(shape)}, expected {expected}")


def check_elements(width: int, element_shape: tuple[int, ...], shape: Sequence[int]) -> None:
    """Raise `ModelError` (wrong-shape) unless the shape is (width, B, *element_shape)."""
    if not element_shape:
        check_inputs(width, shape)
    elif len(shape) < 2 or shape[0] != width or tuple(shape[2:]) != element_shape:
        expected = ", ".join(map(str, (width, "B", *element_shape)))
        raise ModelError(
            "wrong-shape",
            f"inputs have shape {tuple(shape)}, but the circuit takes ({expected}): "
            "values of this algebra lie along the last axis",
        )
