"""What the tutorial tells to type does what it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nesy.cli.main import app
from tests.unit.pages import page, printing_about

PAGE = page("tutorial")
PYTHON = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, flags=re.DOTALL)
LEARNED = "sums right on unseen images"


def steps() -> Iterator[tuple[str, str]]:
    """What is written to the file and what is typed, in order."""
    yield from re.findall(r"```(prolog|console)\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_commands_print_what_stands_below_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rules = Path("alarm.nesy")
    typed = 0
    for kind, text in steps():
        if kind == "prolog":
            rules.write_text((rules.read_text() if rules.exists() else "") + text)
            continue
        command, _, expected = text.partition("\n")
        if " check " in command:
            rules.write_text(rules.read_text().replace("alarm, hears(X)", "alarm, hear(X)"))
        result = CliRunner().invoke(app, shlex.split(command.removeprefix("$ nesy ")))
        assert result.output == expected
        typed += 1
    assert typed == 3


@pytest.mark.usefixtures("one_thread")
def test_the_code_prints_about_what_stands_below_it() -> None:
    names: dict[str, object] = {}
    for code, shown in PYTHON:
        printing_about(code, shown, names, within=6.0 if LEARNED in shown else 0.0)
    assert len(PYTHON) > 8
    assert sum(LEARNED in shown for _, shown in PYTHON) == 1
