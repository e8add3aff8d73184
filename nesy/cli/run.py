"""`nesy run`: the probability of each query of a rule file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.reporting import fail, print_json
from nesy.engines.solve import Answer, solve
from nesy.errors import NesyError
from nesy.language import load


def command(
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    engine: Annotated[
        str, typer.Option("--engine", "-e", help="exact, sampling or sat.", metavar="NAME")
    ] = "exact",
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print one line per query: the atom and its probability.

    Example: nesy run burglary.nesy
    """
    try:
        solution = solve(load(file), engine)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"queries": [_entry(atom, answer) for atom, answer in solution.items()]})
    else:
        for atom, answer in solution.items():
            typer.echo(f"{atom}: {_shown(answer)}")


def _entry(atom: str, answer: Answer) -> dict[str, object]:
    entry: dict[str, object] = {
        "atom": atom,
        "probability": answer.probability,
        "guarantee": answer.guarantee.value,
    }
    if answer.standard_error is not None:
        entry["standard_error"] = answer.standard_error
    return entry


def _shown(answer: Answer) -> str:
    """The probability; what is not exact says so."""
    match answer.guarantee.value:
        case "exact":
            return f"{answer.probability:.10g}"
        case "estimate":
            return f"{answer.probability:.10g} (estimate, standard error {answer.standard_error:.2g})"
        case bound:
            return f"{answer.probability:.10g} ({bound})"
