"""The parts of a program that answers rest on: its rules, facts, constraints and observations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import final

from nesy.errors import EngineError, Span
from nesy.language.printer import statement_text, term_text
from nesy.language.syntax import Clause, Constraint, Evidence, Statement


class PartKind(str, Enum):
    """What a part of a program is."""

    RULE = "rule"
    FACT = "fact"
    CHOICE = "choice"
    """A clause with probabilities, or with a network: that one of its values is chosen."""
    CONSTRAINT = "constraint"
    OBSERVATION = "observation"
    """Evidence of the program, or an atom that is given."""


KINDS: tuple[PartKind, ...] = tuple(PartKind)


@final
@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a program, or one atom that is given, in its own words.

    span: where it is written; None for what is given.
    """

    kind: PartKind
    text: str
    span: Span | None = None

    @property
    def place(self) -> str:
        """Where the part is written: `file:line`, or `given`."""
        return "given" if self.span is None else f"{self.span.source.name}:{self.span.line}"

    def __str__(self) -> str:
        return f"{self.kind.value} {self.text} ({self.place})"


def part_of(statement: Statement) -> Part | None:
    """The part that a statement is; None for queries and directives."""
    if isinstance(statement, Evidence):
        return Part(PartKind.OBSERVATION, _words(statement), statement.span)
    if isinstance(statement, Constraint):
        return Part(PartKind.CONSTRAINT, _words(statement), statement.span)
    if isinstance(statement, Clause):
        return Part(_kind(statement), _words(statement), statement.span)
    return None


def _kind(clause: Clause) -> PartKind:
    if any(h.label is not None for h in clause.heads):
        return PartKind.CHOICE
    return PartKind.FACT if clause.body is None else PartKind.RULE


def _words(statement: Clause | Constraint | Evidence) -> str:
    """The statement as it is written where that is one line, else in canonical text."""
    if statement.span is None:
        if isinstance(statement, Evidence) and statement.body is None:
            return term_text(statement.atom) if statement.holds else f"\\+{term_text(statement.atom)}"
        return statement_text(statement)
    text = statement.span.text
    return statement_text(statement) if "\n" in text else text


def kinds(among: Iterable[str] | None) -> frozenset[PartKind]:
    """Kinds by name; all where nothing is said. Raises `EngineError` (unknown-kind)."""
    if among is None:
        return frozenset(KINDS)
    named = {kind.value: kind for kind in KINDS}
    wanted = list(among)
    unknown = next((name for name in wanted if name not in named), None)
    if unknown is not None:
        raise EngineError(
            "unknown-kind",
            f"there is no kind of part named {unknown!r}",
            hint=f"the kinds are {', '.join(named)}",
        )
    return frozenset(named[name] for name in wanted)


def lines(parts: Iterable[Part]) -> list[str]:
    """The parts as people read them, one a line, in columns."""
    listed = list(parts)
    kind = max((len(p.kind.value) for p in listed), default=0)
    text = max((len(p.text) for p in listed), default=0)
    return [f"  {p.kind.value:<{kind}}  {p.text:<{min(text, WIDE)}}  {p.place}" for p in listed]


WIDE = 60
"""Places of parts stand below one another up to this width of their texts."""
