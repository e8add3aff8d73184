"""`nesy check`: every problem of a rule file, without running it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.reporting import FAILED, as_json, fail, print_json
from nesy.errors import NesyError
from nesy.language import check
from nesy.language.checked import read_text


def command(
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print every error and warning of a file; exit 1 if there are errors.

    Example: nesy check burglary.nesy
    """
    try:
        text = read_text(file)
    except NesyError as error:
        fail(error, machine=machine)
    found = check(text, str(file))
    if machine:
        print_json({"diagnostics": [as_json(d) for d in found]})
    elif found:
        typer.echo("\n\n".join(d.render() for d in found), err=True)
    else:
        typer.echo(f"{file}: no problems found")
    if any(d.severity == "error" for d in found):
        raise typer.Exit(FAILED)
