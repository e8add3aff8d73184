"""`nesy fmt`: files in place, whole or not at all; standard input; --check and --diff."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nesy.cli.main import app

UGLY = "a:-b,c. % why\n"
NEAT = "a :- b, c.  % why\n"


def fmt(*arguments: str, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["fmt", *arguments], input=text)


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ugly.nesy").write_text(UGLY)
    Path("neat.nesy").write_text(NEAT)
    Path("bad.nesy").write_text("a b.\n")


def test_files_are_formatted_in_place() -> None:
    result = fmt("ugly.nesy", "neat.nesy")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "ugly.nesy: formatted\n")
    assert Path("ugly.nesy").read_text() == Path("neat.nesy").read_text() == NEAT
    assert sorted(p.name for p in Path().iterdir()) == ["bad.nesy", "neat.nesy", "ugly.nesy"]


def test_the_mode_is_kept() -> None:
    Path("ugly.nesy").chmod(0o640)
    fmt("ugly.nesy")
    assert stat.S_IMODE(Path("ugly.nesy").stat().st_mode) == 0o640


def test_a_link_stays_a_link() -> None:
    Path("link.nesy").symlink_to("ugly.nesy")
    fmt("link.nesy")
    assert Path("link.nesy").is_symlink()
    assert Path("ugly.nesy").read_text() == NEAT


def test_check_writes_nothing() -> None:
    result = fmt("--check", "ugly.nesy", "neat.nesy")
    assert (result.exit_code, result.stderr) == (1, "ugly.nesy: would be formatted\n")
    assert Path("ugly.nesy").read_text() == UGLY
    assert fmt("--check", "neat.nesy").exit_code == 0


def test_diff_shows_the_change_and_writes_nothing() -> None:
    result = fmt("--diff", "ugly.nesy")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == ["-a:-b,c. % why", "+a :- b, c.  % why"]
    assert Path("ugly.nesy").read_text() == UGLY
    assert fmt("--diff", "neat.nesy").stdout == ""
    assert fmt("--diff", "--check", "ugly.nesy").exit_code == 1


def test_standard_input() -> None:
    assert fmt("-", text=UGLY).stdout == NEAT
    result = fmt("--check", "-", text=UGLY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert fmt("-", text=b"\xff").exit_code == 1


def test_a_malformed_file_stays_and_others_are_formatted() -> None:
    result = fmt("bad.nesy", "ugly.nesy")
    assert result.exit_code == 1
    assert "bad.nesy:1:3" in result.stderr
    assert Path("bad.nesy").read_text() == "a b.\n"
    assert Path("ugly.nesy").read_text() == NEAT


def test_a_failed_write_leaves_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    result = fmt("ugly.nesy")
    assert result.exit_code == 1
    assert "file-not-writable" in result.stderr
    assert Path("ugly.nesy").read_text() == UGLY
    assert sorted(p.name for p in Path().iterdir()) == ["bad.nesy", "neat.nesy", "ugly.nesy"]


def test_a_missing_file() -> None:
    result = fmt("nothing.nesy")
    assert result.exit_code == 1
    assert "file-not-found" in result.stderr


def test_machines_are_told_of_each_file(tmp_path: Path) -> None:
    for name, text in {"laid.nesy": "a.\n", "loose.nesy": "a:-b .\nb.\n", "bad.nesy": "a :- \n"}.items():
        (tmp_path / name).write_text(text)
    names = [str(tmp_path / name) for name in ("laid.nesy", "loose.nesy", "bad.nesy", "absent.nesy")]
    result = CliRunner().invoke(app, ["fmt", "--check", "--json", *names])
    assert (result.exit_code, result.stderr) == (1, "")
    told = json.loads(result.stdout)["files"]
    assert [entry["file"] for entry in told] == names
    assert [entry["changed"] for entry in told] == [False, True, False, False]
    assert [bool(entry["errors"]) for entry in told] == [False, False, True, True]
    assert told[3]["errors"][0]["code"] == "file-not-found"
    typed = CliRunner().invoke(app, ["fmt", "--json", "-"], input="a:-b .\nb.\n")
    assert json.loads(typed.stdout)["files"] == [
        {"file": "<stdin>", "changed": True, "errors": [], "text": "a :- b.\nb.\n"}
    ]
