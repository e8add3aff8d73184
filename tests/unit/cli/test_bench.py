"""`nesy bench`: every stage is timed as often as was asked, and sizes are those of what was made."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import nesy
from nesy.cli.main import app
from nesy.compile.relations import compile_marginals, compile_values
from nesy.grounding import Template, ground
from tests.unit.cli.rule_files import BURGLARY, MALFORMED

ADDITION = """\
nn(digit_net, [X], D, 0..9) :: digit(X, D).
addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.
"""


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"burglary": BURGLARY, "addition": ADDITION, "malformed": MALFORMED}.items():
        Path(f"{name}.nesy").write_text(text)


def bench(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bench", *arguments])


def document(*arguments: str) -> dict[str, Any]:
    result = bench(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_file_with_queries() -> None:
    found = document("burglary.nesy", "--repeat", "3")
    assert [stage["stage"] for stage in found["stages"]] == ["read", "ground", "compile", "evaluate"]
    for stage in found["stages"]:
        assert len(stage["seconds"]) == 3
        assert stage["median"] == sorted(stage["seconds"])[1] > 0
    program = ground(nesy.parse(BURGLARY))
    circuit = compile_marginals(program)
    assert found["symbols"] == len(program.symbols) == 2
    assert found["outputs"] == 2
    assert found["ground_nodes"] == len(program.graph)
    assert (found["circuit"]["nodes"], found["circuit"]["edges"]) == (circuit.size, circuit.edges)
    assert (found["engine"], found["batch"]) == ("exact", 1)
    assert found["peak_memory"] is None or found["peak_memory"] > 10 << 20


def test_a_model_and_its_training() -> None:
    asked = ("addition.nesy", "--query", "addition(a,b,S)", "--output", "S", "--repeat", "1")
    found = document(*asked, "--train")
    assert [stage["stage"] for stage in found["stages"]][-2:] == ["evaluate", "train"]
    assert found["batch"] == 128
    circuit = compile_values(ground(nesy.parse(ADDITION), Template.parse("addition(a,b,S)", "S")))
    assert found["circuit"]["edges"] == circuit.edges
    assert found["circuit"]["bytes_moved"] > 8 * 128 * circuit.edges / 2
    once = document(*asked, "--batch", "1")["circuit"]["bytes_moved"]
    assert found["circuit"]["bytes_moved"] == 128 * once


def test_other_engines_are_timed_too() -> None:
    found = document("burglary.nesy", "--engine", "sampling", "--repeat", "2")
    assert (found["engine"], found["circuit"]) == ("sampling", None)
    assert [len(stage["seconds"]) for stage in found["stages"]] == [2] * 4


def test_a_stage_that_takes_long_is_not_repeated() -> None:
    found = document("burglary.nesy", "--repeat", "4", "--seconds", "0")
    assert [len(stage["seconds"]) for stage in found["stages"]] == [1] * 4


def test_people_see_a_table() -> None:
    lines = bench("burglary.nesy", "--repeat", "2").stdout.splitlines()
    assert lines[0].split() == ["stage", "median", "least", "most", "repetitions"]
    for line, stage in zip(lines[1:5], ("read", "ground", "compile", "evaluate"), strict=True):
        assert re.fullmatch(rf"{stage}( +[\d.e+]+ (s|ms|us)){{3}} +2", line)
    assert "ground program: 2 symbols, " in lines[6]
    assert lines[8].startswith("batch: 1, ")


def test_nothing_comes_from_the_cache_or_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_CACHE", "kept")
    monkeypatch.setattr("nesy.compile.cache.SMALL", 0)
    monkeypatch.setattr("nesy.compile.cache.WORTH_KEEPING", 0.0)
    document("burglary.nesy", "--repeat", "1")
    assert not Path("kept").exists()
    nesy.solve(nesy.load("burglary.nesy"))
    assert Path("kept").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["malformed.nesy"], "missing-dot"),
        (["absent.nesy"], "file-not-found"),
        (["addition.nesy"], "nothing-asked"),
        (["burglary.nesy", "--engine", "exacd"], "unknown-engine"),
        (["burglary.nesy", "--budget", "much"], "malformed-budget"),
    ],
)
def test_mistakes(arguments: list[str], code: str) -> None:
    result = bench(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error[{code}]: ")
    assert json.loads(bench(*arguments, "--json").stdout)["error"]["code"] == code


def test_wrong_usage() -> None:
    for arguments in ([], ["burglary.nesy", "--output", "S"], ["burglary.nesy", "--repeat", "0"]):
        assert bench(*arguments).exit_code == 2
