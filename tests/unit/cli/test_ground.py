"""`nesy ground`: what it prints, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import nesy as package
from nesy.cli.main import app
from tests.unit.cli.rule_files import BURGLARY, MALFORMED


def nesy(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["ground", *arguments])


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("burglary.nesy").write_text(BURGLARY + "evidence(earthquake, false).\n")
    Path("malformed.nesy").write_text(MALFORMED)
    Path("growing.nesy").write_text("0.5::p(0). p(N) :- p(M), N is M + 1. query(p(_)).")


def test_what_is_printed_is_a_rule_file_with_the_same_answers() -> None:
    result = nesy("burglary.nesy")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "0.1::burglary.\n" in result.stdout
    assert "hears" not in result.stdout
    expected, found = (
        package.solve(package.load("burglary.nesy")),
        package.solve(package.parse(result.stdout)),
    )
    assert {a: x.probability for a, x in found.items()} == {
        a: pytest.approx(x.probability) for a, x in expected.items()
    }


def test_other_queries() -> None:
    result = nesy("burglary.nesy", "--query", "hears(_)", "-q", "alarm")
    assert "query(hears(john)).\nquery(hears(mary)).\nquery(alarm).\n" in result.stdout


def test_json() -> None:
    found = json.loads(nesy("burglary.nesy", "--json").stdout)
    assert found["sizes"]["queries"] == 2
    kinds = [statement["kind"] for statement in found["statements"]]
    assert kinds == ["clause"] * 4 + ["evidence"] + ["query"] * 2
    (rule,) = [s for s in found["statements"] if s["text"] == "alarm :- burglary."]
    assert rule["body"] == [{"atom": "burglary", "positive": True}]
    assert rule["heads"] == [{"atom": "alarm", "probability": None, "network": None, "learnable": False}]
    assert found["statements"][4] == {
        "kind": "evidence",
        "text": "evidence(\\+earthquake).",
        "atom": "earthquake",
        "holds": False,
    }
    text = "\n".join(statement["text"] for statement in found["statements"])
    assert package.solve(package.parse(text))["alarm"].probability == pytest.approx(0.1)


def test_sizes() -> None:
    lines = nesy("burglary.nesy", "--stats").stdout.splitlines()
    assert lines[:2] == ["atoms: 3", "symbols: 2"]
    found = json.loads(nesy("burglary.nesy", "--stats", "--json").stdout)
    assert list(found) == ["sizes"]
    assert f"nodes: {found['sizes']['nodes']}" in lines


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["malformed.nesy"], None),
        (["nothing.nesy"], "file-not-found"),
        (["burglary.nesy", "--query", "alarms"], "unknown-predicate"),
        (["burglary.nesy", "--query", "alarm("], None),
        (["growing.nesy", "--budget", "nodes=1000"], "budget-exceeded"),
    ],
)
def test_mistakes(arguments: list[str], code: str | None) -> None:
    result = nesy(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = json.loads(result.stdout)["error"]["code"]
    assert code in (None, found)
    assert nesy(*arguments).exit_code == 1
