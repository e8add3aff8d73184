"""Colouring and scheduling: tasks are what they say, and the best answers are those of enumeration."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.colouring.data import COLOURS, random_map
from benchmarks.colouring.experiment import read_map
from benchmarks.command_line import main
from benchmarks.scheduling.data import one_by_one, random_task
from benchmarks.scheduling.experiment import plan


def recorded(folder: Path, *words: str) -> dict[str, Any]:
    path = folder / "out.jsonl"
    assert main([*words, "--json", str(path)]) == 0
    found: dict[str, Any] = json.loads(path.read_text().splitlines()[-1])
    return found


@pytest.mark.parametrize("seed", range(3))
def test_maps_are_properly_coloured_and_planar(seed: int) -> None:
    drawn = random_map(40, 0.3, np.random.default_rng(seed))
    assert drawn.violations(drawn.colours) == 0
    assert len(drawn.borders) <= 3 * 40 - 6
    assert len(np.unique(drawn.borders, axis=0)) == len(drawn.borders)
    assert (drawn.borders[:, 0] < drawn.borders[:, 1]).all()
    assert drawn.violations(np.zeros(40, dtype=np.int64)) == len(drawn.borders)
    assert np.abs(drawn.patches - COLOURS[drawn.colours]).mean() == pytest.approx(0.3 * 0.8, rel=0.3)


@pytest.mark.parametrize("seed", range(3))
def test_the_map_read_is_the_most_probable_proper_one(seed: int) -> None:
    drawn = random_map(6, 0.6, np.random.default_rng(seed))
    reading = read_map(drawn, 0.6)
    apart = ((drawn.patches[:, None] - COLOURS) ** 2).sum(axis=2)
    proper = [c for c in product(range(4), repeat=6) if not drawn.violations(np.array(c))]
    best = min(proper, key=lambda c: sum(apart[region, colour] for region, colour in enumerate(c)))
    assert reading.joint.tolist() == list(best)
    assert reading.alone.tolist() == apart.argmin(axis=1).tolist()
    assert reading.optimal


@pytest.mark.parametrize("seed", range(4))
def test_the_timetable_is_the_best_that_breaks_no_rule(seed: int) -> None:
    task = random_task(6, 3, 3, 2, 2, np.random.default_rng(seed))
    assert task.broken(task.possible) == 0
    planned = plan(task, None)
    allowed = [np.array(t) for t in product(range(3), repeat=6) if not task.broken(np.array(t))]
    assert task.broken(planned.best) == 0
    assert planned.optimal
    assert task.granted(planned.best) == pytest.approx(max(map(task.granted, allowed)), abs=0.01)
    if planned.greedy is not None:
        assert task.broken(planned.greedy) == 0


def test_exam_by_exam_may_get_stuck() -> None:
    made = [one_by_one(random_task(8, 4, 2, 6, 4, np.random.default_rng(seed))) for seed in range(20)]
    assert 0 < sum(each is None for each in made) < 20


def test_runs_break_no_rule_and_are_recorded(tmp_path: Path) -> None:
    coloured = recorded(tmp_path, "colouring", "--maps", "2", "--regions", "15")
    assert coloured["violations"] == 0
    assert coloured["concept_accuracy"] >= coloured["alone_concept_accuracy"]
    words = ("--tasks", "2", "--exams", "10", "--slots", "4", "--rooms", "3", "--students", "4")
    planned = recorded(tmp_path, "scheduling", *words)
    assert planned["broken_rules"] == planned["greedy_broken_rules"] == 0
    assert planned["optimal"] == 1.0
    assert planned["protocol"]


def test_too_few_rooms_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheduling", "--slots", "2", "--rooms", "2", "--exams", "5"]) == 1
    assert "error[too-few-rooms]" in capsys.readouterr().err
