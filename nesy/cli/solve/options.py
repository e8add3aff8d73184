"""The options of `nesy solve`, and which of them go together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Union, final

import typer


class TaskName(str, Enum):
    """What `nesy solve` is asked, by the option that asks it."""

    MODELS = "models"
    ENTAILS = "entails"
    EXPLAIN = "explain"
    REPAIR = "repair"
    MAXIMISE = "maximise"
    MINIMISE = "minimise"
    COUNT = "count"


class Method(str, Enum):
    """What `--count` takes."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    AUTO = "auto"


REPAIRS_LISTED = 10
"""How many repairs are listed where nothing is said."""

MODELS: Any = typer.Option("--models", help="List so many worlds; 0 for all.", min=0, metavar="K")
PROJECT: Any = typer.Option(
    "--project",
    help="An atom or predicate that worlds show; those that agree on it are listed once.",
    metavar="P/N",
)
GIVEN: Any = typer.Option("--given", help="An atom that is known to hold.", metavar="ATOM")
GIVEN_NOT: Any = typer.Option("--given-not", help="An atom that is known not to hold.", metavar="ATOM")
ENTAILS: Any = typer.Option("--entails", help="Whether an atom holds in every world.", metavar="ATOM")
EXPLAIN: Any = typer.Option("--explain", help="Why an atom must hold, or cannot.", metavar="ATOM")
REPAIR: Any = typer.Option("--repair", help="What to leave out, so that there is a world.")
MAXIMISE: Any = typer.Option(
    "--maximise",
    "--maximize",
    "--optimize",
    help="A world in which a sum of atoms is most: '2*a + C*buy(X, C)'.",
    metavar="SUM",
)
MINIMISE: Any = typer.Option("--minimise", "--minimize", help="The same, least.", metavar="SUM")
SECONDS: Any = typer.Option(
    "--seconds", help="What the search for the best may take; the best so far is given.", metavar="S"
)
COUNT: Any = typer.Option("--count", help="How many worlds: exact, approximate or auto.", metavar="METHOD")
LIMIT: Any = typer.Option(
    "--limit", help=f"Repairs to list; {REPAIRS_LISTED} by default.", min=1, metavar="K"
)
MINIMAL: Any = typer.Option(
    "--minimal", help="Explain by parts of which none can be spared, rather than by the fewest."
)
AMONG: Any = typer.Option(
    "--among",
    help="A kind of parts in question: rule, fact, choice, constraint, observation.",
    metavar="KIND",
)
BACKGROUND: Any = typer.Option(
    "--background", help="A predicate whose clauses are not in question.", metavar="P/N"
)
PROOF: Any = typer.Option(
    "--proof", help="Write a DRUP proof to FILE, and its clauses to FILE.cnf.", metavar="FILE"
)

Argument = Union[str, int, bool]


@final
@dataclass(frozen=True, slots=True)
class About:
    """What worlds are to show, and what is known of them."""

    project: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    given_not: tuple[str, ...] = ()

    @property
    def observations(self) -> dict[str, bool]:
        """The atoms that are given."""
        return {**dict.fromkeys(self.given, True), **dict.fromkeys(self.given_not, False)}


@final
@dataclass(frozen=True, slots=True)
class SolveOptions:
    """One task, its argument, and what goes with it."""

    task: TaskName
    argument: Argument
    about: About
    among: tuple[str, ...] | None = None
    background: tuple[str, ...] = ()
    limit: int = REPAIRS_LISTED
    smallest: bool = True
    proof: Path | None = None
    seconds: float | None = None


def solve_options(
    asked: Mapping[TaskName, Argument | None],
    about: About,
    parts: tuple[tuple[str, ...] | None, tuple[str, ...]],
    *,
    limit: int | None,
    smallest: bool,
    proof: Path | None,
    seconds: float | None,
) -> SolveOptions:
    """What was asked for; a single world by default. Raises `typer.BadParameter` for what does not fit."""
    wanted = {task: argument for task, argument in asked.items() if argument is not None}
    task, argument = next(iter(wanted.items()), (TaskName.MODELS, 1))
    _require(f"--{task.value}", len(wanted) < 2, f"goes without --{'/--'.join(t.value for t in wanted)}")
    shown = task in (TaskName.MODELS, TaskName.COUNT)
    _require("--project", shown or not about.project, "goes with --models and --count")
    _require("--limit", limit is None or task is TaskName.REPAIR, "goes with --repair")
    proved = task in (TaskName.MODELS, TaskName.ENTAILS)
    _require("--proof", proof is None or proved, "goes with --entails, or with no other task")
    sought = task in (TaskName.MAXIMISE, TaskName.MINIMISE)
    _require("--seconds", seconds is None or sought, "goes with --maximise and --minimise")
    require_no_contradiction(about)
    among, background = parts
    return SolveOptions(
        task, argument, about, among, background, limit or REPAIRS_LISTED, smallest, proof, seconds
    )


def require_no_contradiction(about: About) -> None:
    """Refuse atoms that are given to hold and not to. Raises `typer.BadParameter`."""
    both = set(about.given) & set(about.given_not)
    _require("--given-not", not both, f"{', '.join(sorted(both))} is given to hold as well")


def _require(option: str, holds: bool, message: str) -> None:
    if not holds:
        raise typer.BadParameter(message, param_hint=option)
