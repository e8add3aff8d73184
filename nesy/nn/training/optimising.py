"""The optimiser and the schedule of a configuration."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer, lr_scheduler

from nesy.errors import ConfigError
from nesy.nn.training.configuration.config import Config, ScheduleConfig
from nesy.nn.training.configuration.imports import called

NOT_BY_STEP = ("Optimizer", "LBFGS")
"""What is no optimiser, or evaluates the loss as often as it likes."""
STEPPED_BY_BATCH = ("OneCycleLR", "CyclicLR")
"""The schedules that count updates; others count epochs, unless the configuration says `per`."""
UNSUITED = (
    "LambdaLR",
    "MultiplicativeLR",
    "SequentialLR",
    "ChainedScheduler",
    "ReduceLROnPlateau",
    "LRScheduler",
)
"""Schedules made of functions, of other schedules, or of figures, which no table of options can say."""


def make_optimiser(config: Config, model: nn.Module) -> Optimizer:
    """The optimiser of `torch.optim` that is named, over all parameters that are learned.

    Raises `ConfigError`: unknown-optimiser, invalid-options, nothing-to-learn.
    """
    named = config.optimiser
    known = [n for n in dir(torch.optim) if _is(getattr(torch.optim, n), Optimizer) and n not in NOT_BY_STEP]
    if named.name not in known:
        raise ConfigError(
            "unknown-optimiser",
            f"torch.optim has no optimiser {named.name} that takes one gradient a step",
            span=config.places.of(("optimiser", "name")),
            hint=f"one of {', '.join(known)}",
        )
    parameters = [p for p in model.parameters() if p.requires_grad]
    if not parameters:
        raise ConfigError(
            "nothing-to-learn",
            "neither the networks nor the rules have a parameter",
            span=config.places.of(("networks",)),
            hint="give networks with parameters, or clauses such as t(0.5) :: noisy",
        )
    span = config.places.of(("optimiser", "options"))
    function = getattr(torch.optim, named.name)
    made: Optimizer = called(lambda **o: function(parameters, **o), named.options, named.name, span)
    return made


class Schedule:
    """A schedule that is told of every update and every epoch, and heeds what it counts; or none at all."""

    def __init__(self, config: Config, optimiser: Optimizer, steps_per_epoch: int) -> None:
        """Raises `ConfigError`: unknown-schedule, invalid-options."""
        self._optimiser = optimiser
        self._inner: Any = None
        self._per = "epoch"
        if config.schedule is not None:
            self._per = _counted(config.schedule)
            count = config.epochs * (steps_per_epoch if self._per == "step" else 1)
            self._inner = _made(config, config.schedule, optimiser, count)

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        return float(self._optimiser.param_groups[0]["lr"])

    def updated(self) -> None:
        """An update has been made."""
        if self._inner is not None and self._per == "step":
            self._inner.step()

    def epoch_ended(self) -> None:
        """An epoch has ended."""
        if self._inner is not None and self._per == "epoch":
            self._inner.step()

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {} if self._inner is None else dict(self._inner.state_dict())

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where a checkpoint was."""
        if self._inner is not None:
            self._inner.load_state_dict(state)


def _counted(schedule: ScheduleConfig) -> str:
    return schedule.per or ("step" if schedule.name in STEPPED_BY_BATCH else "epoch")


def _made(config: Config, schedule: ScheduleConfig, optimiser: Optimizer, count: int) -> Any:
    known = [
        n
        for n in dir(lr_scheduler)
        if _is(getattr(lr_scheduler, n), lr_scheduler.LRScheduler) and n[0] != "_" and n not in UNSUITED
    ]
    if schedule.name not in known:
        raise ConfigError(
            "unknown-schedule",
            f"torch.optim.lr_scheduler has no schedule {schedule.name} that options alone describe",
            span=config.places.of(("schedule", "name")),
            hint=f"one of {', '.join(known)}",
        )
    function: Callable[..., Any] = getattr(lr_scheduler, schedule.name)
    options = dict(schedule.options)
    # How long a schedule lasts is known here, so nobody need count.
    wanted = inspect.signature(function).parameters
    if "total_steps" in wanted and not {"total_steps", "steps_per_epoch"} & set(options):
        options["total_steps"] = count
    if "T_max" in wanted:
        options.setdefault("T_max", count)
    span = config.places.of(("schedule", "options"))
    return called(lambda **o: function(optimiser, **o), options, schedule.name, span)


def _is(found: object, kind: type) -> bool:
    return isinstance(found, type) and issubclass(found, kind)
