"""From a text or a file to a checked program, or to the list of everything wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, final

from nesy.errors import Diagnostic, LanguageError, Source
from nesy.language.checks import run_checks
from nesy.language.files import read_text
from nesy.language.foreign import Foreign, redefined
from nesy.language.modules.access import Access
from nesy.language.modules.loading import load_modules
from nesy.language.parser import parse_program
from nesy.language.syntax import Program

if TYPE_CHECKING:
    from nesy.language.facts import FactTable

__all__ = ["check", "load", "parse", "read_text"]


def parse(
    text: str,
    name: str = "<text>",
    *,
    base: str | os.PathLike[str] | None = None,
    facts: Iterable[FactTable] = (),
    foreign: Iterable[Foreign] = (),
    allow_files: Iterable[str | os.PathLike[str]] = (),
    allow_python: bool = False,
) -> Program:
    """The program that a rule text means.

    name: what the text is called in messages.
    base: the folder that the text stands in, or the file that it is: the files that its directives name
    are looked for there; without one they are errors (no-folder).
    facts: tables of `nesy.facts`. foreign: functions decorated by `nesy.foreign`.
    allow_files: files, and folders with all below them, that the rules may read outside their folder.
    allow_python: whether `:- use_module('file.py')` may run Python code.
    Raises `LanguageError` where the text is malformed or a check fails: the first finding, in order
    of the text, with the further ones in `others`. Warnings never raise.
    Cost: about linear in the length of the text and of what its directives bring in.
    """
    outside = _outside(base, facts, foreign, allow_files, allow_python)
    return _accepted(*_findings(Source(name, text), outside, advice=False))


def load(
    path: str | os.PathLike[str],
    *,
    facts: Iterable[FactTable] = (),
    foreign: Iterable[Foreign] = (),
    allow_files: Iterable[str | os.PathLike[str]] = (),
    allow_python: bool = False,
) -> Program:
    """The program in a file, and in those it names in its own folder; the options are those of `parse`.

    Raises `LanguageError` as `parse` does, or where there is no text to read.
    Cost: as `parse`, and reading the files.
    """
    text, name = read_text(path), os.fspath(path)
    return parse(
        text,
        name,
        base=path,
        facts=facts,
        foreign=foreign,
        allow_files=allow_files,
        allow_python=allow_python,
    )


def check(
    text: str,
    name: str = "<text>",
    *,
    base: str | os.PathLike[str] | None = None,
    facts: Iterable[FactTable] = (),
    foreign: Iterable[Foreign] = (),
    allow_files: Iterable[str | os.PathLike[str]] = (),
    allow_python: bool = False,
) -> tuple[Diagnostic, ...]:
    """Every finding about a rule text, errors and warnings, in order of the text. Raises nothing.

    The options are those of `parse`.
    Cost: as `parse`.
    """
    outside = _outside(base, facts, foreign, allow_files, allow_python)
    return _findings(Source(name, text), outside, advice=True)[1]


@final
@dataclass(frozen=True)
class _Outside:
    """What a program is given besides its text. path: of the file that the text is, if it is one."""

    path: Path | None
    access: Access
    facts: tuple[FactTable, ...]
    foreign: tuple[Foreign, ...]


def _outside(
    base: str | os.PathLike[str] | None,
    facts: Iterable[FactTable],
    foreign: Iterable[Foreign],
    allow_files: Iterable[str | os.PathLike[str]],
    allow_python: bool,
) -> _Outside:
    place = None if base is None else Path(base)
    file = None if place is None or place.is_dir() else place
    access = Access(place if file is None else file.parent, tuple(map(Path, allow_files)), allow_python)
    return _Outside(file, access, tuple(facts), tuple(foreign))


def _accepted(program: Program, findings: tuple[Diagnostic, ...]) -> Program:
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        first, *others = errors
        raise LanguageError(first.code, first.message, span=first.span, hint=first.hint, others=tuple(others))
    return program


def _findings(source: Source, outside: _Outside, *, advice: bool) -> tuple[Program, tuple[Diagnostic, ...]]:
    written, malformed = parse_program(source)
    given = replace(written, facts=outside.facts, foreign=outside.foreign)
    loaded = load_modules(given, outside.path, outside.access)
    checks = run_checks(loaded.program, malformed=bool(malformed), advice=advice)
    if not loaded.complete:
        # What the missing files define is unknown.
        checks = (c for c in checks if c.code not in _OF_THE_WHOLE)
    clashes = redefined(loaded.program.foreign, loaded.program.predicates)
    findings = (*malformed, *loaded.diagnostics, *clashes, *checks)
    found = {(f.code, f.span, f.message): f for f in findings}
    order = {id(s): i for i, s in enumerate(loaded.sources)}
    return loaded.program, tuple(sorted(found.values(), key=lambda f: _place(f, order)))


_OF_THE_WHOLE = frozenset(
    {
        "impossible-evidence",
        "no-query",
        "unknown-predicate",
        "unreachable-query",
        "unreachable-rule",
        "unsupported-builtin",
        "unused-predicate",
    }
)
"""Findings that say something is nowhere in the program."""


def _place(finding: Diagnostic, order: dict[int, int]) -> tuple[int, int, int]:
    """Findings come in order of the texts; those without a place come first, those of other files last."""
    span = finding.span
    return (-1, -1, -1) if span is None else (order.get(id(span.source), len(order)), span.start, span.end)
