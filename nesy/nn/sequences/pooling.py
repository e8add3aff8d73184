"""Several batches of different structures through the same networks, as if they were one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from nesy.errors import ModelError
from nesy.nn.binding import Binding, Run, called
from nesy.nn.stages import Stage


def run_together(bindings: Sequence[Binding], networks: nn.ModuleDict, runs: Sequence[Run]) -> None:
    """Run all stages of all batches; calls of one network at one depth go through it as one batch.

    Raises `ModelError`: network-failed, network-output, mismatched-inputs.
    """
    waiting = [list(reversed(binding.stages)) for binding in bindings]
    while any(waiting):
        depth, network = min((left[-1].depth, left[-1].network) for left in waiting if left)
        ready = [
            (binding, left.pop(), run)
            for binding, left, run in zip(bindings, waiting, runs, strict=True)
            if left and (left[-1].depth, left[-1].network) == (depth, network)
        ]
        _call_once(network, networks, ready)


def _call_once(network: str, networks: nn.ModuleDict, ready: Sequence[tuple[Binding, Stage, Run]]) -> None:
    arguments = [binding.arguments(stage, run) for binding, stage, run in ready]
    rows = [run.batch * len(stage.calls) for _, stage, run in ready]
    joined = [_joined(network, parts) for parts in zip(*arguments, strict=True)]
    found = called(network, networks, joined, sum(rows))
    for (binding, stage, run), part in zip(ready, torch.split(found, rows), strict=True):
        binding.accept(stage, part, run)


def _joined(network: str, parts: Sequence[Tensor]) -> Tensor:
    if len({(part.shape[1:], part.device) for part in parts}) > 1:
        raise ModelError(
            "mismatched-inputs",
            f"the inputs of network {network!r} differ between examples: rows of "
            f"{', '.join(dict.fromkeys(str(tuple(p.shape[1:])) for p in parts))}",
            hint="they go through the network as one batch: give all items one shape and device",
        )
    return parts[0] if len(parts) == 1 else torch.cat(list(parts), dim=0)
