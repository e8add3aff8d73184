"""What may be written next in an input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy.cli.repl.commands import COMMANDS
from nesy.cli.repl.reading import is_command
from nesy.cli.repl.session import Session
from nesy.engines.registry import names
from nesy.errors import Source
from nesy.language.builtins import KNOWN
from nesy.language.syntax import Clause, Indicator, indicator
from nesy.language.tokens import FUNCTOR, NAME, VARIABLE, Tokens, is_plain_name

_WORD = re.compile(r"\w+\Z")


@final
@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may take the place of the last `replaces` characters. about: a word or two beside it."""

    text: str
    replaces: int
    about: str = ""


def suggestions(session: Session, before: str) -> list[Suggestion]:
    """What may stand at the end of a text: commands and what they take, predicates, variables."""
    if is_command(before):
        return _for_command(session, before.lstrip())
    found = _WORD.search(before)
    if found is None or found.group()[0].isdecimal() or _in_literal(before):
        return []
    typed = found.group()
    words = _variables(before, found.start()) if typed[0].isupper() else _predicates(session)
    return [
        Suggestion(word, len(typed), about)
        for word, about in words.items()
        if word.startswith(typed) and word != typed
    ]


def _for_command(session: Session, before: str) -> list[Suggestion]:
    word, space, argument = before.partition(" ")
    if not space:
        return [Suggestion(c.name, len(word), c.about) for c in COMMANDS if c.name.startswith(word)]
    command = next((c for c in COMMANDS if c.name.startswith(word)), None)
    match None if command is None else command.takes:
        case "file":
            return _files(argument)
        case "engine":
            return [Suggestion(name, len(argument)) for name in names() if name.startswith(argument)]
        case "atom":
            found = _predicates(session, built_in=False)
            return [
                Suggestion(n, len(argument), about) for n, about in found.items() if n.startswith(argument)
            ]
        case _:
            return []


def _files(argument: str) -> list[Suggestion]:
    """The files and folders whose names begin as an argument does."""
    head, slash, tail = argument.rpartition("/")
    folder = Path(f"{head}{slash}" or ".").expanduser()
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return []
    shown = [p for p in paths if p.name.startswith(tail) and (tail or not p.name.startswith("."))]
    return [Suggestion(p.name + ("/" if p.is_dir() else ""), len(tail)) for p in shown]


def _in_literal(before: str) -> bool:
    """Whether a text ends inside quotes or in a comment."""
    kinds = Tokens(Source("<input>", before)).kinds
    return len(kinds) < 2 or kinds[-2] not in (NAME, FUNCTOR, VARIABLE)


def _variables(before: str, end: int) -> dict[str, str]:
    tokens = Tokens(Source("<input>", before[:end]))
    named = (text for kind, text in zip(tokens.kinds, tokens.texts, strict=True) if kind == VARIABLE)
    return {name: "variable" for name in named if name != "_"}


def _predicates(session: Session, *, built_in: bool = True) -> dict[str, str]:
    """Names with their numbers of arguments: the session's, then those that are built in."""
    defined: dict[Indicator, None] = {}
    for entry in session.entries:
        for statement in entry.program.statements:
            if isinstance(statement, Clause):
                defined.update(dict.fromkeys(indicator(head.atom) for head in statement.heads))
        defined.update(dict.fromkeys((t.name, len(t.columns)) for t in entry.program.facts))
        defined.update(dict.fromkeys(f.indicator for f in entry.program.foreign))
    arities: dict[str, list[str]] = {}
    for name, arity in (*defined, *(sorted(KNOWN) if built_in else ())):
        if is_plain_name(name) and str(arity) not in arities.setdefault(name, []):
            arities[name].append(str(arity))
    return {name: f"{name}/{', '.join(numbers)}" for name, numbers in arities.items() if numbers}
