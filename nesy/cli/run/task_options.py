"""The options of `nesy run` that choose a task, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, final

import typer


class Task(str, Enum):
    """What `nesy run --task` takes."""

    MARGINAL = "marginal"
    MPE = "mpe"
    SAMPLE = "sample"
    COUNT = "count"
    ENTROPY = "entropy"
    TOPK = "topk"


SAMPLES_DRAWN = 10
"""How many worlds are drawn where nothing is said."""
WORLDS_LISTED = 5
"""How many worlds are listed where nothing is said."""

TASK: Any = typer.Option(
    "--task", help="What to compute; the default is the probability of each query.", metavar="NAME"
)
SAMPLES: Any = typer.Option(
    "--samples",
    help=f"Worlds to draw, with --task sample; {SAMPLES_DRAWN} by default.",
    min=1,
    metavar="N",
)
SEED: Any = typer.Option(
    "--seed", help="Where drawing starts, with --task sample; 0 by default.", min=0, metavar="S"
)
K: Any = typer.Option(
    "--k", help=f"Worlds to list, with --task topk; {WORLDS_LISTED} by default.", min=1, metavar="K"
)


@final
@dataclass(frozen=True, slots=True)
class TaskOptions:
    """A task and the numbers it takes."""

    task: Task
    samples: int
    seed: int
    k: int


def task_options(
    task: Task | None, engine: str, *, samples: int | None, seed: int | None, k: int | None
) -> TaskOptions | None:
    """What was asked for; None for plain probabilities. Raises `typer.BadParameter` for what does not fit."""
    _require("--samples", samples is None or task is Task.SAMPLE, "goes with --task sample")
    _require("--seed", seed is None or task is Task.SAMPLE, "goes with --task sample")
    _require("--k", k is None or task is Task.TOPK, "goes with --task topk")
    _require("--engine", task is None or engine == "exact", "tasks are exact: leave it out, or --task")
    if task is None:
        return None
    return TaskOptions(task, samples or SAMPLES_DRAWN, seed or 0, k or WORLDS_LISTED)


def _require(option: str, holds: bool, message: str) -> None:
    if not holds:
        raise typer.BadParameter(message, param_hint=option)
