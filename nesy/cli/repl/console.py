"""A session with what answers it and where its replies go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

import typer

from nesy.cli.answers import shown
from nesy.cli.repl.questions import ask, read_question
from nesy.cli.repl.session import Entry, Session
from nesy.engines.solve import solve
from nesy.errors import Diagnostic, NesyError
from nesy.language.syntax import Query


@final
class Console:
    """A session, the engine that answers, and where replies go.

    say: takes answers; complain: takes findings. failed: whether something was wrong.
    """

    def __init__(
        self,
        session: Session,
        engine: str = "exact",
        *,
        out: Callable[[str], None] = typer.echo,
        messages: Callable[[str], None] = lambda text: typer.echo(text, err=True),
    ) -> None:
        self.session = session
        self.engine = engine
        self.known_files: set[Path] = set()
        self.ended = False
        self.failed = False
        self._out = out
        self._messages = messages

    def say(self, text: str) -> None:
        """Print an answer."""
        self._out(text)

    def note(self, text: str) -> None:
        """Print a message."""
        self._messages(text)

    def complain(self, *found: Diagnostic) -> None:
        """Print findings."""
        for diagnostic in found:
            self.note(diagnostic.render())

    def load(self, path: Path, *, quiet: bool = False) -> None:
        """Add the statements of a file. quiet: only what deserves a warning is said. Raises `NesyError`."""
        entry, warnings = self.session.load(path)
        self.known_files.add(path.resolve())
        self.complain(*warnings)
        if not quiet:
            asked = f", {counted(len(entry.program.queries), 'query', 'queries')} (:run asks)"
            count = counted(len(entry.program.statements), "statement", "statements")
            self.say(f"{path}: {count}{asked if entry.program.queries else ''}")

    def answer_queries(self) -> None:
        """Answer the queries of the session."""
        solution = solve(self.session.program(), self.engine)
        for atom, answer in solution.items():
            self.say(f"{atom}: {shown(answer)}")
        if not solution:
            self.say("no answers" if self.session.program().queries else "no queries")

    def ask(self, text: str) -> None:
        """Answer a question, as `?- road(a, X).` Raises `NesyError`."""
        answers = ask(self.session, read_question(self.session, text), self.engine)
        for instance, answer in answers:
            self.say(f"{instance}: {shown(answer)}")
        if not answers:
            self.say("no answers")

    def enter(self, text: str) -> None:
        """Add a statement, and answer it where it is a query. Raises `NesyError`."""
        entry, warnings = self.session.enter(text)
        self.complain(*warnings)
        self._answer_entered(entry)

    def _answer_entered(self, entry: Entry) -> None:
        """Answer the queries that a statement has added; without an answer they are taken back."""
        queries = [s for s in entry.written.statements if isinstance(s, Query)]
        if not queries:
            return
        try:
            solution = solve(self.session.program(queries, queries=False), self.engine)
        except (NesyError, KeyboardInterrupt):
            self.session.undo()
            raise
        for atom, answer in solution.items():
            self.say(f"{atom}: {shown(answer)}")
        if not solution:
            self.say("no answers")


def counted(count: int, one: str, several: str) -> str:
    """A number of things."""
    return f"{count:,} {one if count == 1 else several}"
