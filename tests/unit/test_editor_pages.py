"""The pages about editors and the conversation: what they show is what happens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

import nesy
from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.hover import hover
from nesy.cli.main import app
from nesy.cli.repl.commands import COMMANDS
from nesy.cli.repl.console import Console
from nesy.cli.repl.session import Session
from nesy.cli.repl.taking import take
from tests.unit.pages import ROOT, mistakes, page, raised_in

REPL, EDITOR = page("repl"), page("editor")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def turns(transcript: str) -> Iterator[tuple[str, str]]:
    """What is typed after each prompt, and what is printed then."""
    for turn in re.split(r"^nesy> ", transcript, flags=re.MULTILINE)[1:]:
        lines = turn.splitlines()
        typed = [lines.pop(0)]
        while lines and lines[0].startswith("....> "):
            typed.append(lines.pop(0).removeprefix("....> "))
        yield "\n".join(typed), "\n".join(lines)


def test_the_conversation_goes_as_the_page_shows() -> None:
    printed: list[str] = []
    console = Console(Session(), out=printed.append, messages=printed.append)
    found = list(turns(blocks(REPL, "text")[0]))
    assert len(found) > 8
    for typed, expected in found:
        printed.clear()
        take(console, typed)
        assert "\n".join(printed) == expected


def test_the_pipe_gives_what_the_page_shows() -> None:
    first, expected = blocks(REPL, "text")[1].splitlines()
    given = re.fullmatch(r"\$ echo '(.*)' \| nesy repl", first)
    assert given is not None
    result = CliRunner().invoke(app, ["repl"], input=given[1] + "\n")
    assert (result.exit_code, result.stdout) == (0, expected + "\n")


def test_every_command_stands_on_the_page() -> None:
    for command in COMMANDS:
        assert f"`{f'{command.name} {command.argument}'.strip()}`" in REPL


def test_every_code_stands_on_the_pages() -> None:
    raised = raised_in("nesy/cli/repl") | raised_in("nesy/cli/new_project")
    errors = page("errors")
    assert {"unknown-command", "folder-exists"} <= raised
    assert {code for code in raised | mistakes(REPL) if f"`{code}`" not in errors} == set()


def test_comments_above_clauses_are_documentation() -> None:
    (rules,) = blocks(EDITOR, "prolog")
    assert nesy.check(rules) == ()
    shown = hover(Analysis(rules), rules.index("way(a, c)"))
    assert shown is not None
    assert "\n\nway(X, Y): one gets from X to Y, over any number of roads.\n\n" in shown.text
    shown = hover(Analysis(rules), rules.index("road(X, Y)"))
    assert shown is not None
    assert "roads may be closed" in shown.text


def test_settings_of_vs_code_are_those_of_the_extension() -> None:
    package = json.loads((ROOT / "grammar" / "vscode" / "package.json").read_text())
    (settings,) = map(json.loads, blocks(EDITOR, "json"))
    known = package["contributes"]["configuration"]["properties"].keys() | {"files.associations"}
    assert settings.keys() <= known
    snippets = json.loads((ROOT / "grammar" / "vscode" / "snippets.json").read_text())
    (listed,) = re.findall(r"snippets \((.*?), \.\.\.\)", EDITOR)
    assert set(re.findall(r"`(\w+)`", listed)) <= {snippet["prefix"] for snippet in snippets.values()}


def test_options_on_the_pages_are_those_of_the_commands() -> None:
    for text, command in ((EDITOR, "lsp"), (REPL, "repl")):
        shown = CliRunner().invoke(app, [command, "--help"]).stdout
        for option in re.findall(r"--allow-\w+", text):
            assert option in shown


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    words = {"COMP_WORDS": "nesy re", "COMP_CWORD": "1", "_TYPER_COMPLETE_ARGS": "nesy re"}
    words |= {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    result = CliRunner().invoke(app, env={"_NESY_COMPLETE": f"complete_{shell}", **words}, prog_name="nesy")
    assert "repl" in result.stdout
    assert "train" not in result.stdout
    for option in ("--install-completion", "--show-completion"):
        assert option in EDITOR
        assert option in CliRunner().invoke(app, ["--help"]).stdout
