"""What `nesy run --task` computes and prints, for people and for machines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import typer

from nesy.cli.progress import working
from nesy.cli.reporting import print_json
from nesy.cli.run.task_options import Task, TaskOptions
from nesy.engines.tasks.tasks import Tasks, prepare
from nesy.engines.tasks.worlds import World
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program


def run_task(program: Program, options: TaskOptions, budget: Budget | None, *, machine: bool) -> None:
    """Compute and print. Raises `NesyError`: see `nesy.prepare` and the task's method."""
    with working(options.task.value):
        found = _found(prepare(program, budget=budget), options)
    if machine:
        print_json({"task": options.task.value, **found})
    else:
        typer.echo("\n".join(_lines(options.task, found)))


def _found(tasks: Tasks, options: TaskOptions) -> dict[str, Any]:
    """The fields of the task's JSON."""
    match options.task:
        case Task.MARGINAL:
            return _marginals(tasks)
        case Task.MPE:
            return {"world": _world(tasks.mpe())}
        case Task.SAMPLE:
            drawn = tasks.sample(options.samples, seed=options.seed).rows()
            return {
                "seed": options.seed,
                "samples": [{"queries": _truths(w["outputs"]), "symbols": w["symbols"]} for w in drawn],
            }
        case Task.COUNT:
            # All digits, as text: JSON's own numbers lose them, and Python shows no more than 4,300.
            return {"count": _digits(tasks.count())}
        case Task.ENTROPY:
            nats = tasks.entropy()
            return {"entropy": nats, "bits": nats / math.log(2)}
        case Task.TOPK:
            return {"worlds": [_world(w) for w in tasks.top(options.k)]}


def _marginals(tasks: Tasks) -> dict[str, Any]:
    found = tasks.marginals()
    return {
        "queries": [
            {"atom": atom, "probability": values["true"], "guarantee": "exact"}
            for atom, values in found.outputs.items()
        ],
        "symbols": [{"symbol": name, "values": values} for name, values in found.symbols.items()],
        "observed": found.probability,
    }


def _world(world: World) -> dict[str, Any]:
    return {
        "queries": _truths(world.outputs),
        "symbols": world.symbols,
        "probability": world.probability,
        "log_probability": world.log_probability,
    }


def _truths(outputs: Mapping[str, Any]) -> dict[str, bool]:
    return {atom: value == "true" for atom, value in outputs.items()}


def _digits(count: int) -> str:
    from decimal import Decimal  # noqa: PLC0415

    return format(Decimal(count), "f")


def _lines(task: Task, found: Mapping[str, Any]) -> Iterator[str]:
    match task:
        case Task.MARGINAL:
            yield from (f"{q['atom']}: {q['probability']:.10g}" for q in found["queries"])
            yield "symbols:"
            yield from (f"  {s['symbol']}: {_distribution(s['values'])}" for s in found["symbols"])
        case Task.MPE:
            yield from _world_lines(found["world"], "the most probable world")
        case Task.SAMPLE:
            for sample in found["samples"]:
                truths = {a: "true" if held else "false" for a, held in sample["queries"].items()}
                shown = truths or sample["symbols"]
                yield ", ".join(f"{name}: {value}" for name, value in shown.items())
        case Task.COUNT:
            yield found["count"]
        case Task.ENTROPY:
            yield f"{found['entropy']:.10g} nats ({found['bits']:.10g} bits)"
        case Task.TOPK:
            for number, world in enumerate(found["worlds"], 1):
                yield from _world_lines(world, f"world {number}")


def _distribution(values: Mapping[str, float]) -> str:
    return ", ".join(f"{value} {p:.10g}" for value, p in values.items())


def _world_lines(world: Mapping[str, Any], title: str) -> Iterator[str]:
    yield f"{title}, of probability {world['probability']:.10g}:"
    yield from (f"  {name} = {value}" for name, value in world["symbols"].items())
    yield from (f"  {atom}: {'true' if held else 'false'}" for atom, held in world["queries"].items())
