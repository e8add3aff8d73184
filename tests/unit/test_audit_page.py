"""What the page about audits shows is what happens; its examples in Python are in `test_engine_pages.py`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nesy.cli.main import app
from tests.unit.pages import mistakes, page, raised_in

PAGE = page("audit")
COMMANDS = re.findall(r"^\$ nesy (.*)\n((?:[^$`].*\n)*)", PAGE, flags=re.MULTILINE)
FINDINGS = set(re.findall(r"^\| `([a-z-]+)` \| [^|]+ \|$", PAGE, flags=re.MULTILINE))


def test_the_command_prints_what_stands_below_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for language, name in (("prolog", "rules.nesy"), ("csv", "pairs.csv")):
        (text,) = re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)
        Path(name).write_text(text)
    assert len(COMMANDS) == 2
    codes = []
    for arguments, expected in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(arguments))
        assert (_settled(result.stdout), result.stderr) == (_settled(expected), "")
        codes.append(result.exit_code)
    assert codes == [3, 0]


def _settled(printed: str) -> list[str]:
    """The lines, but for which of several wrong maps is shown."""
    open_ones = ("one with the fewest changes:", "an example it survives:")
    return [next(filter(line.startswith, open_ones), line) for line in printed.splitlines()]


def test_no_code_stands_on_the_page_that_audits_do_not_raise() -> None:
    assert mistakes(PAGE) <= raised_in("nesy/engines/audit")


def test_every_finding_stands_on_the_page() -> None:
    written = {
        code
        for path in (Path(__file__).parents[2] / "nesy" / "engines" / "audit").glob("*.py")
        for code in re.findall(
            r'(?:_warning|Diagnostic|_about)\((?:reader, )?\s*"([a-z-]+)"', path.read_text(encoding="utf-8")
        )
    }
    assert written == FINDINGS
