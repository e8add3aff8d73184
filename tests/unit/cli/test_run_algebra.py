"""`nesy run --algebra`: what it prints, and what does not go with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app

RULES = """
0.1::burglary. 0.2::earthquake.
alarm :- burglary. alarm :- earthquake.
never :- fail.
query(alarm). query(never).
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["run", *arguments])


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("alarm.nesy").write_text(RULES)
    Path("seen.nesy").write_text(RULES + "evidence(burglary).")


@pytest.mark.parametrize(
    ("algebra", "alarm", "never"),
    [
        ("tropical", "1.714798428", "inf"),
        ("max-log", "-1.714798428", "-inf"),
        ("counting", "3", "0"),
        ("boolean", "true", "false"),
        ("top-2", "0.18, 0.08", "0, 0"),
        ("lukasiewicz", "0.3", "0"),
    ],
)
def test_one_line_for_each_query(algebra: str, alarm: str, never: str) -> None:
    result = run("alarm.nesy", "--algebra", algebra)
    assert (result.exit_code, result.stdout) == (0, f"alarm: {alarm}\nnever: {never}\n")


def test_json_knows_no_infinity() -> None:
    result = run("seen.nesy", "--algebra", "max-log", "--json")
    assert json.loads(result.stdout) == {
        "algebra": "max-log",
        "queries": [
            {"atom": "alarm", "value": pytest.approx(-2.525728644)},
            {"atom": "never", "value": "-inf"},
        ],
        "condition": pytest.approx(-2.525728644),
    }
    pair = json.loads(run("alarm.nesy", "--algebra", "entropy", "--json").stdout)
    assert pair["queries"][1] == {"atom": "never", "value": [0.0, 0.0]}
    assert json.loads(run("alarm.nesy", "--algebra", "godel", "--json").stdout)["condition"] is None


@pytest.mark.parametrize(
    ("file", "algebra", "code"),
    [("alarm.nesy", "tropics", "unknown-algebra"), ("seen.nesy", "godel", "fuzzy-evidence")],
)
def test_mistakes_have_codes(file: str, algebra: str, code: str) -> None:
    result = run(file, "--algebra", algebra, "--json")
    assert result.exit_code == 1
    error = json.loads(result.stdout)["error"]
    assert error["code"] == code
    assert error["hint"]


@pytest.mark.parametrize("other", [("--engine", "sampling"), ("--task", "count")])
def test_wrong_usage(other: tuple[str, str]) -> None:
    result = run("alarm.nesy", "--algebra", "real", *other)
    assert result.exit_code == 2
    assert "--algebra" in result.stderr


def test_neither_torch_nor_numba_is_loaded() -> None:
    script = (
        "import sys\nfrom nesy.cli.main import app\n"
        "app(['run', 'alarm.nesy', '--algebra', sys.argv[1]], standalone_mode=False)\n"
        "print(sorted({'torch', 'numba', 'pandas'} & set(sys.modules)))"
    )
    for algebra in ("tropical", "godel"):
        done = subprocess.run(
            [sys.executable, "-c", script, algebra], capture_output=True, text=True, timeout=60, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
