"""Training within a budget of epochs, of seconds, or of both, with a one-cycle learning rate."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

import torch
from torch import Tensor
from torch.optim import AdamW

import nesy
from benchmarks.learning.examples import AnyExamples

WEIGHT_DECAY = 0.01
"""That of AdamW where a benchmark does not say otherwise."""


@final
@dataclass(frozen=True, slots=True)
class Recipe:
    """How weights are updated.

    learning_rate: the peak of the cycle; warm_up: the fraction of the budget spent rising to it.
    """

    batch_size: int
    learning_rate: float = 5e-3
    weight_decay: float = WEIGHT_DECAY
    warm_up: float = 0.3

    def rate(self, progress: float) -> float:
        """The learning rate when a fraction of the budget is spent: half a cosine up, half a cosine down."""
        floor = 0.04  # of the peak, where the cycle starts
        if progress < self.warm_up:
            rise = 0.5 - 0.5 * math.cos(math.pi * progress / self.warm_up)
            return self.learning_rate * (floor + (1 - floor) * rise)
        fall = (progress - self.warm_up) / (1 - self.warm_up)
        return self.learning_rate * (0.5 + 0.5 * math.cos(math.pi * min(fall, 1.0)))


@final
@dataclass(frozen=True, slots=True)
class Budget:
    """What training may cost; at least one of the two is given, and the one spent first ends it.

    epochs: passes over the training pairs. seconds: time spent in steps, checked between them.
    """

    epochs: float | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.epochs is None and self.seconds is None:
            raise ValueError("a budget needs epochs or seconds")

    def progress(self, epochs: float, seconds: float) -> float:
        """The fraction spent; 1 or more when nothing is left."""
        spent = 0.0 if self.epochs is None else epochs / self.epochs
        return spent if self.seconds is None else max(spent, seconds / self.seconds)


@final
@dataclass(frozen=True, slots=True)
class Step:
    """One update, as observers see it. loss: a scalar tensor, detached. seconds: of training, so far."""

    number: int
    loss: Tensor
    progress: float
    epochs: float
    seconds: float


@final
@dataclass(frozen=True, slots=True)
class Training:
    """What training took, observers' work not counted.

    seconds: wall time within steps. cpu_seconds: processor time of all threads, which other work on the
    machine hardly changes.
    """

    steps: int
    examples: int
    epochs: float
    seconds: float
    cpu_seconds: float


def train(
    model: nesy.Model | nesy.SequenceModel,
    examples: AnyExamples,
    recipe: Recipe,
    budget: Budget,
    *,
    seed: int,
    observe: Callable[[Step], None],
    objective: Callable[..., Tensor] | None = None,
) -> Training:
    """Minimise an objective on examples, the engine's own loss if none is given, in reshuffled batches.

    objective: called with the targets of a batch, and its inputs by name; a `nesy.Objective` or the like.

    The last, smaller batch of an epoch is left out, so that every step sees as many examples. The
    seed fixes the batches; with a budget in seconds the number of steps still depends on the machine.
    """
    device = examples.targets.device
    minimised: Callable[..., Tensor] = model.loss if objective is None else objective
    optimiser = AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
    )
    batch_size = min(recipe.batch_size, len(examples))
    steps_per_epoch = len(examples) // batch_size
    batches = endless_batches(len(examples), batch_size, torch.Generator().manual_seed(seed))
    steps, seconds, cpu_seconds, progress = 0, 0.0, 0.0, 0.0
    while progress < 1.0:
        start, cpu_start = time.perf_counter(), time.process_time()
        batch = next(batches).to(device)
        loss = minimised(examples.targets[batch], **examples.inputs(batch))
        _update(optimiser, loss, recipe.rate(progress))
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds += time.perf_counter() - start
        cpu_seconds += time.process_time() - cpu_start
        steps += 1
        progress = budget.progress(steps / steps_per_epoch, seconds)
        observe(Step(steps, loss.detach(), progress, steps / steps_per_epoch, seconds))
    return Training(steps, steps * batch_size, steps / steps_per_epoch, seconds, cpu_seconds)


def _update(optimiser: AdamW, loss: Tensor, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def endless_batches(count: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Batches of `size` indices below `count`, for ever; within an epoch no index comes twice."""
    while True:
        order = torch.randperm(count, generator=generator)
        yield from torch.split(order[: count // size * size], size)
