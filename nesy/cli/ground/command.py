"""`nesy ground`: the ground instances of a file's clauses that its queries depend on."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.engines.solve import probabilities
from nesy.errors import NesyError
from nesy.grounding import ground_rules
from nesy.grounding.budget import Budget
from nesy.grounding.queries import with_queries
from nesy.language import load


def command(
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    query: Annotated[
        list[str] | None,
        typer.Option(
            "--query", "-q", help="Ask this in place of the file's queries. May be repeated.", metavar="ATOM"
        ),
    ] = None,
    stats: Annotated[bool, typer.Option("--stats", help="Print sizes in place of the program.")] = False,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print the ground program: clauses without variables, as a rule file with the same answers.

    Example: nesy ground burglary.nesy --query alarm
    """
    # Whoever runs rules need not wait for what writes them.
    from nesy.cli.ground.statements import entries  # noqa: PLC0415
    from nesy.grounding.written import sizes_of, written  # noqa: PLC0415
    from nesy.language.printer import program_text  # noqa: PLC0415

    try:
        limits = None if budget is None else Budget.parse(budget)
        program = load(file, allow_files=allow_file or (), allow_python=allow_python)
        with working(f"grounding {file}"):
            rules = ground_rules(with_queries(program, query or ()), evaluate=probabilities, budget=limits)
            sizes = asdict(sizes_of(rules))
            ground = None if stats else written(rules)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"sizes": sizes, **({} if ground is None else {"statements": entries(ground)})})
    elif ground is None:
        typer.echo("\n".join(f"{name}: {size:,}" for name, size in sizes.items()))
    else:
        typer.echo(program_text(ground), nl=False)
