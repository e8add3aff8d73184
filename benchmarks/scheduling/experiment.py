"""Timetables made by the solver, beside those made exam by exam."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import nn

import nesy
from benchmarks.learning.judging import peak_memory
from benchmarks.scheduling.data import Indices, Task, one_by_one, random_task
from nesy.engines.sat import Sat
from nesy.engines.sat.inference import SatInference
from nesy.language.syntax import Program

RULES = Path(__file__).with_name("rules.nesy")
"""What a timetable must obey."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. time_limit: seconds for each timetable; None: until it is proven the best."""

    tasks: int
    exams: int
    slots: int
    rooms: int
    students: int
    orders: int
    time_limit: float | None
    seed: int


@final
@dataclass(frozen=True, eq=False)
class Planned:
    """A task and its timetables. best: by the solver; greedy: exam by exam, None where that gets stuck.

    optimal: whether no timetable grants more. Processor times: to make the model, and to search.
    """

    task: Task
    best: Indices
    greedy: Indices | None
    optimal: bool
    building_seconds: float
    search_seconds: float


def run_experiment(settings: Settings) -> list[Planned]:
    """Draw tasks and plan each."""
    rng = np.random.default_rng(settings.seed)
    sizes = (settings.exams, settings.slots, settings.rooms, settings.students, settings.orders)
    tasks = [random_task(*sizes, rng) for _ in range(settings.tasks)]
    return [plan(task, settings.time_limit) for task in tasks]


def program_of(task: Task) -> Program:
    """The rules, for a task."""
    exams, slots = task.wishes.shape
    text = RULES.read_text(encoding="utf-8").replace("SLOTS", str(slots))
    tables = [
        nesy.facts("exam", [(exam,) for exam in range(exams)]),
        nesy.facts("slot", [(slot + 1,) for slot in range(slots)]),
        nesy.facts("rooms", [(task.rooms,)]),
        nesy.facts("same", list(map(tuple, task.same.tolist()))),
        nesy.facts("before", list(map(tuple, task.before.tolist()))),
    ]
    return nesy.parse(text, RULES.name, facts=tables)


def plan(task: Task, time_limit: float | None) -> Planned:
    """The best timetable that is found, and the greedy one."""
    start = time.process_time()
    model = nesy.Model(
        program_of(task),
        {"wishes": nesy.log_probs(nn.Identity())},
        query="at(E, S)",
        output="S",
        engine=Sat(time_limit=time_limit),
    )
    built = time.process_time()
    assert isinstance(model.inference, SatInference)
    with torch.no_grad():
        worlds = model.inference.best_worlds(model.beliefs(exam=torch.from_numpy(task.wishes)[None]))
    searched = time.process_time()
    return Planned(
        task=task,
        best=worlds.values[0, 0].numpy(),
        greedy=one_by_one(task),
        optimal=bool(worlds.optimal[0, 0]),
        building_seconds=built - start,
        search_seconds=searched - built,
    )


def figures(plans: list[Planned]) -> dict[str, Any]:
    """What is recorded: processor times in milliseconds; regrets in nats, the wish given up for each exam."""
    both = [(p.task, p.best, p.greedy) for p in plans if p.greedy is not None]
    return {
        "tasks": len(plans),
        "broken_rules": sum(p.task.broken(p.best) for p in plans),
        "optimal": float(np.mean([p.optimal for p in plans])),
        "regret": float(np.mean([_regret(p.task, p.best) for p in plans])),
        "greedy_made": len(both) / len(plans),
        "greedy_broken_rules": sum(task.broken(greedy) for task, _, greedy in both),
        "greedy_regret": _mean(_regret(task, greedy) for task, _, greedy in both),
        "regret_where_greedy_made": _mean(_regret(task, best) for task, best, _ in both),
        "building_milliseconds": round(1e3 * float(np.mean([p.building_seconds for p in plans])), 3),
        "search_milliseconds": round(1e3 * float(np.mean([p.search_seconds for p in plans])), 3),
        "peak_memory": peak_memory(),
    }


def _regret(task: Task, slots: Indices) -> float:
    return (float(task.wishes.max(axis=1).sum()) - task.granted(slots)) / len(slots)


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    lines = [
        f"timetables       {found['tasks']}, broken rules {found['broken_rules']}; proven the best:"
        f" {found['optimal']:.1%}; {found['regret']:.3f} nats an exam below its wish",
        f"exam by exam     gets {found['greedy_made']:.1%} of them done",
        f"a timetable      {found['building_milliseconds']:.1f} ms to ground and encode,"
        f" {found['search_milliseconds']:.1f} ms to search",
    ]
    if found["greedy_regret"] is not None:
        lines[1] += (
            f", {found['greedy_regret']:.3f} nats below, where the solver is"
            f" {found['regret_where_greedy_made']:.3f} below"
        )
    return lines
