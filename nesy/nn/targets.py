"""Checks the targets of a batch: indices of values, or distributions over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Union

import torch
from torch import Tensor

from nesy.errors import ModelError
from nesy.logic.program import Output

INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)
UNOBSERVED = -1
"""Stands in targets for an output that was not observed."""
SOFT_TOLERANCE = 1e-3
"""How far from 1 the distribution of a soft target may sum."""
Targets = Union[Tensor, Sequence[Tensor]]
"""Indices of values, (B, m), -1 where not observed. Or soft: for each output a distribution over its values,
(B, values), a row of zeros where not observed; in a list if there are several outputs."""


def checked_targets(targets: Targets, outputs: Sequence[Output], batch: int) -> Tensor:
    """(B, m) int64 from (B, m), or (B,) where there is one output.

    Raises `ModelError`: wrong-dtype, wrong-shape, target-out-of-range.
    """
    if not isinstance(targets, Tensor) or targets.dtype not in INTEGERS:
        shown = targets.dtype if isinstance(targets, Tensor) else type(targets).__name__
        raise ModelError(
            "wrong-dtype",
            f"targets are {shown}, expected a tensor of whole numbers",
            hint="targets are indices into each output's domain; -1 means not observed",
        )
    given = tuple(targets.shape)
    if targets.ndim == 1 and len(outputs) == 1:
        targets = targets.unsqueeze(1)
    if targets.shape != (batch, len(outputs)):
        raise ModelError(
            "wrong-shape",
            f"targets have shape {given}, expected ({batch}, {len(outputs)}): "
            "a row per example and a column per output",
            hint=f"the columns are those of {', '.join(o.name for o in outputs[:8])}; -1 means not observed",
        )
    targets = targets.long()
    sizes = torch.tensor([len(o.domain) for o in outputs], device=targets.device)
    wrong = (targets < UNOBSERVED) | (targets >= sizes)
    if torch.compiler.is_compiling():
        # A graph cannot look at numbers to word a message, but it can refuse them.
        torch._assert_async(~wrong.any(), "a target is out of range")
    elif bool(wrong.any()):
        row, column = (int(i) for i in wrong.nonzero()[0])
        output = outputs[column]
        raise ModelError(
            "target-out-of-range",
            f"the target of example {row} for {output.name} is {int(targets[row, column])}, "
            f"but its {len(output.domain)} values are numbered from 0",
            hint=f"the values are {', '.join(map(str, output.domain[:20]))}; -1 means not observed",
        )
    return targets


def is_soft(targets: object) -> bool:
    """Whether targets are distributions: a floating matrix, or a list of tensors."""
    if isinstance(targets, Tensor):
        return targets.is_floating_point() and targets.ndim == 2
    return isinstance(targets, (list, tuple)) and all(isinstance(t, Tensor) for t in targets)


def checked_soft_targets(targets: Targets, outputs: Sequence[Output], batch: int) -> list[Tensor]:
    """One (B, values) for each output.

    Raises `ModelError`: wrong-shape; soft-target for rows that are no distribution, nor all zero.
    """
    given = [targets] if isinstance(targets, Tensor) else list(targets)
    if len(given) != len(outputs):
        raise ModelError(
            "wrong-shape",
            f"there are distributions for {len(given)} outputs, expected {len(outputs)}",
            hint="give a list of tensors, one for each output",
        )
    for target, output in zip(given, outputs, strict=True):
        if target.shape != (batch, len(output.domain)):
            raise ModelError(
                "wrong-shape",
                f"the distributions over {output.name} have shape {tuple(target.shape)}, "
                f"expected {(batch, len(output.domain))}",
                hint=f"its values are {', '.join(map(str, output.domain[:20]))}",
            )
        total = target.sum(dim=1)
        fits = ((total - 1).abs() <= SOFT_TOLERANCE) | (total == 0)
        wrong = ~fits | (target < 0).any(dim=1)
        if bool(wrong.any()):
            row = int(wrong.nonzero()[0, 0])
            raise ModelError(
                "soft-target",
                f"the target of example {row} for {output.name} sums to {float(total[row]):.4g}, "
                f"its least number is {float(target[row].min()):.4g}",
                hint="a soft target is a distribution; a row of zeros means not observed",
            )
    return given
