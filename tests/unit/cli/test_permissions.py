"""What rules may reach is said on the command line, to `run` and `check` alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nesy.cli.main import app

RULES = ":- use_module('code.py').\nq(Y) :- double(4, Y).\nquery(q(_)).\n"
CODE = 'import nesy\n\n@nesy.foreign("+int", "-int")\ndef double(x):\n    return 2 * x\n'


@pytest.mark.parametrize("command", ["run", "check"])
def test_python_runs_on_the_users_word_alone(tmp_path: Path, command: str) -> None:
    (tmp_path / "main.nesy").write_text(RULES)
    (tmp_path / "code.py").write_text(CODE)
    refused = CliRunner().invoke(app, [command, str(tmp_path / "main.nesy")])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("error[python-not-allowed]: ")
    allowed = CliRunner().invoke(app, [command, str(tmp_path / "main.nesy"), "--allow-python"])
    assert allowed.exit_code == 0
    if command == "run":
        assert allowed.stdout == "q(8): 1\n"


@pytest.mark.parametrize("command", ["run", "check"])
def test_files_outside_are_read_on_the_users_word_alone(tmp_path: Path, command: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "main.nesy").write_text(":- consult('../other.pl').\nquery(p).\n")
    (tmp_path / "other.pl").write_text("0.5::p.\n")
    arguments = [command, str(tmp_path / "in" / "main.nesy"), "--json"]
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    found = json.loads(refused.stdout)
    assert (found.get("error") or found["diagnostics"][0])["code"] == "file-outside-folder"
    assert CliRunner().invoke(app, [*arguments, "--allow-file", str(tmp_path / "other.pl")]).exit_code == 0
