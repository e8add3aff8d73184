"""The calls of networks in the order in which they can be made: each network as seldom as inputs allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

from nesy.logic.program import NetworkCall, Symbol


@final
@dataclass(frozen=True)
class Stage:
    """Calls of one network that can be made together: their inputs are at hand by then.

    depth: how many networks stand behind the deepest input of these calls.
    readings: which call gives which symbol its distribution, as (index of the call, symbol).
    tensors: the indices of the calls whose result feeds another network.
    """

    depth: int
    network: str
    calls: tuple[NetworkCall, ...]
    readings: tuple[tuple[int, int], ...]
    tensors: tuple[int, ...]


def stages(symbols: Sequence[Symbol]) -> tuple[Stage, ...]:
    """The calls of all networks, grouped so that each network runs as seldom as inputs allow.

    Calls that feed other networks come first. A network whose inputs are all tensors of the user's
    runs once. Distinct symbols over equal calls share one evaluation.
    """
    readers: dict[NetworkCall, list[int]] = {}
    for number, symbol in enumerate(symbols):
        if symbol.call is not None:
            readers.setdefault(symbol.call, []).append(number)
    depths = _depths(readers)
    fed = {i.network for call in depths for i in call.inputs if i.network is not None}
    groups: dict[tuple[int, str], list[NetworkCall]] = {}
    for call, depth in depths.items():
        groups.setdefault((depth, call.network), []).append(call)
    return tuple(
        Stage(
            depth,
            network,
            tuple(calls),
            tuple((i, s) for i, call in enumerate(calls) for s in readers.get(call, ())),
            tuple(i for i, call in enumerate(calls) if call in fed),
        )
        for (depth, network), calls in sorted(groups.items(), key=lambda item: item[0])
    )


def _depths(calls: Iterable[NetworkCall]) -> dict[NetworkCall, int]:
    """For each call and those that feed it: one more than the deepest call that feeds it. Iterative."""
    depths: dict[NetworkCall, int] = {}
    for call in calls:
        stack = [call]
        while stack:
            current = stack[-1]
            below = [i.network for i in current.inputs if i.network is not None]
            missing = [c for c in below if c not in depths]
            if missing:
                stack.extend(missing)
            else:
                depths.setdefault(current, 1 + max((depths[c] for c in below), default=-1))
                stack.pop()
    return depths
