"""The `nesy` command: its subcommands, and what a user's mistake becomes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nesy.cli import audit, bench, count, explain, fmt, lsp, new, predict, train
from nesy.cli import eval as evaluating
from nesy.cli.check import command as check
from nesy.cli.compile import command as compiling
from nesy.cli.doctor import command as doctor
from nesy.cli.ground import command as ground
from nesy.cli.repl import command as conversation
from nesy.cli.run import command as run
from nesy.cli.solve import command as solve
from nesy.cli.viz import command as viz
from nesy.version import __version__

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    name="nesy",
    help="Neurosymbolic reasoning: check and run rule files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)
app.command("run")(run.command)
app.command("solve")(solve.command)
app.command("explain")(explain.command)
app.command("check")(check.command)
app.command("fmt")(fmt.command)
app.command("ground")(ground.command)
app.command("compile")(compiling.command)
app.command("count")(count.command)
app.command("doctor")(doctor.command)
app.command("audit")(audit.command)
app.command("train")(train.command)
app.command("eval")(evaluating.command)
app.command("predict")(predict.command)
app.command("new")(new.command)
app.command("bench")(bench.command)
app.command("viz")(viz.command)
app.command("lsp")(lsp.command)
app.command("repl")(conversation.command)


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
    try:
        app()
    except KeyboardInterrupt:
        # One that comes while the command is about to begin or has ended; others end it with the same code.
        sys.exit(INTERRUPTED)
