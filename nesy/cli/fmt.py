"""`nesy fmt`: rule files in canonical layout."""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from nesy.cli.reporting import FAILED
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
) -> None:
    """Lay rule files out canonically, in place. Comments and meaning stay as they are.

    Example: nesy fmt --check rules/*.nesy
    """
    outcomes = [_attempt(name, check=check, diff=diff) for name in files]
    if None in outcomes or (check and True in outcomes):
        raise typer.Exit(FAILED)


def _attempt(name: str, *, check: bool, diff: bool) -> bool | None:
    """What `_format` says; None where the file cannot be formatted, which is reported."""
    try:
        return _format(name, check=check, diff=diff)
    except NesyError as error:
        found = (error.diagnostic, *error.others)
        typer.echo("\n\n".join(d.render() for d in found), err=True)
        return None


def _format(name: str, *, check: bool, diff: bool) -> bool:
    """Format one file, as the options say; whether its layout was another."""
    before = _standard_input() if name == _STDIN else read_text(name)
    title = "<stdin>" if name == _STDIN else name
    after = format_text(Source(title, before))
    if diff:
        typer.echo(_difference(title, before, after), nl=False)
    elif check and after != before:
        typer.echo(f"{title}: would be formatted", err=True)
    elif not check and name == _STDIN:
        typer.echo(after, nl=False)
    elif not check and after != before:
        _replace(Path(name), after)
        typer.echo(f"{title}: formatted", err=True)
    return after != before


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
