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
    Path("burglary.nesy").write_text(BURGLARY)
    Path("malformed.nesy").write_text(MALFORMED)
    Path("singleton.nesy").write_text(SINGLETON)


def test_a_good_file() -> None:
    result = check("burglary.nesy")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "burglary.nesy: no problems found\n", "")


def test_a_good_file_in_json() -> None:
    result = check("burglary.nesy", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (0, '{"diagnostics": []}\n', "")


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
    Path("both.nesy").write_text(SINGLETON + "c :- nowhere.\n")
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
        assert json.loads(found.stdout)["error"]["code"] == code


@pytest.mark.parametrize("arguments", [[], ["burglary.nesy", "--engine", "exact"], ["a", "b"]])
def test_wrong_usage(arguments: list[str]) -> None:
    result = check(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_file_is_not_run() -> None:
    """What only grounding can find is not for `check` to say."""
    Path("networks.nesy").write_text("nn(net, [X], D, 0..9) :: digit(X, D).\nquery(digit(i, 3)).\n")
    assert check("networks.nesy").exit_code == 0
