"""`nesy explain`: what it prints for people and for machines, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app
from tests.unit.cli.documents import document
from tests.unit.cli.rule_files import BURGLARY, CONTRADICTION, MALFORMED


def explain(*arguments: str, file: str = "burglary.nesy") -> Result:
    return CliRunner().invoke(app, ["explain", file, *arguments])


def found(*arguments: str) -> dict[str, Any]:
    return document(explain(*arguments, "--json"))


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("burglary.nesy").write_text(BURGLARY)


def test_for_people() -> None:
    result = explain("alarm", "--proofs", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "alarm: 0.28",
        "",
        "its most probable proof:",
        "  1. 0.2, by earthquake (0.2)",
        "     alarm :- earthquake.  burglary.nesy:8",
        "       0.2::earthquake.    burglary.nesy:3",
        "",
        "what matters most:",
        "              probability  derivative  if true  if false",
        "  earthquake          0.2         0.9        1       0.1",
        "  burglary            0.1         0.8        1       0.2",
        "",
        "what alone would take it above 0.5:",
        "  earthquake  0.2 -> 0.4444 or more",
        "  burglary    0.1 -> 0.375 or more",
    ]


def test_for_machines() -> None:
    document = found("burglary", "--given", "alarm", "--given-not", "earthquake", "-k", "5")
    assert document["given"] == ["alarm", "\\+earthquake"]
    assert document["probability"] == 1.0
    (proof,) = document["proofs"]
    assert [s["text"] for s in proof["steps"]][:1] == ["0.1::burglary."]
    assert (proof["steps"][0]["file"], proof["steps"][0]["line"]) == ("burglary.nesy", 2)
    assert found("\\+alarm")["probability"] == pytest.approx(0.72)


def test_mistakes_in_the_input_exit_1() -> None:
    Path("contradiction.nesy").write_text(CONTRADICTION)
    Path("malformed.nesy").write_text(MALFORMED)
    for arguments, file, code in (
        (["alrm"], "burglary.nesy", "unknown-predicate"),
        (["hears(X)"], "burglary.nesy", "not-ground"),
        (["a"], "contradiction.nesy", "inconsistent-evidence"),
        (["a"], "absent.nesy", "file-not-found"),
        (["alarm", "--budget", "nonsense"], "burglary.nesy", "malformed-budget"),
    ):
        result = explain(*arguments, "--json", file=file)
        assert result.exit_code == 1
        assert json.loads(result.stdout)["error"]["code"] == code, code
    assert explain("a", file="malformed.nesy").exit_code == 1


def test_wrong_usage_exits_2() -> None:
    for arguments in (
        [],
        ["alarm", "-k", "0"],
        ["alarm", "--given", "a", "--given-not", "a"],
        ["alarm", "b"],
    ):
        assert explain(*arguments).exit_code == 2
