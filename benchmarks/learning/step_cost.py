"""Where the time of a training step goes, and what its graph holds: measured apart from training."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any, final

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

import nesy
from benchmarks.learning.examples import Examples
from benchmarks.learning.judging import evaluating

REPEATS = 15
"""How often each part is timed, after two runs that are not."""


@final
@dataclass(frozen=True, slots=True)
class StepCost:
    """What a step on `batch` examples costs; times are medians, in seconds.

    step_seconds: networks and engine, forward and backward, without the optimiser. engine_seconds: of it,
    from beliefs to the loss and back. network_seconds: the networks alone, forward and backward, on the
    same inputs. graph_bytes: what is kept for the backward pass, the weights not counted.
    """

    batch: int
    step_seconds: float
    engine_seconds: float
    network_seconds: float
    graph_bytes: int

    def figures(self) -> dict[str, Any]:
        """By name, as they are recorded; shares are fractions."""
        return {
            "step_milliseconds": round(1e3 * self.step_seconds, 4),
            "engine_milliseconds": round(1e3 * self.engine_seconds, 4),
            "network_milliseconds": round(1e3 * self.network_seconds, 4),
            "engine_share": round(self.engine_seconds / self.step_seconds, 4),
            "step_over_network": round(self.step_seconds / self.network_seconds, 4),
            "graph_bytes": self.graph_bytes,
        }


def step_cost(model: nesy.Model, examples: Examples, batch_size: int) -> StepCost:
    """Time steps on the first examples, with the engine's own loss. The model is left as it is."""
    work = copy.deepcopy(model).train()
    size = min(batch_size, len(examples))
    inputs, targets = examples.inputs(slice(0, size)), examples.targets[:size]
    calls = _network_calls(work, inputs)
    with_gradient = work.beliefs(**inputs).detach().requires_grad_()
    parts: list[Callable[[], Any]] = [
        lambda: _backward(work.loss(targets, **inputs)),
        lambda: _backward(work.loss_of(with_gradient, targets)),
        lambda: _networks_alone(calls),
    ]
    step, engine, network = (median(times) for times in timed(parts, targets.device))
    return StepCost(size, step, engine, network, graph_bytes(work, lambda: work.loss(targets, **inputs)))


@final
@dataclass(frozen=True, slots=True)
class QueryCost:
    """What one answer costs, in seconds, amortised over a batch; medians.

    seconds: with the networks that read the inputs. engine_seconds: from what they believe.
    """

    batch: int
    seconds: float
    engine_seconds: float

    def figures(self) -> dict[str, Any]:
        """By name, as they are recorded."""
        return {
            "query_batch": self.batch,
            "query_milliseconds": round(1e3 * self.seconds, 5),
            "query_engine_milliseconds": round(1e3 * self.engine_seconds, 5),
        }


def query_cost(model: nesy.Model, examples: Examples, batch_size: int = 128) -> QueryCost:
    """Time the probability of the first examples' targets; no gradients, evaluation mode."""
    size = min(batch_size, len(examples))
    inputs, targets = examples.inputs(slice(0, size)), examples.targets[:size]
    with evaluating(model):
        beliefs = model.beliefs(**inputs)
        parts: list[Callable[[], Any]] = [
            lambda: model.log_prob(targets, **inputs),
            lambda: model.log_prob_of(beliefs, targets),
        ]
        whole, engine = (median(times) / size for times in timed(parts, targets.device))
    return QueryCost(size, whole, engine)


def timed(parts: list[Callable[[], Any]], device: torch.device) -> list[list[float]]:
    """Seconds of `REPEATS` runs of each part; the parts take turns, so that a busy moment hits all."""
    found: list[list[float]] = [[] for _ in parts]
    for turn in range(REPEATS + 2):
        for part, times in zip(parts, found, strict=True):
            start = _now(device)
            part()
            if turn >= 2:
                times.append(_now(device) - start)
    return found


def graph_bytes(model: nn.Module, loss: Callable[[], Tensor]) -> int:
    """What a loss's graph keeps for its backward pass, in bytes: each storage once, no parameters."""
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        graph = loss()  # while it lives, no storage can take the place of another
    del graph
    return sum(kept.values())


def _network_calls(
    model: nesy.Model, inputs: dict[str, Tensor]
) -> list[tuple[nn.Module, tuple[Tensor, ...]]]:
    """Every call of a network for some inputs, with what it was given."""
    calls: list[tuple[nn.Module, tuple[Tensor, ...]]] = []

    def note(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        calls.append((module, tuple(tensor.detach() for tensor in given)))

    hooks = [network.register_forward_pre_hook(note) for network in model.networks.values()]
    try:
        with torch.no_grad():
            model.beliefs(**inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return calls


def _networks_alone(calls: list[tuple[nn.Module, tuple[Tensor, ...]]]) -> None:
    for network, given in calls:
        _backward(network(*given).sum())


def _backward(loss: Tensor) -> None:
    loss.backward()  # type: ignore[no-untyped-call]


def _now(device: torch.device) -> float:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter()
