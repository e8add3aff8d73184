"""`nesy viz`: pictures of rules, circuits, training and models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET, Permissions
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.cli.viz.options import What
from nesy.errors import NesyError
from nesy.grounding.budget import Budget

if TYPE_CHECKING:
    from nesy.viz import Picture

WRITTEN = (".svg", ".html")
"""Endings of what can be written."""


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[
        Path,
        typer.Argument(
            help="Rules; a circuit (.nesyc, .nnf, .sdd) or clauses (.cnf); the configuration of a training "
            "(.toml), its run folder or log.",
            metavar="FILE",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Ends in .svg or .html.", metavar="PATH")],
    what: Annotated[
        list[What] | None,
        typer.Option("--what", "-w", help="Which picture. May be repeated for a page."),
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(
            "--query", "-q", help="Ask this in place of the file's queries. May be repeated.", metavar="ATOM"
        ),
    ] = None,
    compiler: Annotated[
        str, typer.Option("--compiler", help="native, d4 or pysdd.", metavar="NAME")
    ] = "native",
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Draw predicates, ground rules and the circuit of a file, or the curves and mistakes of a training.

    Example: nesy viz burglary.nesy --out burglary.html
    """
    if out.suffix not in WRITTEN:
        raise typer.BadParameter(f"its name ends in {' or '.join(WRITTEN)}", param_hint="--out")
    # Whoever runs rules need not wait for what draws.
    from nesy.cli.viz.inputs import Asked, check_what, pictures  # noqa: PLC0415
    from nesy.viz import save  # noqa: PLC0415

    several = out.suffix == ".html"
    try:
        limits = None if budget is None else Budget.parse(budget)
        allowed = Permissions(tuple(allow_file or ()), allow_python)
        asked = Asked(what or (), query or (), compiler, limits, allowed, several)
        check_what(file, asked)
        with working(f"drawing {file}"):
            drawn = pictures(file, asked)
        save(out, drawn, title=file.name)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"file": str(out), "pictures": [_entry(picture) for picture in drawn]})
    else:
        for picture in drawn:
            typer.echo(f"{out}: {picture.title}: {picture.note}")


def _entry(picture: Picture) -> dict[str, object]:
    return {"title": picture.title, "note": picture.note, "nodes": len(picture.nodes)}
