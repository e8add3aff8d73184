from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks.learning.running import RunOptions
from benchmarks.learning.train import Budget, Recipe
from benchmarks.record import Result, append_line, check_destination, record, written
from nesy.errors import DataError
from nesy.version import __version__


def result(**figures: Any) -> Result:
    return Result("exact", {"digits": 2}, "digits", "pairs", 7, figures)


def test_a_record_holds_what_is_needed_to_judge_it() -> None:
    found = record("mnist_addition", result(sum_accuracy=0.5), seconds=1.23456)
    assert found["benchmark"] == "mnist_addition"
    assert found["engine"] == "exact"
    assert found["options"] == {"digits": 2}
    assert found["seconds"] == 1.235
    assert (found["data"], found["protocol"], found["seed"]) == ("digits", "pairs", 7)
    assert found["sum_accuracy"] == 0.5
    assert found["hardware"].keys() >= {"cpu", "cores", "threads"}
    assert found["hardware"]["cpu"]
    assert found["versions"]["nesy"] == __version__
    assert found["versions"].keys() >= {"python", "torch"}


def test_figures_may_not_hide_the_rest() -> None:
    with pytest.raises(ValueError, match="seconds"):
        record("mnist_addition", result(seconds=1), seconds=2)


def test_lines_are_appended(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    append_line(path, {"n": 1})
    append_line(path, {"n": 2})
    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == [1, 2]


def test_lines_written_at_the_same_time_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append_line(path, {"n": n, "pad": "x" * 5000}), range(64)))
    assert sorted(json.loads(line)["n"] for line in path.read_text().splitlines()) == list(range(64))


def test_what_json_cannot_say_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        append_line(tmp_path / "out.jsonl", {"loss": float("nan")})
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("name", [".", "absent/out.jsonl"])
def test_a_destination_is_checked_before_any_work(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError) as caught:
        check_destination(tmp_path / name)
    assert caught.value.code == "unwritable-output"


def test_checking_a_destination_writes_nothing(tmp_path: Path) -> None:
    check_destination(tmp_path / "out.jsonl")
    assert not list(tmp_path.iterdir())


@dataclass(frozen=True)
class Inner:
    steps: int
    seed: int


@dataclass(frozen=True, slots=True)
class Outer:
    engine: str
    inner: Inner
    folder: Path
    missing: Path | None
    lengths: tuple[int, ...]
    task: object


def test_options_are_read_off_the_settings() -> None:
    settings = Outer("exact", Inner(3, 7), Path("a") / "b", None, (2, 3), Inner(1, 1))
    assert written(settings, task="half") == {
        "steps": 3,
        "folder": str(Path("a") / "b"),
        "missing": None,
        "lengths": [2, 3],
        "task": "half",
    }


def test_options_of_a_run_that_learns() -> None:
    options = RunOptions("sat", Budget(5.0, None), Recipe(64), seed=3, threads=2)
    assert options.written() == {
        "epochs": 5.0,
        "seconds": None,
        "batch_size": 64,
        "learning_rate": 5e-3,
        "weight_decay": 0.01,
        "warm_up": 0.3,
        "threads": 2,
    }
