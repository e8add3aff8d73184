"""`nesy check`: every problem of rule files, and what they will cost, without running them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, Permissions
from nesy.cli.progress import working
from nesy.cli.reporting import FAILED, as_json, print_json
from nesy.errors import Diagnostic, NesyError
from nesy.language import check
from nesy.language.checked import read_text

Findings = list[tuple[Path, Diagnostic]]
T = TypeVar("T")


def command(  # noqa: PLR0913, PLR0917 - an option each
    files: Annotated[list[Path], typer.Argument(help="The rule files.", metavar="FILE...")],
    cost: Annotated[
        bool, typer.Option("--cost", help="Estimate how large the grounding of each file will be.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help='Say what answers for which outputs with engine "auto", and why.')
    ] = False,
    query: Annotated[
        str | None,
        typer.Option("--query", help="The template that --cost counts and --plan plans for.", metavar="ATOM"),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", help="The variable of --query that is the output.", metavar="VARIABLE"),
    ] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print every error and warning of some files; exit 1 if there are errors.

    Example: nesy check burglary.nesy
    """
    if query is not None and not (cost or plan):
        raise typer.BadParameter("it says what --cost and --plan are for", param_hint="--query")
    if output is not None and (query is None or not plan):
        raise typer.BadParameter("it is a variable of the --query that --plan is for", param_hint="--output")
    allowed = Permissions(tuple(allow_file or ()), allow_python)
    found = [(file, diagnostic) for file in files for diagnostic in _findings(file, allowed)]
    wrong = {file for file, diagnostic in found if diagnostic.severity == "error"}
    right = [f for f in dict.fromkeys(files) if f not in wrong]
    costs = _costs(right, query, allowed) if cost else _Figures()
    plans = _plans(right, query, output, allowed) if plan else _Figures()
    found += costs.found + plans.found
    if machine:
        figures = ({"cost": costs.entries} if cost else {}) | ({"plan": plans.entries} if plan else {})
        print_json({"diagnostics": [_entry(file, d) for file, d in found], **_counts(found), **figures})
    else:
        _show(found)
        for table in costs.tables + plans.tables:
            typer.echo(table + "\n")
        typer.echo(_summary(files, found), err=bool(found))
    if any(d.severity == "error" for _, d in found):
        raise typer.Exit(FAILED)


def _findings(file: Path, allowed: Permissions) -> tuple[Diagnostic, ...]:
    try:
        text = read_text(file)
        with working(f"checking {file}"):
            return check(text, str(file), base=file, allow_files=allowed.files, allow_python=allowed.python)
    except NesyError as error:
        return (error.diagnostic, *error.others)


@dataclass
class _Figures:
    """What has been worked out about some files, and what went wrong with them."""

    tables: list[str] = field(default_factory=list)
    entries: list[dict[str, object]] = field(default_factory=list)
    found: Findings = field(default_factory=list)


def _costs(files: list[Path], query: str | None, allowed: Permissions) -> _Figures:
    """The estimates of some files. Checking alone needs no grounder."""
    from nesy.cli.check import cost  # noqa: PLC0415

    return _figures(files, lambda f: cost.file_cost(f, query, allowed), cost.shown, cost.entry)


def _plans(files: list[Path], query: str | None, output: str | None, allowed: Permissions) -> _Figures:
    """What answers for the outputs of some files. Checking alone needs no engine."""
    from nesy.cli.check import plan  # noqa: PLC0415

    return _figures(files, lambda f: plan.file_plan(f, query, output, allowed), plan.shown, plan.entry)


def _figures(
    files: list[Path],
    work_out: Callable[[Path], T],
    shown: Callable[[Path, T], str],
    entry: Callable[[Path, T], dict[str, object]],
) -> _Figures:
    figures = _Figures()
    for file in files:
        try:
            with working(f"estimating {file}"):
                value = work_out(file)
        except NesyError as error:
            figures.found += [(file, d) for d in (error.diagnostic, *error.others)]
            continue
        figures.tables.append(shown(file, value))
        figures.entries.append(entry(file, value))
    return figures


def _show(found: Findings) -> None:
    for file, diagnostic in found:
        # What concerns a file as a whole has no line to show; it names its file all the same.
        place = f"\n  {file}" if diagnostic.span is None else ""
        first, *rest = diagnostic.render().split("\n", 1)
        typer.echo("\n".join((first + place, *rest)) + "\n", err=True)


def _summary(files: list[Path], found: Findings) -> str:
    name = str(files[0]) if len(files) == 1 else f"{len(files)} files"
    if not found:
        return f"{name}: no problems found"
    parts = [f"{n} {kind[:-1] if n == 1 else kind}" for kind, n in _counts(found).items() if n]
    return f"{name}: {' and '.join(parts)}"


def _counts(found: Findings) -> dict[str, int]:
    return {
        "errors": sum(d.severity == "error" for _, d in found),
        "warnings": sum(d.severity == "warning" for _, d in found),
    }


def _entry(file: Path, diagnostic: Diagnostic) -> dict[str, object]:
    entry = as_json(diagnostic)
    return entry if diagnostic.span is not None else {**entry, "file": str(file)}
