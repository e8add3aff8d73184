"""`nesy check`: every problem of rule files, and what they will cost, without running them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.permissions import ALLOW_FILE, ALLOW_PYTHON, Permissions
from nesy.cli.reporting import FAILED, as_json, print_json
from nesy.errors import Diagnostic, NesyError
from nesy.language import check
from nesy.language.checked import read_text

Findings = list[tuple[Path, Diagnostic]]


def command(
    files: Annotated[list[Path], typer.Argument(help="The rule files.", metavar="FILE...")],
    cost: Annotated[
        bool, typer.Option("--cost", help="Estimate how large the grounding of each file will be.")
    ] = False,
    query: Annotated[
        str | None, typer.Option("--query", help="The template that --cost counts for.", metavar="ATOM")
    ] = None,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    allow_file: Annotated[list[Path] | None, ALLOW_FILE] = None,
    allow_python: Annotated[bool, ALLOW_PYTHON] = False,
) -> None:
    """Print every error and warning of some files; exit 1 if there are errors.

    Example: nesy check burglary.nesy
    """
    if query is not None and not cost:
        raise typer.BadParameter("it says what --cost counts for", param_hint="--query")
    allowed = Permissions(tuple(allow_file or ()), allow_python)
    found = [(file, diagnostic) for file in files for diagnostic in _findings(file, allowed)]
    wrong = {file for file, diagnostic in found if diagnostic.severity == "error"}
    costs = _Costs([f for f in dict.fromkeys(files) if f not in wrong] if cost else [], query, allowed)
    found += costs.found
    if machine:
        figures = {"cost": costs.entries} if cost else {}
        print_json({"diagnostics": [_entry(file, d) for file, d in found], **_counts(found), **figures})
    else:
        _show(found)
        for table in costs.tables:
            typer.echo(table + "\n")
        typer.echo(_summary(files, found), err=bool(found))
    if any(d.severity == "error" for _, d in found):
        raise typer.Exit(FAILED)


def _findings(file: Path, allowed: Permissions) -> tuple[Diagnostic, ...]:
    try:
        text = read_text(file)
        return check(text, str(file), base=file, allow_files=allowed.files, allow_python=allowed.python)
    except NesyError as error:
        return (error.diagnostic, *error.others)


class _Costs:
    """The estimates of some files, and what went wrong with them."""

    def __init__(self, files: list[Path], query: str | None, allowed: Permissions) -> None:
        self.tables: list[str] = []
        self.entries: list[dict[str, object]] = []
        self.found: Findings = []
        if not files:
            return
        # Checking alone needs no grounder.
        from nesy.cli.cost import entry, file_cost, shown  # noqa: PLC0415

        for file in files:
            try:
                estimated = file_cost(file, query, allowed)
            except NesyError as error:
                self.found += [(file, d) for d in (error.diagnostic, *error.others)]
                continue
            self.tables.append(shown(file, estimated))
            self.entries.append(entry(file, estimated))


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
