"""`--seeds K` runs a benchmark K times and adds what the runs have in the mean."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from benchmarks import command_line
from benchmarks.command_line import main
from benchmarks.learning.seeds import summary
from benchmarks.option_types import seed
from benchmarks.record import Result
from benchmarks.registry import BENCHMARKS, Benchmark


class Seeded:
    """A benchmark that measures its own seed."""

    summary = "made for tests"

    def load(self) -> Benchmark:
        return Benchmark("--seed 3", self.add_options, self.run)

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=seed, default=0)

    def run(self, options: Namespace) -> Result:
        late = None if options.seed == 4 else 7.0
        found = {"score": options.seed**2, "seconds_to_98": late, "steps": 5, "fine": True}
        return Result("none", {"word": "fine"}, "nothing", "none", options.seed, found)


class Seedless(Seeded):
    """A benchmark without a seed has no seeds."""

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--word")


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {"seeded": Seeded(), "seedless": Seedless()}
    monkeypatch.setattr(command_line, "BENCHMARKS", {**BENCHMARKS, **made})


def test_every_run_is_recorded_and_then_their_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["seeded", "--seed", "3", "--seeds", "3", "--json", str(out)]) == 0
    *runs, last = (json.loads(line) for line in out.read_text().splitlines())
    assert [(run["seed"], run["score"]) for run in runs] == [(3, 9), (4, 16), (5, 25)]
    assert last["seeds"] == [3, 4, 5]
    assert last["mean"]["score"] == pytest.approx(50 / 3)
    assert last["deviation"]["score"] == pytest.approx(8.0208, abs=1e-4)
    assert (last["mean"]["steps"], last["deviation"]["steps"]) == (5, 0)
    assert (last["benchmark"], last["engine"], last["options"]) == ("seeded", "none", {"word": "fine"})
    assert "score    16.667 ± 8" in capsys.readouterr().out


def test_what_a_run_never_reached_has_no_mean(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["seeded", "--seed", "3", "--seeds", "2", "--json", str(out)]) == 0
    mean = json.loads(out.read_text().splitlines()[-1])["mean"]
    assert "score" in mean
    assert not mean.keys() & {"seconds_to_98", "seed", "fine"}


def test_one_seed_is_one_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["seeded", "--seed", "3", "--json", str(out)]) == 0
    (only,) = (json.loads(line) for line in out.read_text().splitlines())
    assert (only["seed"], "mean" in only) == (3, False)
    assert "mean" not in capsys.readouterr().out


def test_the_seconds_of_a_summary_are_those_of_all_runs() -> None:
    runs = [{"seed": s, "seconds": 2.5, "score": s} for s in range(2)]
    found = summary(runs)
    assert (found["seconds"], found["mean"]["seconds"]) == (5.0, 2.5)


def test_a_benchmark_without_a_seed_has_no_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["seedless", "--seeds", "2"])
    assert "unrecognized arguments: --seeds 2" in capsys.readouterr().err
