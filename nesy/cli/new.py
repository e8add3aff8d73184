"""`nesy new`: a project that trains at once, as a place to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.new_project import create
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError


def command(
    name: Annotated[Path, typer.Argument(help="The project, and the folder to make.", metavar="NAME")],
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Write a working project: rules, network, data, configuration, test, README.

    Example: nesy new digit_sums
    """
    try:
        files = create(name)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"folder": str(name), "files": list(files)})
        return
    typer.echo(f"{name}: {', '.join(files)}")
    typer.echo("next:")
    typer.echo(f"  cd {name}")
    typer.echo("  nesy train config.toml")
