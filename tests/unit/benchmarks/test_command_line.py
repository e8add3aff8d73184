from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from benchmarks import command_line
from benchmarks.command_line import main
from benchmarks.record import Result
from benchmarks.registry import BENCHMARKS, Benchmark
from nesy.errors import DataError


class FakeEntry:
    """A benchmark with one option; it fails when that is 'fail'."""

    summary = "made for tests"

    def load(self) -> Benchmark:
        return Benchmark("--word fine", self.add_options, self.run)

    def add_options(self, parser: ArgumentParser) -> None:
        parser.add_argument("--word", default="fine")

    def run(self, options: Namespace) -> Result:
        if options.word == "fail":
            raise DataError("missing-data", "no such file", hint="look elsewhere")
        return Result("none", {"word": options.word}, "nothing", "none", 0, {"score": 1})


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "BENCHMARKS", {**BENCHMARKS, "fake": FakeEntry()})


def test_list_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in (*BENCHMARKS, "fake"))


def test_listing_imports_no_benchmark() -> None:
    code = (
        "import sys; from benchmarks.command_line import main; main(['--list']);"
        "sys.exit('torch' in sys.modules or 'benchmarks.demo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_entry_loads_and_its_example_parses(name: str) -> None:
    benchmark = BENCHMARKS[name].load()
    parser = ArgumentParser()
    benchmark.add_options(parser)
    parser.add_argument("--json")
    parser.parse_args(benchmark.example.split())


@pytest.mark.parametrize("name", [*BENCHMARKS, "fake"])
def test_help_shows_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"example:\n  python -m benchmarks {name} --" in capsys.readouterr().out


def test_records_are_appended(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["fake", "--json", str(out)]) == 0
    assert main(["fake", "--word", "other", "--json", str(out)]) == 0
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert (first["benchmark"], first["score"], first["options"]) == ("fake", 1, {"word": "fine"})
    assert second["options"] == {"word": "other"}


def test_a_mistake_exits_1_with_the_diagnostic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["fake", "--word", "fail", "--json", str(out)]) == 1
    shown = capsys.readouterr()
    assert shown.err == "error[missing-data]: no such file\n  help: look elsewhere\n"
    assert shown.out == ""
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--nothing"],
        ["absent"],
        ["fake", "--nothing"],
        ["mnist_addition", "--digits", "0"],
        ["mnist_addition", "--digits", "two"],
        ["mnist_addition", "--epochs", "nan"],
        ["mnist_addition", "--seconds", "-1"],
        ["mnist_addition", "--seed", "-1"],
        ["mnist_addition", "--data", "cifar"],
    ],
)
def test_wrong_usage_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert "usage: python -m benchmarks" in capsys.readouterr().err


def test_a_misspelt_name_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["mnist_adition"])
    assert "did you mean mnist_addition?" in capsys.readouterr().err
