"""What has been learnt, as tensors by name: so that a run can be interrupted, and go on."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.optim import Optimizer

State = Mapping[str, Tensor]


def moments(optimiser: Optimizer) -> dict[str, Tensor]:
    """What an optimiser remembers of each parameter. Cost: a copy."""
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    return {
        f"{number}.{name}": value.clone()
        for number, parameter in enumerate(parameters)
        for name, value in optimiser.state[parameter].items()
    }


def set_moments(optimiser: Optimizer, state: State) -> None:
    """Remember what `moments` gave. Cost: a copy."""
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for number, parameter in enumerate(parameters):
        optimiser.state[parameter] = {n: v.clone() for n, v in below(state, f"{number}.").items()}


def below(state: State, prefix: str) -> dict[str, Tensor]:
    """What stands under names that begin with a prefix, without it. Cost: O(names)."""
    return {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}


def under(prefix: str, state: State) -> dict[str, Tensor]:
    """The same with the prefix before each name. Cost: O(names)."""
    return {prefix + name: value for name, value in state.items()}
