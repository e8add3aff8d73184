"""What a user allows the rules of a file to reach and to spend, as options of the commands that read them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

import typer

ALLOW_FILE = typer.Option(
    "--allow-file",
    help="A file, or a folder, that the rules may read outside their own folder. May be repeated.",
    metavar="PATH",
)

BUDGET = typer.Option(
    "--budget", help="What grounding may spend: nodes=1e6,seconds=10,memory=2G.", metavar="LIMITS"
)

ALLOW_PYTHON = typer.Option("--allow-python", help="Let the rules run Python files of their folder.")


@final
@dataclass(frozen=True, slots=True)
class Permissions:
    """What the user allows: files and folders to read, and whether Python may run."""

    files: tuple[Path, ...] = ()
    python: bool = False


NOTHING = Permissions()
"""A rule file's own folder, and no code."""
