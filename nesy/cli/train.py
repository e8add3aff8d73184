"""`nesy train`: training from a configuration, and going on where a run was cut short."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError

INTERRUPTED = 130


def command(
    config: Annotated[Path, typer.Argument(help="The configuration, a TOML file.", metavar="CONFIG")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the newest checkpoint, if there is one.")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Remove what an earlier run has left, and start anew.")
    ] = False,
    machine: Annotated[
        bool, typer.Option("--json", help="Print JSON for machines, and epochs on standard error.")
    ] = False,
) -> None:
    """Train the networks of a configuration; write checkpoints, a log and a learning curve.

    Example: nesy train config.toml
    """
    if resume and restart:
        raise typer.BadParameter("--resume goes on with a run, --restart removes it: give one of them")
    # torch takes longer to load than most commands take.
    from nesy.nn.training import Interrupted, train, watcher_for  # noqa: PLC0415

    try:
        watcher = watcher_for(sys.stderr if machine else sys.stdout, sys.stderr)
        trained = train(config, resume=resume, restart=restart, watcher=watcher)
    except NesyError as error:
        fail(error, machine=machine)
    except Interrupted as stop:
        typer.echo(f"interrupted: the run is kept in `{stop.path}`", err=True)
        typer.echo(f"  to go on: nesy train {config} --resume", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if machine:
        print_json(
            {"checkpoint": str(trained.checkpoint), "epochs": [asdict(epoch) for epoch in trained.history]}
        )
    else:
        typer.echo(f"the checkpoint to use: {trained.checkpoint}")
