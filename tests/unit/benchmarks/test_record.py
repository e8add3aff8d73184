from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks.record import Result, append_line, check_destination, record
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
