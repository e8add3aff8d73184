"""The programs of the evaluation benchmark, and one short run."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from benchmarks.command_line import main
from benchmarks.evaluation.programs import PROGRAMS, plainly, random_worlds, rules_of


def test_plain_numpy_adds_as_python_does() -> None:
    program = PROGRAMS["addition_1"]()
    pairs = np.array(list(product(range(10), repeat=2)))
    expected = [[(a + b) % 10, (a + b) // 10] for a, b in pairs.tolist()]
    assert plainly(program, pairs).tolist() == expected


def test_random_worlds_are_the_same_for_a_seed_and_of_every_value() -> None:
    program = PROGRAMS["sudoku_4x4"]()
    worlds = random_worlds(program, 500, 3)
    assert worlds.shape == (500, 16)
    assert (worlds == random_worlds(program, 500, 3)).all()
    assert set(worlds.ravel().tolist()) == {0, 1, 2, 3}


def test_rules_of_a_sudoku_are_its_pairs_of_cells_and_values() -> None:
    assert rules_of(PROGRAMS["sudoku_4x4"]()) == 4 * 56


def test_a_short_run_records_speeds_and_cosines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "record.jsonl"
    options = ["--worlds", "4096", "--repeat", "1", "--samples", "2000", "--json", str(record)]
    assert main(["evaluation", "--program", "addition_1", "addition_4", *options]) == 0
    found = json.loads(record.read_text())
    (work,) = found["works"]
    assert work["program"] == "addition_4"
    assert work["rule_worlds_per_second"] > 1e7
    cosines = {
        row["estimator"]: row["cosine"] for row in found["gradients"] if row["program"] == "addition_1"
    }
    assert cosines["auto"] > 0.99
    assert set(cosines) == {"auto", "reinforce", "indecater", "importance"}
    assert "addition_1    auto" in capsys.readouterr().out
