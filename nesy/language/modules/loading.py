"""From the statements of one rule file to all of its program: further files, facts and functions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, final

from nesy.errors import Diagnostic, LanguageError, NesyError, Source, Span
from nesy.language.files import read_text
from nesy.language.foreign import Foreign
from nesy.language.modules.access import Access
from nesy.language.modules.libraries import LIBRARIES, WITH_RULES, library_rules
from nesy.language.modules.requests import DeclareModule, ReadFacts, ReadRules, Request, UseLibrary, requests
from nesy.language.modules.visibility import Modules
from nesy.language.parser import parse_program
from nesy.language.syntax import Program, Statement

if TYPE_CHECKING:
    from nesy.language.facts import FactTable

_RULES = (".nesy", ".pl", ".py")


@final
@dataclass(frozen=True)
class Loaded:
    """A program with all that its directives ask for, and what went wrong on the way.

    sources: the texts of its rules, in order of reading. complete: nothing that was asked for is missing.
    """

    program: Program
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]
    complete: bool


def load_modules(program: Program, path: Path | None, access: Access) -> Loaded:
    """The program with its directives about files and libraries carried out, and taken out.

    path: the file the program stands in; None for a text. Rules stand where the directive stood; a file
    consulted again is not read again, as in ProbLog. Cost: linear in what is read; nothing recurses.
    """
    if not any(_is_request(s) for s in program.statements):
        return Loaded(program, (), (program.source,), True)
    return _Loading(program, path, access).run()


def _is_request(statement: Statement) -> bool:
    try:
        return bool(requests(statement))
    except LanguageError:
        return True  # a malformed one is reported when its turn comes


@final
@dataclass
class _Open:
    """A file whose statements are being read."""

    source: Source
    path: Path | None
    folder: Path | None
    statements: Iterator[Statement]
    asked: ReadRules | None = None
    parent: _Open | None = None


@final
@dataclass
class _Loading:
    program: Program
    path: Path | None
    access: Access
    statements: list[Statement] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    facts: list[tuple[ReadFacts, Path]] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    seen: set[Path] = field(default_factory=set)
    libraries: set[str] = field(default_factory=set)
    modules: Modules = field(default_factory=Modules)
    stack: list[_Open] = field(default_factory=list)
    failed: bool = False

    def run(self) -> Loaded:
        folder = self.access.folder if self.path is None else self.path.parent
        self._open(self.program, self.path, folder)
        while self.stack:
            current = self.stack[-1]
            statement = next(current.statements, None)
            if statement is None:
                self.stack.pop()
            else:
                self._take(statement, current)
        self.diagnostics.extend(self.modules.clashes())
        program = replace(
            self.program,
            statements=tuple(self.statements),
            facts=(*self.program.facts, *self._facts()),
            foreign=(*self.program.foreign, *self.foreign),
        )
        return Loaded(program, tuple(self.diagnostics), tuple(self.sources), not self.failed)

    def _take(self, statement: Statement, current: _Open) -> None:
        """Keep a statement, or do what it asks for; a failure is noted, and the next one's turn comes."""
        with self._failing(statement.span):
            asked = requests(statement)
            if not asked:
                self.statements.append(statement)
                self.modules.add(statement, current.source)
            # What is opened last is read first: in reverse, so that files are read in order.
            for request in reversed(asked):
                with self._failing(request.span):
                    self._serve(request, current)

    def _serve(self, request: Request, current: _Open) -> None:
        match request:
            case ReadRules():
                self._rules(request, current)
            case UseLibrary():
                self._library(request)
            case ReadFacts():
                self.facts.append((request, self.access.find(request.file, current.folder, (), request.span)))
            case DeclareModule():
                if current.asked is not None:
                    self.modules.declare(request, current.source, current.asked)

    def _library(self, request: UseLibrary) -> None:
        _known_library(request)
        if request.name in WITH_RULES and request.name not in self.libraries:
            self.libraries.add(request.name)
            program, malformed = parse_program(library_rules(request.name))
            assert not malformed, malformed[0].render()
            self._open(program, None, None)

    def _rules(self, request: ReadRules, current: _Open) -> None:
        path = self.access.find(request.name, current.folder, _RULES, request.span)
        if path.suffix == ".py":
            self._python(path, request.span)
            return
        target = path.resolve()
        if request.again:
            _refuse_ring(target, request, current)
        elif target in self.seen:
            return
        program, malformed = parse_program(Source(str(path), read_text(path)))
        self.diagnostics.extend(malformed)
        self.failed |= bool(malformed)
        self._open(program, path, path.parent, (request, current))

    def _open(
        self,
        program: Program,
        path: Path | None,
        folder: Path | None,
        asked: tuple[ReadRules, _Open] | None = None,
    ) -> None:
        """Begin to read a program. asked: why, and the file that asks."""
        if path is not None:
            self.seen.add(path.resolve())
        self.sources.append(program.source)
        request, parent = asked or (None, None)
        opened = _Open(program.source, path, folder, iter(program.statements), request, parent)
        self.stack.append(opened)

    def _python(self, path: Path, span: Span | None) -> None:
        if not self.access.python:
            raise LanguageError(
                "python-not-allowed",
                f"`{path.name}` is Python code, and these rules may run none",
                span=span,
                hint="if you trust it: nesy.load(path, allow_python=True), or nesy run --allow-python",
            )
        if path.resolve() not in self.seen:
            self.seen.add(path.resolve())
            # Running other people's files is rare, and what it needs is not loaded before.
            from nesy.language.modules.python_files import python_predicates  # noqa: PLC0415

            self.foreign.extend(python_predicates(path, span))

    def _facts(self) -> Iterator[FactTable]:
        """The facts asked for; of databases only the tables that the rules may call."""
        if not self.facts:
            return
        from nesy.language.modules.databases import csv_facts, database_facts, names_of  # noqa: PLC0415

        names = names_of(self.statements)
        for request, path in self.facts:
            with self._failing(request.span):
                if request.kind == "csv":
                    yield csv_facts(path, request.predicate)
                else:
                    yield from database_facts(path, names)

    @contextmanager
    def _failing(self, span: Span | None) -> Iterator[None]:
        """Go on after what goes wrong inside, which is noted."""
        try:
            yield
        except NesyError as error:
            self._fail(error, span)

    def _fail(self, error: NesyError, span: Span | None) -> None:
        found = error.diagnostic
        self.failed = True
        self.diagnostics.append(found if found.span is not None else replace(found, span=span))


def _refuse_ring(target: Path, request: ReadRules, current: _Open) -> None:
    """Files that include one another have no end."""
    chain: list[str] = [target.name]
    above: _Open | None = current
    while above is not None and above.path is not None:
        chain.append(above.path.name)
        if above.path.resolve() == target:
            raise LanguageError(
                "include-cycle",
                f"these files include one another: {' -> '.join(reversed(chain))}",
                span=request.span,
                hint="use consult, which reads a file once",
            )
        above = above.parent


def _known_library(request: UseLibrary) -> None:
    if request.name not in LIBRARIES:
        raise LanguageError(
            "unknown-library",
            f"there is no library {request.name}",
            span=request.span,
            hint="libraries are " + ", ".join(LIBRARIES),
        )
