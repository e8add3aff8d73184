"""`nesy explain`: why an atom has the probability it has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.cli.solve import options as says
from nesy.errors import NesyError
from nesy.grounding.budget import Budget
from nesy.language import load

Texts = list[str] | None
PROOFS = 3


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    atom: Annotated[str, typer.Argument(help="The atom, or \\+ and an atom.", metavar="ATOM")],
    proofs: Annotated[
        int, typer.Option("--proofs", "-k", help="How many proofs to show.", min=1, metavar="K")
    ] = PROOFS,
    given: Annotated[Texts, says.GIVEN] = None,
    given_not: Annotated[Texts, says.GIVEN_NOT] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print why an atom is as probable as it is: its proofs, what matters, and what would change it.

    Its most probable proofs are shown in the words of the rules, with their places. For each choice that
    matters: how the answer moves with its probability, and what it would be were it certain or impossible.

    Example: nesy explain burglary.nesy burglary --given alarm
    """
    about = says.About((), tuple(given or ()), tuple(given_not or ()))
    says.require_no_contradiction(about)
    # Whoever asks for help need not wait for what answers.
    from nesy.engines.explaining import explain_probability  # noqa: PLC0415
    from nesy.engines.explaining.fields import fields  # noqa: PLC0415

    try:
        limits = None if budget is None else Budget.parse(budget)
        with working(f"explaining {atom}"):
            program = load(file, allow_files=allow_file or (), allow_python=allow_python)
            found = explain_probability(program, atom, given=about.observations, proofs=proofs, budget=limits)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json(fields(found))
    else:
        typer.echo(str(found))
