"""`nesy run`: what it prints for people and for machines, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import nesy.cli.run.command
from nesy.cli.main import app
from tests.unit.cli.documents import document
from tests.unit.cli.rule_files import BURGLARY, CONTRADICTION, MALFORMED


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["run", *arguments])


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("burglary.nesy").write_text(BURGLARY)
    Path("malformed.nesy").write_text(MALFORMED)
    Path("contradiction.nesy").write_text(CONTRADICTION)


def failure(result: Result) -> dict[str, Any]:
    """The error object of a failed `--json` call."""
    found: dict[str, Any] = document(result, exit_code=1)["error"]
    assert {"code", "message", "file", "line", "column", "hint"} <= set(found)
    return found


def test_one_line_for_each_query() -> None:
    result = run("burglary.nesy")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "alarm: 0.28\nburglary: 0.1\n", "")


def test_json() -> None:
    result = run("burglary.nesy", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    found = json.loads(result.stdout)
    assert found == {
        "queries": [
            {"atom": "alarm", "probability": pytest.approx(0.28, abs=1e-12), "guarantee": "exact"},
            {"atom": "burglary", "probability": pytest.approx(0.1, abs=1e-12), "guarantee": "exact"},
        ]
    }


def test_options_may_come_first() -> None:
    assert run("--json", "-e", "exact", "burglary.nesy").stdout == run("burglary.nesy", "--json").stdout


def test_a_program_that_asks_nothing() -> None:
    Path("silent.nesy").write_text("0.5 :: a.\n")
    assert run("silent.nesy").stdout == ""
    assert run("silent.nesy", "--json").stdout == '{"queries": []}\n'


def test_ten_digits_are_shown() -> None:
    Path("third.nesy").write_text("1/3 :: a.\n1.0e-7 :: b.\nc.\nquery(a).\nquery(b).\nquery(c).\n")
    assert run("third.nesy").stdout == "a: 0.3333333333\nb: 1e-07\nc: 1\n"


def test_bounds_and_estimates_say_what_they_are() -> None:
    assert run("burglary.nesy", "--engine", "sat").stdout == (
        "alarm: 0.18 (lower-bound)\nburglary: 0.1 (lower-bound)\n"
    )
    for line in run("burglary.nesy", "--engine", "sampling").stdout.splitlines():
        assert "(estimate, standard error 0.0" in line


def test_bounds_and_estimates_say_what_they_are_in_json() -> None:
    bounds = json.loads(run("burglary.nesy", "-e", "sat", "--json").stdout)["queries"]
    assert [(set(q), q["guarantee"]) for q in bounds] == [
        ({"atom", "probability", "guarantee"}, "lower-bound")
    ] * 2
    estimates = json.loads(run("burglary.nesy", "-e", "sampling", "--json").stdout)["queries"]
    for query, truth in zip(estimates, (0.28, 0.1), strict=True):
        assert query["guarantee"] == "estimate"
        assert abs(query["probability"] - truth) < 5 * query["standard_error"] < 0.2


def test_every_mistake_of_a_file_is_shown_at_its_place() -> None:
    result = run("malformed.nesy")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error[missing-dot]: this statement does not end with a dot\n"
        "  malformed.nesy:2:9\n"
        "  2 | query(a)\n"
        "    |         ^\n"
        "  help: every statement ends with a dot followed by a space or a new line\n"
        "\n"
        "error[missing-dot]: this statement does not end with a dot\n"
        "  malformed.nesy:3:9\n"
        "  3 | 0.5 :: c\n"
        "    |         ^\n"
        "  help: every statement ends with a dot followed by a space or a new line\n"
    )


def test_a_mistake_in_json() -> None:
    result = run("malformed.nesy", "--json")
    found = failure(result)
    assert (found["code"], found["file"], found["line"], found["column"]) == (
        "missing-dot",
        "malformed.nesy",
        2,
        9,
    )
    assert found["message"] == "this statement does not end with a dot"
    assert found["hint"].startswith("every statement ends with a dot")
    (other,) = json.loads(result.stdout)["others"]
    assert (other["code"], other["line"]) == ("missing-dot", 3)


def test_evidence_that_cannot_be() -> None:
    result = run("contradiction.nesy")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[inconsistent-evidence]: no world satisfies")
    found = failure(run("contradiction.nesy", "--json"))
    assert (found["code"], found["line"], found["column"]) == ("inconsistent-evidence", 3, 1)


def test_files_that_cannot_be_read() -> None:
    Path("bytes.nesy").write_bytes(b"a.\xff\xfe")
    Path("folder").mkdir()
    for name, code in (
        ("missing.nesy", "file-not-found"),
        ("folder", "not-a-file"),
        ("bytes.nesy", "not-text"),
    ):
        result = run(name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"error[{code}]: ")
        assert name in result.stderr
        found = failure(run(name, "--json"))
        assert found["code"] == code
        assert found["hint"]
        assert (found["file"], found["line"], found["column"]) == (None, None, None)


def test_a_missing_file_is_told_from_its_neighbours() -> None:
    assert "burglary.nesy" in failure(run("burglery.nesy", "--json"))["hint"]


def test_a_budget() -> None:
    Path("endless.nesy").write_text("p(X) :- p(s(X)).\nquery(p(a)).\n")
    result = run("endless.nesy", "--budget", "nodes=1e3,seconds=60")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error[budget-exceeded]: grounding goes beyond its budget of 1,000 nodes")
    assert "\n  endless.nesy:1:1\n" in result.stderr
    found = failure(run("endless.nesy", "--budget", "nodes=soon", "--json"))
    assert (found["code"], found["line"]) == ("malformed-budget", None)
    assert run("burglary.nesy", "--budget", "nodes=1000").stdout == run("burglary.nesy").stdout


def test_an_unknown_engine() -> None:
    result = run("burglary.nesy", "--engine", "exat")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error[unknown-engine]: there is no engine named 'exat'\n"
        "  help: did you mean exact? the engines are auto, diffusion, exact, sampling, sat, surrogate, topk\n"
    )
    assert failure(run("burglary.nesy", "--engine", "exat", "--json"))["code"] == "unknown-engine"


def test_a_program_with_networks_points_to_the_model() -> None:
    Path("digit.nesy").write_text("nn(net, [X], D, 0..9) :: digit(X, D).\nquery(digit(i, 3)).\n")
    found = failure(run("digit.nesy", "--json"))
    assert (found["code"], found["file"], found["line"], found["column"]) == (
        "needs-networks",
        "digit.nesy",
        1,
        1,
    )
    assert "nesy.Model" in found["hint"]


def test_characters_beyond_ascii() -> None:
    Path("greek.nesy").write_text("0.5 :: 'αé'.\nquery('αé').\n", encoding="utf-8")
    assert "αé" in run("greek.nesy").stdout
    (query,) = json.loads(run("greek.nesy", "--json").stdout)["queries"]
    assert "αé" in query["atom"]


@pytest.mark.parametrize("arguments", [[], ["--engine"], ["burglary.nesy", "--frob"], ["a.nesy", "b.nesy"]])
def test_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(nesy.cli.run.command, "solve", interrupted)
    result = run("burglary.nesy")
    assert result.exit_code == 130
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
