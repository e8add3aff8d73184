"""`nesy audit`: whether the labels of a task determine the concepts that its networks are to recognise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET
from nesy.cli.progress import working
from nesy.cli.reporting import as_json, fail, print_json
from nesy.errors import NesyError
from nesy.grounding.budget import Budget
from nesy.language import load

if TYPE_CHECKING:
    from nesy.engines.audit.report import Audit, Shortcut

UNDETERMINED = 3
"""The exit code where labels leave concepts open: no mistake, but nothing to build on either."""


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    query: Annotated[
        str, typer.Option("--query", "-q", help="What is asked, such as 'addition(a,b,S)'.", metavar="ATOM")
    ],
    output: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", help="A variable of it that is an output. May be repeated."),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option("--examples", help="CSV: a column for each input or output that is known."),
    ] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Say whether labels determine concepts, and where nothing can be learned. Exits 3 where they do not.

    Example: nesy audit rules.nesy --query "addition(a,b,S)" --output S --examples pairs.csv
    """
    # Whoever runs rules need not wait for solvers.
    from nesy.engines.audit import audit  # noqa: PLC0415

    try:
        limits = None if budget is None else Budget.parse(budget)
        with working(f"auditing {file}"):
            program = load(file, allow_files=allow_file or (), allow_python=allow_python)
            found = audit(program, query, output, labels=examples, budget=limits)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json(_document(found))
    else:
        typer.echo(str(found))
    if not found.determined:
        raise typer.Exit(UNDETERMINED)


def _document(found: Audit) -> dict[str, object]:
    return {
        "determined": found.determined,
        # All digits, as text: JSON's own numbers lose them.
        "wrong_maps": found.digits,
        "guarantee": found.guarantee,
        "concepts": found.concepts,
        "outputs": found.outputs,
        "read_as": found.read_as,
        "unseen": found.unseen,
        "shortcut": None if found.shortcut is None else _shortcut(found.shortcut),
        "findings": [as_json(finding) for finding in found.findings],
    }


def _shortcut(shortcut: Shortcut) -> dict[str, object]:
    example = shortcut.survives
    return {
        "changed": shortcut.changed,
        "fewest": shortcut.fewest,
        "example": {"true": example.true, "read": example.read, "outputs": example.outputs},
    }
