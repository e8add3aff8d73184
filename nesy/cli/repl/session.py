"""A program that grows: files that were loaded and statements that were entered, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy.cli.permissions import NOTHING, Permissions
from nesy.errors import Diagnostic, LanguageError, Source
from nesy.language.checks import run_checks
from nesy.language.files import read_text
from nesy.language.foreign import redefined
from nesy.language.modules.access import Access
from nesy.language.modules.loading import load_modules
from nesy.language.operators import STANDARD, OperatorTable
from nesy.language.parser import read_program
from nesy.language.reader import Reader
from nesy.language.syntax import Program, Query, Statement
from nesy.language.tokens import Tokens

LATER = frozenset(
    {
        "duplicate-clause",
        "impossible-evidence",
        "no-query",
        "unknown-predicate",
        "unreachable-query",
        "unreachable-rule",
        "unsupported-builtin",
        "unused-predicate",
    }
)
"""Findings about what is nowhere in the program: it may be entered yet."""


@final
@dataclass(frozen=True)
class Entry:
    """What was loaded or entered at one time.

    text: as it is written; written: its statements; program: these with what they bring in.
    operators: those in force behind it. file: where it comes from, if it was loaded.
    """

    text: str
    written: Program
    program: Program
    operators: OperatorTable
    file: Path | None = None


@final
class Session:
    """The program of a conversation. What cannot be read or checked changes nothing."""

    def __init__(self, allowed: Permissions = NOTHING, folder: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self.allowed = allowed
        self._folder = Path.cwd() if folder is None else folder
        self._inputs = 0

    @property
    def operators(self) -> OperatorTable:
        """The operators that what is entered next may use."""
        return self.entries[-1].operators if self.entries else STANDARD

    def next_source(self, text: str) -> Source:
        """An input as a source of its own, for messages."""
        self._inputs += 1
        return Source(f"<input {self._inputs}>", text)

    def program(self, further: Iterable[Statement] = (), *, queries: bool = True) -> Program:
        """All statements, and further ones. queries: whether the session's own are among them.

        Raises `LanguageError` where something that is asked or that matters is wrong.
        """
        whole = self._joined((*further,), queries=queries)
        found = (*redefined(whole.foreign, whole.predicates), *run_checks(whole, advice=False))
        raise_errors(found)
        return whole

    def findings(self) -> list[Diagnostic]:
        """What `nesy check` would say of the program, errors and warnings."""
        whole = self._joined((), queries=True)
        return [*redefined(whole.foreign, whole.predicates), *run_checks(whole)]

    def enter(self, text: str) -> tuple[Entry, list[Diagnostic]]:
        """Add the statements of a text; what was added, and warnings about it.

        Raises `LanguageError` as `nesy.parse` does, but for what may be entered later.
        """
        reader = Reader(Tokens(self.next_source(text), self.operators))
        written = read(reader)
        entry, warnings = self._checked(text, written, reader.tokens.operators, None)
        self.entries.append(entry)
        return entry, warnings

    def load(self, path: Path) -> tuple[Entry, list[Diagnostic]]:
        """Add a file, or read it anew where it stands. Raises as `nesy.load`, and as `enter`."""
        text = read_text(path)
        reader = Reader(Tokens(Source(str(path), text)))
        written = read(reader)
        operators = joined_operators(self.operators, reader.tokens.operators)
        entry, warnings = self._checked(text, written, operators, path)
        places = (i for i, old in enumerate(self.entries) if _same_file(old.file, path))
        at = next(places, len(self.entries))
        self.entries[at : at + 1] = [entry]
        return entry, warnings

    def undo(self) -> Entry | None:
        """Take back what was added last; None where there is nothing."""
        return self.entries.pop() if self.entries else None

    def text(self) -> str:
        """All that was loaded and entered, as it is written.

        Raises `LanguageError` (unsaveable) where it would not mean the same in one file.
        """
        text = "".join(entry.text.strip("\n") + "\n" for entry in self.entries)
        reader = Reader(Tokens(Source("<session>", text)))
        written = tuple(s for entry in self.entries for s in entry.written.statements)
        if read(reader).statements != written:
            raise LanguageError(
                "unsaveable",
                "these statements would be read otherwise in one file",
                hint="operators that are defined late change what stands behind them only",
            )
        return text

    def _checked(
        self, text: str, written: Program, operators: OperatorTable, path: Path | None
    ) -> tuple[Entry, list[Diagnostic]]:
        """What is to be added, once it is known that it may be."""
        folder = self._folder if path is None else path.parent
        access = Access(folder, self.allowed.files, self.allowed.python)
        loaded = load_modules(written, path, access)
        raise_errors(loaded.diagnostics)
        found = [f for f in run_checks(loaded.program) if f.code not in LATER]
        raise_errors(found)
        return Entry(text, written, loaded.program, operators, path), found

    def _joined(self, further: tuple[Statement, ...], *, queries: bool) -> Program:
        programs = [entry.program for entry in self.entries]
        statements = (s for p in programs for s in p.statements if queries or not isinstance(s, Query))
        return Program(
            (*statements, *further),
            facts=tuple(table for p in programs for table in p.facts),
            foreign=tuple(f for p in programs for f in p.foreign),
        )


def read(reader: Reader) -> Program:
    """The statements of a text. Raises `LanguageError` where some cannot be read."""
    program, malformed = read_program(reader)
    raise_errors(malformed)
    return program


def raise_errors(findings: Iterable[Diagnostic]) -> None:
    """Raises `LanguageError` where there are errors: the first, with the others."""
    errors = [f for f in findings if f.severity == "error"]
    if errors:
        first, *others = errors
        raise LanguageError(first.code, first.message, span=first.span, hint=first.hint, others=tuple(others))


def joined_operators(table: OperatorTable, other: OperatorTable) -> OperatorTable:
    """A table with what another defines besides."""
    kinds = (other.infix, other.prefix, other.postfix)
    defined: Iterator[str] = iter(sorted(other.defined))
    for name in defined:
        for operators in kinds:
            if name in operators:
                table = table.having(operators[name])
    return table


def _same_file(one: Path | None, other: Path) -> bool:
    return one is not None and one.resolve() == other.resolve()
