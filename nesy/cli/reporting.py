"""How the commands report: text for people on standard error, JSON for machines on standard output."""

from __future__ import annotations

import json
from typing import NoReturn

import typer

from nesy.errors import Diagnostic, NesyError

FAILED = 1
"""The exit code of a mistake in the input."""


def as_json(diagnostic: Diagnostic) -> dict[str, object]:
    """A diagnostic's fields; file, line and column are null where it has no place in a file."""
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": None if span is None else span.source.name,
        "line": None if span is None else span.line,
        "column": None if span is None else span.column,
        "hint": diagnostic.hint,
    }


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def fail(error: NesyError, *, machine: bool) -> NoReturn:
    """Report a user's mistake, and whatever else was found with it, and exit 1."""
    found = (error.diagnostic, *error.others)
    if machine:
        print_json({"error": as_json(found[0]), "others": [as_json(d) for d in found[1:]]})
    else:
        typer.echo("\n\n".join(d.render() for d in found), err=True)
    raise typer.Exit(FAILED)
