"""The page of the training command: its configuration is the example's, and what it shows is what happens."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nesy.cli.main import app
from nesy.nn.training import Examples
from tests.unit.pages import raised_in

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "training_command.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "train_addition"
MODULES = ("data", "networks")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, as the folder one is in; its modules have plain names."""
    found = tmp_path / "train_addition"
    shutil.copytree(EXAMPLE, found, ignore=shutil.ignore_patterns("run", "__pycache__"))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.chdir(found)
    return found


@pytest.fixture(autouse=True)
def forgotten() -> object:
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_configuration_is_the_examples() -> None:
    assert blocks("toml") == [(EXAMPLE / "config.toml").read_text(encoding="utf-8")]


def test_the_commands_give_what_the_page_shows(folder: Path) -> None:
    commands, shown, _ = blocks("text")
    printed = []
    for line in commands.splitlines():
        result = CliRunner().invoke(app, line.split()[1:])
        assert result.exit_code == 0, result.output
        printed.append(result.stdout)
    expected = dict(line.split(": ") for line in shown.splitlines()[1:])
    found = dict(line.split(": ") for line in printed[1].splitlines())
    assert found.keys() == expected.keys()
    assert found["checkpoint"] == expected["checkpoint"]
    assert found["examples"] == expected["examples"]
    assert float(found["accuracy"]) == pytest.approx(float(expected["accuracy"]), abs=0.05)
    assert float(found["concept accuracy"]) > 0.9
    with open("predictions.csv", newline="") as file:
        assert next(csv.reader(file)) == ["example", "addition(a,b)", "P(addition(a,b))"]
    left = {path.name for path in (folder / "run").iterdir()}
    assert left == {"log.csv", "learning_curve.png", "checkpoints"}


def test_the_library_gives_what_the_page_shows(folder: Path) -> None:
    names: dict[str, object] = {}
    *definitions, code = blocks("python")
    for definition in definitions:
        exec(definition, names)
    points = names["points"](10)  # type: ignore[operator]
    assert all(isinstance(part, Examples) and len(part) == 10 for part in points.values())
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    assert printed.getvalue() == blocks("text")[-1]


def test_every_code_that_training_raises_stands_on_the_pages() -> None:
    raised = raised_in("nesy/nn/training") | {"unknown-key", "corrupt-checkpoint", "diverged", "wrong-data"}
    assert len(raised) > 25
    errors = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", PAGE.partition("## Mistakes")[2]))
    assert raised - {"file-not-found"} == listed
    assert {code for code in listed if f"`{code}`" not in errors} == set()
