"""`nesy viz`: what it writes, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app
from nesy.nn.training.history import Epoch, write_history
from tests.unit.cli.rule_files import BURGLARY, CONTRADICTION, MALFORMED


def nesy(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["viz", *arguments])


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("burglary.nesy").write_text(BURGLARY)
    Path("malformed.nesy").write_text(MALFORMED)
    Path("contradiction.nesy").write_text(CONTRADICTION)
    Path("silent.nesy").write_text("0.5::a.\n")
    Path("f.cnf").write_text("p cnf 3 2\n1 2 0\n-2 3 0\n")
    Path("run").mkdir()
    write_history(Path("run/log.csv"), [Epoch(1, 10, 0.5, 0.6, 0.7, 0.1, 1.0, 10.0)])


def titles(result: Result) -> list[str]:
    assert (result.exit_code, result.stderr) == (0, "")
    return [picture["title"] for picture in json.loads(result.stdout)["pictures"]]


def test_a_page_of_rules_has_all_pictures() -> None:
    result = nesy("burglary.nesy", "--out", "b.html", "--json")
    assert titles(result) == ["Predicates", "Ground rules", "Circuit"]
    text = Path("b.html").read_text(encoding="utf-8")
    assert "<title>burglary.nesy</title>" in text
    shown = nesy("burglary.nesy", "--out", "b.html").stdout.splitlines()
    assert len(shown) == 3
    assert shown[0].startswith("b.html: Predicates: 5 predicates")


def test_one_picture_as_svg() -> None:
    assert titles(nesy("burglary.nesy", "-o", "b.svg", "--json")) == ["Predicates"]
    for what, title in [("ground", "Ground rules"), ("circuit", "Circuit"), ("predicates", "Predicates")]:
        assert titles(nesy("burglary.nesy", "-o", "b.svg", "--what", what, "--json")) == [title]
        assert f">{title}</text>" in Path("b.svg").read_text(encoding="utf-8")


def test_chosen_pictures_and_queries() -> None:
    chosen = ["-w", "circuit", "-w", "ground", "-q", "hears(_)"]
    assert titles(nesy("burglary.nesy", "-o", "b.html", *chosen, "--json")) == ["Circuit", "Ground rules"]
    assert "hears(mary)" in Path("b.html").read_text(encoding="utf-8")


def test_a_file_that_asks_nothing_has_its_predicates() -> None:
    assert titles(nesy("silent.nesy", "-o", "s.html", "--json")) == ["Predicates"]


def test_circuits_of_other_files() -> None:
    assert titles(nesy("f.cnf", "-o", "f.html", "--json")) == ["Circuit"]
    CliRunner().invoke(app, ["compile", "burglary.nesy", "--out", "b.nesyc"])
    assert titles(nesy("b.nesyc", "-o", "b.svg", "--json")) == ["Circuit"]
    assert "alarm=true" in Path("b.svg").read_text(encoding="utf-8")


def test_training_runs() -> None:
    assert titles(nesy("run", "-o", "r.svg", "--json")) == ["Training"]
    assert titles(nesy("run/log.csv", "-o", "r.html", "--json")) == ["Training"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["malformed.nesy", "-o", "a.svg"], None),
        (["nothing.nesy", "-o", "a.svg"], "file-not-found"),
        (["contradiction.nesy", "-o", "a.html"], "inconsistent-evidence"),
        (["burglary.nesy", "-o", "a.html", "-q", "alarms"], "unknown-predicate"),
        (["burglary.nesy", "-o", "nowhere/a.svg"], "file-not-writable"),
        (["burglary.nesy", "-o", "a.svg", "-w", "ground", "-w", "circuit"], "several-pictures"),
        (["nothing.csv", "-o", "a.svg"], "file-not-found"),
        (["nothing.toml", "-o", "a.svg"], "file-not-found"),
    ],
)
def test_mistakes(arguments: list[str], code: str | None) -> None:
    result = nesy(*arguments, "--json")
    assert (result.exit_code, result.stderr) == (1, "")
    assert code in (None, json.loads(result.stdout)["error"]["code"])
    assert not list(Path().glob("a.*"))
    assert nesy(*arguments).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["burglary.nesy", "-o", "a.png"], ".svg or .html"),
        (["burglary.nesy", "-o", "a.svg", "-w", "curves"], "predicates, ground, circuit"),
        (["f.cnf", "-o", "a.svg", "-w", "ground"], "circuit"),
        (["run", "-o", "a.svg", "-q", "alarm"], "only rule files"),
        (["burglary.nesy"], "--out"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str) -> None:
    result = nesy(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
