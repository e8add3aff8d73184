"""The values of all outputs side by side, as engines compute them, and what they are output by output."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.engines.inference import Array, Marginal
from nesy.kernels.arrays import namespace
from nesy.logic.program import Output


def value_slices(outputs: Sequence[Output]) -> list[slice]:
    """Where each output's values are among those of all. Cost: O(outputs)."""
    # A loop that torch.compile can trace.
    found, start = [], 0
    for output in outputs:
        end = start + len(output.domain)
        found.append(slice(start, end))
        start = end
    return found


def marginals_of(outputs: Sequence[Output], logs: Array) -> list[Marginal]:
    """The marginal of each output. logs: (values of all outputs, B), in nats. Cost: O(outputs)."""
    return [Marginal(logs[part].T) for part in value_slices(outputs)]


def most_probable(marginals: Sequence[Marginal]) -> Array:
    """(B, m) int64: the most probable value of each output on its own, the first of equals.

    Cost: O(values * B).
    """
    xp = namespace(marginals[0].log_probs)
    return xp.stack([m.log_probs.argmax(axis=1) for m in marginals], axis=1)
