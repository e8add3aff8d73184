"""`nesy fmt`: rule files in canonical layout."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, final

import typer

from nesy.cli.reporting import FAILED, as_json, print_json
from nesy.errors import LanguageError, NesyError, Source
from nesy.language.checked import read_text
from nesy.language.formatting import format_text

_STDIN = "-"


def command(
    files: Annotated[list[str], typer.Argument(help="Rule files; - is standard input.", metavar="FILE...")],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if any would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; print what would change.")] = False,
    machine: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Lay rule files out canonically, in place. Comments and meaning stay as they are.

    Example: nesy fmt --check rules/*.nesy
    """
    outcomes = [_attempt(name, write=not (check or diff)) for name in files]
    if machine:
        print_json({"files": [_entry(outcome) for outcome in outcomes]})
    else:
        for outcome in outcomes:
            _show(outcome, check=check, diff=diff)
    if any(o.error is not None or (check and o.changed) for o in outcomes):
        raise typer.Exit(FAILED)


@final
@dataclass(frozen=True)
class _Outcome:
    """What became of one file. error: why it could not be formatted."""

    name: str
    before: str = ""
    after: str = ""
    error: NesyError | None = None

    @property
    def title(self) -> str:
        """How messages call it."""
        return "<stdin>" if self.name == _STDIN else self.name

    @property
    def changed(self) -> bool:
        """Whether its layout was another."""
        return self.after != self.before


def _attempt(name: str, *, write: bool) -> _Outcome:
    """Lay one file out, and write it if its layout was another."""
    try:
        before = _standard_input() if name == _STDIN else read_text(name)
        title = "<stdin>" if name == _STDIN else name
        outcome = _Outcome(name, before, format_text(Source(title, before)))
        if write and outcome.changed and name != _STDIN:
            _replace(Path(name), outcome.after)
    except NesyError as error:
        return _Outcome(name, error=error)
    return outcome


def _entry(outcome: _Outcome) -> dict[str, object]:
    """What `--json` prints of one file; its new text only where that stands nowhere else."""
    entry: dict[str, object] = {"file": outcome.title, "changed": outcome.changed, "errors": []}
    if outcome.error is not None:
        return entry | {"errors": [as_json(d) for d in (outcome.error.diagnostic, *outcome.error.others)]}
    return entry | ({"text": outcome.after} if outcome.name == _STDIN else {})


def _show(outcome: _Outcome, *, check: bool, diff: bool) -> None:
    if outcome.error is not None:
        found = (outcome.error.diagnostic, *outcome.error.others)
        typer.echo("\n\n".join(d.render() for d in found), err=True)
    elif diff:
        typer.echo(_difference(outcome.title, outcome.before, outcome.after), nl=False)
    elif check:
        if outcome.changed:
            typer.echo(f"{outcome.title}: would be formatted", err=True)
    elif outcome.name == _STDIN:
        typer.echo(outcome.after, nl=False)
    elif outcome.changed:
        typer.echo(f"{outcome.title}: formatted", err=True)


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LanguageError(
            "not-text", f"standard input is not UTF-8 text: byte {error.start} cannot be read"
        ) from None


def _difference(title: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), title, f"{title} (formatted)"
    )
    cut = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + cut for line in lines)


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all: a reader sees the old text or the new. Keeps its mode.

    A link stays a link: what it points to is replaced.
    """
    target = Path(os.path.realpath(path))
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        reason = (error.strerror or type(error).__name__).lower()
        raise LanguageError("file-not-writable", f"`{path}` cannot be written: {reason}") from None
