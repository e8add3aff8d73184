"""Sudoku: short runs of every task on the embedded digits, and what they record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.command_line import main
from benchmarks.sudoku.rules import question

COMMON = ("sudoku", "--data", "digits", "--size", "4", "--task")
RECORDED = {
    *("benchmark", "engine", "options", "seconds", "data", "protocol", "seed", "hardware", "versions"),
    *("task_accuracy", "concept_accuracy", "task_calibration_error", "concept_calibration_error"),
    *("train_seconds", "peak_memory", "examples_per_second", "circuit_nodes", "circuit_edges"),
}


def recorded(folder: Path, *words: str) -> dict[str, Any]:
    path = folder / "out.jsonl"
    assert main([*COMMON, *words, "--json", str(path)]) == 0
    found: dict[str, Any] = json.loads(path.read_text().splitlines()[-1])
    assert found.keys() >= RECORDED
    return found


def test_solving_breaks_no_rule_and_mends_what_was_misread(tmp_path: Path) -> None:
    picture = tmp_path / "board.png"
    found = recorded(
        tmp_path, *("solve", "--boards", "30", "--epochs", "3", "--givens", "7"), "--picture", str(picture)
    )
    assert found["violations"] == found["map_violations"] == 0
    assert found["mean_givens"] == 7
    assert found["boards_right"] >= found["map_boards_right"] - 0.1
    assert found["boards_right"] > found["as_read_boards_right"]
    assert found["corrected_accuracy"] > found["concept_accuracy"] > 0.5
    assert "test images" in found["protocol"]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_validity_is_learnt_from_labels_of_boards(tmp_path: Path) -> None:
    words = ("classify", "--train-boards", "10", "--boards", "6", "--epochs", "2", "--validate")
    for engine in ("exact", "units"):
        found = recorded(tmp_path, *words, "--engine", engine)
        assert found["engine"] == engine
        assert found["test_boards"] == 12
        assert found["task_accuracy"] == pytest.approx((found["valid_right"] + found["invalid_right"]) / 2)
        assert "held-out" in found["protocol"]
        assert "no digit labels" in found["protocol"]


def test_digits_are_learnt_from_solved_boards(tmp_path: Path) -> None:
    words = ("learn", "--epochs", "1", "--batch-size", "5", "--boards", "5", "--units-until", "0.5")
    found = recorded(tmp_path, *words)
    assert found["violations"] == 0
    assert found["test_boards"] == 5
    assert 0 <= found["concept_accuracy"] <= found["concept_accuracy_renamed"] + 1e-9 <= 1
    assert found["supervised_accuracy"] > 0
    assert "no label but that they are solved" in found["protocol"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("solve", "--givens", "3"), "too-few-givens"),
        (("classify", "--train-boards", "1000"), "too-few-images"),
        (("puzzles",), "missing-data"),
    ],
)
def test_mistakes_are_said_with_their_remedy(
    words: tuple[str, ...], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*COMMON, *words]) == 1
    assert f"error[{code}]" in capsys.readouterr().err


def test_the_rules_are_short_and_the_same_for_both_sizes() -> None:
    folder = Path(__file__).parents[3] / "benchmarks" / "sudoku"
    rules = (folder / "rules.nesy").read_text().splitlines()
    heads = {size: (folder / f"board_{size}.nesy").read_text().splitlines() for size in (4, 9)}
    assert len(rules) + len(heads[9]) < 25
    assert all(lines[0] == ":- consult('rules.nesy')." for lines in heads.values())
    for size in (4, 9):
        assert [declared.network for declared in question(size).networks()] == ["digit_net"]
        assert np.sqrt(size) ** 2 == size
