"""`nesy solve`: what is possible by a rule file, what follows from it, what is best, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET, Permissions
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.cli.solve import options as says
from nesy.cli.solve.options import About, Method, SolveOptions, TaskName, solve_options
from nesy.errors import NesyError
from nesy.grounding.budget import Budget
from nesy.language import load

Texts = list[str] | None


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    models: Annotated[int | None, says.MODELS] = None,
    project: Annotated[Texts, says.PROJECT] = None,
    given: Annotated[Texts, says.GIVEN] = None,
    given_not: Annotated[Texts, says.GIVEN_NOT] = None,
    entails: Annotated[str | None, says.ENTAILS] = None,
    explain: Annotated[str | None, says.EXPLAIN] = None,
    repair: Annotated[bool, says.REPAIR] = False,
    maximise: Annotated[str | None, says.MAXIMISE] = None,
    minimise: Annotated[str | None, says.MINIMISE] = None,
    seconds: Annotated[float | None, says.SECONDS] = None,
    count: Annotated[Method | None, says.COUNT] = None,
    limit: Annotated[int | None, says.LIMIT] = None,
    minimal: Annotated[bool, says.MINIMAL] = False,
    among: Annotated[Texts, says.AMONG] = None,
    background: Annotated[Texts, says.BACKGROUND] = None,
    proof: Annotated[Path | None, says.PROOF] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print a possible world, or why there is none; or what another option asks.

    What probabilities are does not matter, but that they are not 0; networks may say anything.
    Whatever the answer, the exit code is 0: that rules are unsatisfiable is an answer.

    Example: nesy solve burglary.nesy --given alarm --explain burglary
    """
    asked = {
        TaskName.MODELS: models,
        TaskName.ENTAILS: entails,
        TaskName.EXPLAIN: explain,
        TaskName.REPAIR: repair or None,
        TaskName.MAXIMISE: maximise,
        TaskName.MINIMISE: minimise,
        TaskName.COUNT: None if count is None else count.value,
    }
    about = About(tuple(project or ()), tuple(given or ()), tuple(given_not or ()))
    parts = (tuple(among) if among else None), tuple(background or ())
    options = solve_options(
        asked, about, parts, limit=limit, smallest=not minimal, proof=proof, seconds=seconds
    )
    _answer(file, options, budget, Permissions(tuple(allow_file or ()), allow_python), machine=machine)


def _answer(
    file: Path, options: SolveOptions, budget: str | None, allowed: Permissions, *, machine: bool
) -> None:
    # Whoever asks for help need not wait for the solver.
    from nesy.cli.solve.answers import Answering  # noqa: PLC0415

    try:
        limits = None if budget is None else Budget.parse(budget)
        with working(f"solving {file}"):
            program = load(file, allow_files=allowed.files, allow_python=allowed.python)
            reply = Answering(program, options, limits).reply()
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json(reply.fields)
    else:
        typer.echo("\n".join(reply.lines))
