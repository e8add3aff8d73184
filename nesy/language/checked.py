"""From a text or a file to a checked program, or to the list of everything wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from nesy.errors import Diagnostic, LanguageError, Source
from nesy.language.checks import run_checks
from nesy.language.parser import parse_program
from nesy.language.syntax import Program


def parse(text: str, name: str = "<text>") -> Program:
    """The program that a rule text means.

    name: what the text is called in messages.
    Raises `LanguageError` where the text is malformed or a check fails: the first finding, in order
    of the text, with the further ones in `others`. Warnings never raise.
    """
    program, findings = _findings(Source(name, text))
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        first, *others = errors
        raise LanguageError(first.code, first.message, span=first.span, hint=first.hint, others=tuple(others))
    return program


def check(text: str, name: str = "<text>") -> tuple[Diagnostic, ...]:
    """Every finding about a rule text, errors and warnings, in order of the text. Raises nothing."""
    return _findings(Source(name, text))[1]


def load(path: str | os.PathLike[str]) -> Program:
    """The program in a file. Raises `LanguageError` as `parse` does, or where there is no text to read."""
    return parse(read_text(path), os.fspath(path))


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a rule file (UTF-8). Raises `LanguageError` for a file that is missing or no text."""
    name = os.fspath(path)
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise LanguageError("file-not-found", f"there is no file `{name}`", hint=_neighbours(name)) from None
    except IsADirectoryError:
        raise LanguageError(
            "not-a-file", f"`{name}` is a directory", hint="name one rule file in it"
        ) from None
    except UnicodeDecodeError as error:
        raise LanguageError(
            "not-text",
            f"`{name}` is not UTF-8 text: byte {error.start} cannot be read",
            hint="save the rules as UTF-8",
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LanguageError("file-not-readable", f"`{name}` cannot be read: {reason.lower()}") from None
    except ValueError:
        raise LanguageError("file-not-found", "a file's name holds no null character") from None


def _neighbours(name: str) -> str | None:
    folder = Path(name).parent
    try:
        files = sorted(p.name for p in folder.glob("*.nesy"))
    except OSError:
        return None
    if not files:
        return None if folder.is_dir() else f"there is no directory `{folder}` either"
    return f"rule files in `{folder}`: {', '.join(files[:5])}"


def _findings(source: Source) -> tuple[Program, tuple[Diagnostic, ...]]:
    program, malformed = parse_program(source)
    # What a malformed statement would have defined is unknown, so nothing is said about the whole.
    findings = [*malformed, *run_checks(program, whole=not malformed)]
    findings.sort(key=lambda f: (f.span.start, f.span.end) if f.span is not None else (-1, -1))
    return program, tuple(findings)
