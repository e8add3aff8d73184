"""The `nesy` command: its subcommands, and what a user's mistake becomes."""

from __future__ import annotations

from typing import Annotated

import typer

from nesy.cli import check, run
from nesy.version import __version__

app = typer.Typer(
    name="nesy",
    help="Neurosymbolic reasoning: check and run rule files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)
app.command("run")(run.command)
app.command("check")(check.command)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nesy {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Options of the command itself."""


def main() -> None:
    """The entry point. Exit codes: 0 done, 1 a mistake in the input, 2 wrong usage, 130 interrupted."""
    app()
