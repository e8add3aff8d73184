"""`nesy repl`: statements and questions, typed in one after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.completions import engines
from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, Permissions
from nesy.cli.reporting import FAILED, fail
from nesy.errors import NesyError
from nesy.version import __version__

if TYPE_CHECKING:
    from nesy.cli.repl.session import Session

GREETING = "nesy {version}: statements end with a full stop, ?- asks, :help says more, :quit leaves"


def command(
    file: Annotated[Path | None, typer.Argument(help="A rule file to begin with.", metavar="[FILE]")] = None,
    engine: Annotated[
        str, typer.Option("--engine", "-e", help="What answers.", metavar="NAME", autocompletion=engines)
    ] = "exact",
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Enter statements and ask questions. From a pipe: no prompts, and exit 1 if something was wrong.

    Example: nesy repl burglary.nesy
    """
    # Whoever runs another command needs none of this.
    from nesy.cli.repl.console import Console  # noqa: PLC0415
    from nesy.cli.repl.session import Session  # noqa: PLC0415
    from nesy.cli.repl.taking import take  # noqa: PLC0415
    from nesy.engines.registry import resolve  # noqa: PLC0415

    console = Console(Session(Permissions(tuple(allow_file or ()), allow_python)), engine)
    person = sys.stdin.isatty()
    try:
        if engine != "exact":
            resolve(engine)
        if person:
            console.say(GREETING.format(version=__version__))
        if file is not None:
            console.load(file, quiet=not person)
    except NesyError as error:
        fail(error, machine=False)
    for text in _typed(console.session) if person else _piped():
        take(console, text)
        if console.ended:
            break
    if console.failed and not person:
        raise typer.Exit(FAILED)


def _typed(session: Session) -> Iterator[str]:
    """What a person types, who has a history and completion."""
    from nesy.cli.repl.prompting import history_path, prompted  # noqa: PLC0415

    return prompted(session, history_path())


def _piped() -> Iterator[str]:
    from nesy.cli.repl.reading import inputs_of  # noqa: PLC0415

    return inputs_of(sys.stdin)
