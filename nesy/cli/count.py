"""`nesy count`: the number of models of clauses, weighted where they have weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.errors import NesyError
from nesy.language.checked import read_text

if TYPE_CHECKING:
    from fractions import Fraction


def command(
    file: Annotated[Path, typer.Argument(help="Clauses in DIMACS CNF, weighted or not.", metavar="FILE")],
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print the number of models, exactly; with weights their sum, computed exactly and shown to 17 digits.

    Example: nesy count formula.cnf
    """
    # Whoever runs rules need not wait for what counts clauses.
    from nesy.compile.counting import count_models  # noqa: PLC0415
    from nesy.logic.weighted_cnf import read_cnf  # noqa: PLC0415

    try:
        with working("counting"):
            cnf = read_cnf(read_text(file), str(file))
            count = count_models(cnf)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"count": _shown(count), "weighted": bool(cnf.weights), "variables": cnf.variables})
    else:
        typer.echo(_shown(count))


def _shown(count: Fraction) -> str:
    """All digits of a whole number; others rounded to 17. Text, for JSON's own numbers lose digits."""
    from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal  # noqa: PLC0415

    if count.denominator == 1:
        return format(Decimal(count.numerator), "f")
    # Counts may lie far beyond the range of floating point.
    digits = Context(prec=17, Emax=MAX_EMAX, Emin=MIN_EMIN)
    return str(digits.divide(Decimal(count.numerator), Decimal(count.denominator)))
