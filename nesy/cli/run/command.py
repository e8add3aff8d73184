"""`nesy run`: the probability of each query of a rule file, or another task on it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.answers import shown
from nesy.cli.completions import engines
from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, BUDGET
from nesy.cli.progress import working
from nesy.cli.reporting import fail, print_json
from nesy.cli.run.algebra_options import ALGEBRA, check_algebra_options
from nesy.cli.run.task_options import SAMPLES, SEED, TASK, K, Task, task_options
from nesy.engines.solve import Answer, solve
from nesy.errors import NesyError
from nesy.grounding.budget import Budget
from nesy.language import load


def command(  # noqa: PLR0913, PLR0917 - one for each option
    file: Annotated[Path, typer.Argument(help="The rule file.", metavar="FILE")],
    engine: Annotated[
        str,
        typer.Option(
            "--engine",
            "-e",
            help="exact, auto, topk, sampling, sat or another.",
            metavar="NAME",
            autocompletion=engines,
        ),
    ] = "exact",
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    budget: Annotated[str | None, BUDGET] = None,
    task: Annotated[Task | None, TASK] = None,
    samples: Annotated[int | None, SAMPLES] = None,
    seed: Annotated[int | None, SEED] = None,
    k: Annotated[int | None, K] = None,
    algebra: Annotated[str | None, ALGEBRA] = None,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print one line per query: the atom and its probability; or what another task gives.

    Example: nesy run burglary.nesy --task topk --k 3
    """
    check_algebra_options(algebra, engine, task)
    options = task_options(task, engine, samples=samples, seed=seed, k=k)
    try:
        limits = None if budget is None else Budget.parse(budget)
        with working(f"reading {file}"):
            program = load(file, allow_files=allow_file or (), allow_python=allow_python)
        if algebra is not None:
            from nesy.cli.run.algebra_values import print_values  # noqa: PLC0415 - as the tasks below

            print_values(program, algebra, limits, machine=machine)
            return
        if options is not None:
            # Whoever asks for probabilities need not wait for the other tasks.
            from nesy.cli.run.tasks import run_task  # noqa: PLC0415

            run_task(program, options, limits, machine=machine)
            return
        with working("answering"):
            solution = solve(program, engine, budget=limits)
    except NesyError as error:
        fail(error, machine=machine)
    if machine:
        print_json({"queries": [_entry(atom, answer) for atom, answer in solution.items()]})
    else:
        for atom, answer in solution.items():
            typer.echo(f"{atom}: {shown(answer)}")


def _entry(atom: str, answer: Answer) -> dict[str, object]:
    entry: dict[str, object] = {
        "atom": atom,
        "probability": answer.probability,
        "guarantee": answer.guarantee.value,
    }
    if answer.standard_error is not None:
        entry["standard_error"] = answer.standard_error
    return entry
