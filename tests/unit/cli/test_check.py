"""`nesy check`: every finding, for people and for machines, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app
from tests.unit.cli.rule_files import BURGLARY, MALFORMED

SINGLETON = "a(1).\nb :- a(X).\nquery(b).\n"


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("burglary.nesy").write_text(BURGLARY + "query(hears(_)).\n")
    Path("malformed.nesy").write_text(MALFORMED)
    Path("singleton.nesy").write_text(SINGLETON)


def test_a_good_file() -> None:
    result = check("burglary.nesy")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "burglary.nesy: no problems found\n", "")


def test_a_good_file_in_json() -> None:
    result = check("burglary.nesy", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        '{"diagnostics": [], "errors": 0, "warnings": 0}\n',
        "",
    )


def test_errors_are_all_shown() -> None:
    result = check("malformed.nesy")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("error[missing-dot]") == 2
    assert "  malformed.nesy:2:9\n  2 | query(a)\n    |         ^\n  help: " in result.stderr
    assert "  malformed.nesy:3:9\n" in result.stderr


def test_errors_in_json() -> None:
    result = check("malformed.nesy", "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = json.loads(result.stdout)["diagnostics"]
    assert [(d["code"], d["severity"], d["file"], d["line"], d["column"]) for d in found] == [
        ("missing-dot", "error", "malformed.nesy", 2, 9),
        ("missing-dot", "error", "malformed.nesy", 3, 9),
    ]
    assert all(d["message"] and d["hint"] for d in found)


def test_warnings_do_not_fail() -> None:
    result = check("singleton.nesy")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("warning[")
    assert "  singleton.nesy:2:8\n" in result.stderr
    found = check("singleton.nesy", "--json")
    assert found.exit_code == 0
    (warning,) = json.loads(found.stdout)["diagnostics"]
    assert (warning["severity"], warning["line"], warning["column"]) == ("warning", 2, 8)


def test_a_warning_does_not_hide_an_error() -> None:
    Path("both.nesy").write_text(SINGLETON + "query(c).\nc :- nowhere.\n")
    result = check("both.nesy", "--json")
    assert result.exit_code == 1
    assert {d["severity"] for d in json.loads(result.stdout)["diagnostics"]} == {"warning", "error"}


def test_what_cannot_be_read() -> None:
    Path("bytes.nesy").write_bytes(b"a.\xff")
    for name, code in (("missing.nesy", "file-not-found"), (".", "not-a-file"), ("bytes.nesy", "not-text")):
        result = check(name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"error[{code}]: ")
        found = check(name, "--json")
        assert (found.exit_code, found.stderr) == (1, "")
        (diagnostic,) = json.loads(found.stdout)["diagnostics"]
        assert (diagnostic["code"], diagnostic["file"]) == (code, name)


def test_several_files() -> None:
    result = check("burglary.nesy", "singleton.nesy", "malformed.nesy", "missing.nesy")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("\n4 files: 3 errors and 1 warning\n")
    order = [
        result.stderr.index(place)
        for place in ("singleton.nesy:2:8", "malformed.nesy:2:9", "  missing.nesy\n")
    ]
    assert order == sorted(order)
    good = check("burglary.nesy", "burglary.nesy")
    assert (good.exit_code, good.stdout, good.stderr) == (0, "2 files: no problems found\n", "")


def test_several_files_in_json() -> None:
    found = json.loads(check("singleton.nesy", "malformed.nesy", "--json").stdout)
    assert [d["file"] for d in found["diagnostics"]] == ["singleton.nesy"] + ["malformed.nesy"] * 2
    assert (found["errors"], found["warnings"]) == (2, 1)


def test_the_summary_counts() -> None:
    assert check("singleton.nesy").stderr.endswith("\nsingleton.nesy: 1 warning\n")
    assert check("malformed.nesy").stderr.endswith("\nmalformed.nesy: 2 errors\n")


def test_a_finding_about_a_whole_file_names_it() -> None:
    Path("asks_nothing.nesy").write_text("a.\n")
    assert check("asks_nothing.nesy").stderr.startswith(
        "warning[no-query]: the program asks nothing\n  asks_nothing.nesy\n"
    )


def test_cost() -> None:
    result = check("--cost", "burglary.nesy")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "burglary.nesy: what grounding will cost"
    (hears,) = (line.split() for line in lines if line.startswith("  hears/1") and "burglary" in line)
    assert hears == ["hears/1", "2", "2", "burglary.nesy:4:1"]
    assert lines[-1] == "burglary.nesy: no problems found"


def test_cost_in_json() -> None:
    found = json.loads(check("--cost", "burglary.nesy", "--json").stdout)
    (cost,) = found["cost"]
    assert cost["file"] == "burglary.nesy"
    assert cost["ground_rules"] == {"about": 4.0, "at_most": 4.0}
    assert {"predicate": "person/1", "about": 2.0, "at_most": 2.0} in cost["predicates"]
    assert {"head": "hears/1", "line": 4, "column": 1, "about": 2.0, "at_most": 2.0} in cost["rules"]


def test_cost_of_what_cannot_be_bounded() -> None:
    Path("grows.nesy").write_text("p(a).\np(f(X)) :- p(X).\nquery(p(_)).\n")
    assert "no bound" in check("--cost", "grows.nesy").stdout
    (cost,) = json.loads(check("--cost", "grows.nesy", "--json").stdout)["cost"]
    assert cost["ground_rules"]["at_most"] is None


def test_cost_of_a_template() -> None:
    Path("addition.nesy").write_text(
        "nn(net, [X], D, 0..9)::digit(X, D).\nadd(X, Y, Z) :- digit(X, A), digit(Y, B), Z is A + B.\n"
    )
    result = check("--cost", "--query", "add(a, b, S)", "addition.nesy", "--json")
    assert json.loads(result.stdout)["cost"][0]["ground_rules"] == {"about": 120.0, "at_most": 120.0}
    wrong = check("--cost", "--query", "sub(a, b, S)", "addition.nesy")
    assert wrong.exit_code == 1
    assert "unknown-predicate" in wrong.stderr


def test_a_file_with_errors_is_not_costed() -> None:
    result = check("--cost", "malformed.nesy", "burglary.nesy")
    assert result.exit_code == 1
    assert "malformed.nesy: what" not in result.stdout
    assert "burglary.nesy: what" in result.stdout


@pytest.mark.parametrize(
    "arguments", [[], ["burglary.nesy", "--engine", "exact"], ["burglary.nesy", "--query", "a"]]
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = check(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_file_is_not_run() -> None:
    """What only grounding can find is not for `check` to say."""
    Path("networks.nesy").write_text("nn(net, [X], D, 0..9) :: digit(X, D).\nquery(digit(i, 3)).\n")
    assert check("networks.nesy").exit_code == 0


def test_plan() -> None:
    result = check("--plan", "burglary.nesy")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == 'burglary.nesy: what answers, with engine "auto"'
    assert lines[1].split() == ["outputs", "symbols", "marginals", "likelihood", "because"]
    assert "exact" in lines[2]
    assert lines[-1] == "burglary.nesy: no problems found"


def test_plan_of_a_template_in_json() -> None:
    Path("bits.nesy").write_text(
        "nn(net, [X], D, 0..1) :: bit(X, D).\nsum(S) :- bit(a, A), bit(b, B), S is A + B.\n"
    )
    result = check("--plan", "bits.nesy", "--query", "sum(S)", "--output", "S", "--json")
    assert result.exit_code == 0
    (plan,) = json.loads(result.stdout)["plan"]
    assert plan["file"] == "bits.nesy"
    (choice,) = plan["choices"]
    assert (choice["symbols"], choice["marginals"], choice["likelihood"]) == (2, "exact", "exact")


def test_a_plan_needs_something_asked() -> None:
    Path("bits.nesy").write_text("0.5::a.\n")
    result = check("--plan", "bits.nesy")
    assert result.exit_code == 1
    assert "error[nothing-asked]" in result.stderr


@pytest.mark.parametrize(
    "words", [["--query", "q"], ["--plan", "--output", "S"], ["--cost", "--query", "q", "--output", "S"]]
)
def test_templates_belong_to_what_they_are_for(words: list[str]) -> None:
    assert check("burglary.nesy", *words).exit_code == 2
