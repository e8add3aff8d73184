"""`nesy run --task`: what it prints for people and for machines, and which options go together."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app
from tests.unit.cli.rule_files import CONTRADICTION

RULES = """\
0.1 :: burglary.
0.2 :: earthquake.
alarm :- burglary.
alarm :- earthquake.
evidence(alarm).
query(alarm).
query(burglary).
"""
# P(alarm) = 1 - 0.9 * 0.8 = 0.28; the three worlds with it have 0.18, 0.08 and 0.02.


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["run", "rules.nesy", *arguments])


def found(*arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    document: dict[str, Any] = json.loads(result.stdout)
    assert document["task"] == arguments[1]
    return document


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules.nesy").write_text(RULES)


BEST = {
    "queries": {"alarm": True, "burglary": False},
    "symbols": {"burglary": "false", "earthquake": "true"},
    "probability": pytest.approx(18 / 28),
    "log_probability": pytest.approx(-0.4418, abs=1e-4),
}


def test_marginals() -> None:
    assert run("--task", "marginal").stdout == (
        "alarm: 1\nburglary: 0.3571428571\nsymbols:\n"
        "  burglary: false 0.6428571429, true 0.3571428571\n"
        "  earthquake: false 0.2857142857, true 0.7142857143\n"
    )
    document = found("--task", "marginal")
    assert [q["probability"] for q in document["queries"]] == pytest.approx([1, 10 / 28])
    assert document["symbols"][1]["symbol"] == "earthquake"
    assert document["symbols"][1]["values"] == pytest.approx({"false": 8 / 28, "true": 20 / 28})
    assert document["observed"] == pytest.approx(0.28)


def test_the_most_probable_world() -> None:
    assert run("--task", "mpe").stdout == (
        "the most probable world, of probability 0.6428571429:\n"
        "  burglary = false\n  earthquake = true\n  alarm: true\n  burglary: false\n"
    )
    assert found("--task", "mpe")["world"] == BEST


def test_the_most_probable_worlds() -> None:
    worlds = found("--task", "topk")["worlds"]
    assert worlds[0] == BEST
    assert [w["probability"] for w in worlds] == pytest.approx([18 / 28, 8 / 28, 2 / 28])
    assert len(found("--task", "topk", "--k", "2")["worlds"]) == 2
    assert run("--task", "topk", "--k", "1").stdout.startswith("world 1, of probability 0.6428571429:\n")


def test_samples() -> None:
    shown = run("--task", "sample", "--samples", "40", "--seed", "3")
    lines = shown.stdout.splitlines()
    assert len(lines) == 40
    assert set(lines) == {"alarm: true, burglary: false", "alarm: true, burglary: true"}
    document = found("--task", "sample", "--samples", "40", "--seed", "3")
    assert document["seed"] == 3
    for line, sample in zip(lines, document["samples"], strict=True):
        assert sample["queries"]["alarm"] is True
        assert line.endswith(f"burglary: {sample['symbols']['burglary']}")
    assert len(found("--task", "sample")["samples"]) == 10


def test_count_and_entropy() -> None:
    assert run("--task", "count").stdout == "3\n"
    assert found("--task", "count") == {"task": "count", "count": "3"}
    document = found("--task", "entropy")
    expected = -sum(p * math.log(p) for p in (9 / 14, 4 / 14, 1 / 14))
    assert document["entropy"] == pytest.approx(expected)
    assert document["bits"] == pytest.approx(expected / math.log(2))
    assert run("--task", "entropy").stdout.startswith("0.8304")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--k", "3"],
        ["--task", "mpe", "--k", "3"],
        ["--samples", "3"],
        ["--task", "topk", "--samples", "3"],
        ["--seed", "1"],
        ["--task", "count", "--seed", "1"],
        ["--task", "topk", "--k", "0"],
        ["--task", "sample", "--samples", "0"],
        ["--task", "mpe", "--engine", "sampling"],
        ["--task", "best"],
    ],
)
def test_what_does_not_go_together(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert arguments[-2] in result.stderr


@pytest.mark.parametrize("task", ["marginal", "mpe", "sample", "count", "entropy", "topk"])
def test_mistakes_in_the_rules(task: str) -> None:
    Path("rules.nesy").write_text(CONTRADICTION)
    result = run("--task", task, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["code"] == "inconsistent-evidence"
    assert "inconsistent-evidence" in run("--task", task).stderr
