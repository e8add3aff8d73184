"""What the page about pictures shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import nesy
from nesy import viz
from nesy.cli.main import app
from nesy.cli.viz.options import What
from tests.unit.pages import ROOT, mistakes, page, raised_in

PAGE = page("pictures")
(RULES,) = re.findall(r"```prolog\n(.*?)```", PAGE, re.DOTALL)
(CONSOLE,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("calls.nesy").write_text(RULES)


def test_the_commands_print_what_is_shown() -> None:
    for command, expected in re.findall(r"\$ nesy (.*)\n((?:[^$].*\n)*)", CONSOLE):
        result = CliRunner().invoke(app, command.split())
        assert (result.exit_code, result.stdout) == (0, expected)


def test_the_picture_is_the_one_drawn() -> None:
    """`nesy viz calls.nesy --what ground --out docs/pictures/ground.svg` renews it."""
    drawn = viz.ground(nesy.load("calls.nesy")).svg()
    assert drawn == (ROOT / "docs" / "pictures" / "ground.svg").read_text(encoding="utf-8")


def test_the_code_runs() -> None:
    names: dict[str, object] = {}
    for code in PYTHON:
        exec(code, names)
    assert "uniform" not in Path("example.html").read_text(encoding="utf-8")
    assert Path("alarm.svg").exists()
    assert "<title>Calls</title>" in Path("all.html").read_text(encoding="utf-8")


def test_what_is_said_of_the_example() -> None:
    nodes = {node.label: node for node in viz.ground(nesy.load("calls.nesy")).nodes}
    assert nodes["hears(john)"].derivatives == (pytest.approx(1.0),)


def test_every_picture_is_in_the_table() -> None:
    assert {what.value for what in What} == set(re.findall(r"^\|[^|]*\| `(\w+)` \|", PAGE, re.MULTILINE))


def test_mistakes_are_those_raised() -> None:
    assert mistakes(PAGE) == raised_in("nesy/viz") | {"file-not-writable", "unknown-predicate"}
