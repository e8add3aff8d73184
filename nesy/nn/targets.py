"""Checks the targets of a batch: whole numbers, one column per output, within each domain."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nesy.errors import ModelError
from nesy.logic.program import Output

INTEGERS = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)
UNOBSERVED = -1
"""Stands in targets for an output that was not observed."""


def checked_targets(targets: Tensor, outputs: Sequence[Output], batch: int) -> Tensor:
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
            hint=f"the outputs are {', '.join(o.name for o in outputs[:8])}",
        )
    targets = targets.long()
    sizes = torch.tensor([len(o.domain) for o in outputs], device=targets.device)
    wrong = (targets < UNOBSERVED) | (targets >= sizes)
    if bool(wrong.any()):
        row, column = (int(i) for i in wrong.nonzero()[0])
        output = outputs[column]
        raise ModelError(
            "target-out-of-range",
            f"the target of example {row} for {output.name} is {int(targets[row, column])}, "
            f"but its {len(output.domain)} values are numbered from 0",
            hint=f"the values are {', '.join(map(str, output.domain[:20]))}; -1 means not observed",
        )
    return targets
