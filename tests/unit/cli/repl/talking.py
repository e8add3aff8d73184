"""A console whose replies are kept."""

from __future__ import annotations

from pathlib import Path

from nesy.cli.repl.console import Console
from nesy.cli.repl.reading import inputs_of
from nesy.cli.repl.session import Session
from nesy.cli.repl.taking import take


class Talk:
    """A conversation: what was answered, and what was complained about."""

    def __init__(self, folder: Path | None = None) -> None:
        self.answers: list[str] = []
        self.complaints: list[str] = []
        self.console = Console(
            Session(folder=folder), out=self.answers.append, messages=self.complaints.append
        )

    def enter(self, text: str) -> list[str]:
        """Carry out inputs; what is answered, and nothing may be complained about."""
        answered = self.try_to(text)
        assert self.complaints == []
        return answered

    def try_to(self, text: str) -> list[str]:
        """Carry out inputs; what is answered."""
        self.answers.clear()
        self.complaints.clear()
        for one in inputs_of(text.splitlines(keepends=True)):
            take(self.console, one)
        return list(self.answers)

    def codes(self, text: str) -> list[str]:
        """The codes of what is complained about."""
        self.try_to(text)
        return [complaint.partition("[")[2].partition("]")[0] for complaint in self.complaints]
