"""How many examples a batch holds, and one of them as a batch of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, Union

from torch import Tensor

from nesy.errors import ModelError

Given = TypeVar("Given", bound=Union[Tensor, Sequence[Tensor]])


def require_one_count(inputs: Mapping[str, Tensor | Sequence[Tensor]]) -> None:
    """Raise `ModelError` (wrong-shape) where inputs are for different numbers of examples."""
    counts = {name: _count(given) for name, given in inputs.items()}
    if len(set(counts.values())) > 1:
        shown = ", ".join(f"{name} has {count}" for name, count in counts.items())
        raise ModelError(
            "wrong-shape",
            f"the inputs are for different numbers of examples: {shown}",
            hint="item i of every input is about example i: give all of them as many",
        )


def one_example(inputs: Mapping[str, Given], index: int) -> dict[str, Given]:
    """The inputs of one example; a negative number counts from the end.

    inputs: tensors (B, ...), or B tensors each. Raises `ModelError`: wrong-shape, wrong-index.
    """
    require_one_count(inputs)
    return {name: _one(name, given, index) for name, given in inputs.items()}


def _one(name: str, given: Given, index: int) -> Given:
    count = _count(given)
    if not -count <= index < count:
        raise ModelError(
            "wrong-index",
            f"the input {name} has {count} examples, and none with the number {index}",
            hint="number examples from 0",
        )
    at = index % count
    one: Given = given[at : at + 1]  # type: ignore[assignment]
    return one


def _count(given: Tensor | Sequence[Tensor]) -> int:
    """How many examples an input is for; what is none at all is for none."""
    if isinstance(given, Tensor):
        return len(given) if given.dim() else 0
    return len(given) if isinstance(given, Sequence) else 0
