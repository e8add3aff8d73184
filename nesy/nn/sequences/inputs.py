"""A batch of sequences: how long each is, and the inputs of those that are equally long, as tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union

import torch
from torch import Tensor

from nesy.errors import ModelError
from nesy.nn.batch import require_one_count

Items = Union[Tensor, Sequence[Tensor]]
"""An input: a tensor (B, ...), or for a sequence B tensors (items, ...), as long as they are."""
Lengths = tuple[int, ...]


def lengths_of(inputs: Mapping[str, Items], sequences: Sequence[str]) -> list[Lengths]:
    """For each example of a batch the lengths of its sequences, in the order of their names.

    Raises `ModelError`: missing-sequence, wrong-shape.
    """
    for name in sequences:
        if name not in inputs or isinstance(inputs[name], Tensor):
            shown = "a tensor" if name in inputs else "not given"
            raise ModelError(
                "missing-sequence",
                f"the input {name} is {shown}, expected a list of tensors",
                hint="give one tensor for each example: as many rows as its sequence has items",
            )
    require_one_count(inputs)
    columns = [[len(item) for item in inputs[name]] for name in sequences]
    return list(zip(*columns, strict=True))


def asked_lengths(lengths: int | Mapping[str, int], sequences: Sequence[str]) -> Lengths:
    """Lengths that a caller names: one for all sequences, or each by name.

    Raises `ModelError` (missing-sequence).
    """
    if isinstance(lengths, int):
        return (lengths,) * len(sequences)
    if set(lengths) != set(sequences):
        raise ModelError(
            "missing-sequence",
            f"lengths are given for {', '.join(lengths) or 'nothing'}",
            hint=f"give one for each of {', '.join(sequences)}",
        )
    return tuple(lengths[name] for name in sequences)


def picked(
    inputs: Mapping[str, Items], rows: Sequence[int], names: Sequence[str], sequences: Sequence[str]
) -> dict[str, Tensor]:
    """The inputs of examples of equal lengths, as `Binding` takes them.

    names: the inputs that networks take; empty sequences are not among them, for they have no items to give.
    Raises `ModelError`: unexpected-input, wrong-shape.
    """
    found = {}
    for name, items in inputs.items():
        if isinstance(items, Tensor):
            found[name] = items[torch.tensor(rows, device=items.device)]
        elif name in names:
            found[name] = _stacked(name, [items[row] for row in rows])
        elif name not in sequences:
            raise ModelError(
                "unexpected-input",
                f"no network takes the input {name}",
                hint=f"the sequences are {', '.join(sequences)}",
            )
    return found


def _stacked(name: str, items: Sequence[Tensor]) -> Tensor:
    shapes = dict.fromkeys(tuple(item.shape) for item in items)
    if len(shapes) > 1:
        raise ModelError(
            "wrong-shape",
            f"the input {name} has the shapes {', '.join(map(str, shapes))} in examples of one structure",
            hint="items have one shape; let a variable of the query stand for the length of what varies",
        )
    return torch.stack(list(items))
