"""The help of every subcommand, as the command itself prints it, where a page says `<!-- commands -->`."""

from __future__ import annotations

import re

from typer.main import get_command
from typer.testing import CliRunner

from nesy.cli.main import app

MARKER = re.compile(r"^<!-- commands -->$", re.MULTILINE)
WIDTH = 100


def names() -> list[str]:
    """The subcommands of `nesy`, in the order of its help."""
    return list(getattr(get_command(app), "commands", ()))


def with_commands(markdown: str) -> str:
    """A page with a heading and the help of each subcommand in the marker's place."""
    return MARKER.sub(lambda _: "\n\n".join(map(_shown, names())), markdown)


def _shown(name: str) -> str:
    said = CliRunner().invoke(app, [name, "--help"], prog_name="nesy", terminal_width=WIDTH).output
    return f"## nesy {name}\n\n```text\n{said.strip()}\n```"
