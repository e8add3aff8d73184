"""Targets as values, where examples have outputs of their own: into indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import torch
from torch import Tensor

from nesy.errors import ModelError
from nesy.logic.program import Output, Value
from nesy.nn.targets import UNOBSERVED

ValueTargets = Union[Sequence[Union[Value, Sequence[Union[Value, None]], None]], Tensor]
"""For each example its output's value, or a list with one for each output; None where not observed."""


def per_example(targets: ValueTargets, batch: int) -> list[object]:
    """The targets of each example. Raises `ModelError` (wrong-shape)."""
    found: list[object] = targets.tolist() if isinstance(targets, Tensor) else list(targets)
    if len(found) != batch:
        raise ModelError(
            "wrong-shape",
            f"there are targets for {len(found)} examples, but {batch} examples",
            hint="give a value for each example, None where it is not observed",
        )
    return found


def indices(targets: Sequence[object], rows: Sequence[int], outputs: Sequence[Output]) -> Tensor:
    """(B, m) int64 for examples of one structure. rows: their numbers in the whole batch, for messages.

    Raises `ModelError`: wrong-shape, target-out-of-range.
    """
    places = [{value: i for i, value in enumerate(output.domain)} for output in outputs]
    found = []
    for target, row in zip(targets, rows, strict=True):
        given = list(target) if isinstance(target, (list, tuple, Tensor)) else [target]
        if len(given) != len(outputs):
            raise ModelError(
                "wrong-shape",
                f"example {row} has {len(given)} targets, but {len(outputs)} outputs",
                hint=f"its outputs are {', '.join(o.name for o in outputs[:8])}",
            )
        found.append([_index(v, p, o, row) for v, p, o in zip(given, places, outputs, strict=True)])
    return torch.tensor(found, dtype=torch.int64)


def _index(value: object, places: dict[Value, int], output: Output, row: int) -> int:
    if isinstance(value, Tensor):
        value = value.item()
    if value is None:
        return UNOBSERVED
    if not isinstance(value, (int, float, str)) or value not in places:
        raise ModelError(
            "target-out-of-range",
            f"the target of example {row} for {output.name} is {value!r}, none of its "
            f"{len(output.domain)} values",
            hint=f"the values are {', '.join(map(str, output.domain[:20]))}; None means not observed",
        )
    return places[value]
