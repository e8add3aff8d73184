"""What was typed, cut into what can be carried out one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from nesy.cli.repl.questions import ASKS
from nesy.errors import Source
from nesy.language.operators import STANDARD, OperatorTable
from nesy.language.tokens import END, STOP, Tokens

_COMMAND = re.compile(r"\s*:(?![-:])")
"""What commands begin with; `:-` begins a statement."""
_FULL_STOP = re.compile(r"\.(?=\s|%|/\*|\Z)")
"""Where a statement may end."""


def is_command(text: str) -> bool:
    """Whether an input is a command, such as `:help`."""
    return _COMMAND.match(text) is not None


def is_whole(text: str, operators: OperatorTable = STANDARD) -> bool:
    """Whether an input can be carried out: a command, a statement with its full stop, or nothing."""
    if is_command(text) or not text.strip():
        return True
    kinds = Tokens(Source("<input>", text), operators).kinds
    return kinds == [END] or kinds[-2] == STOP


def asks(text: str) -> bool:
    """Whether a statement is a question."""
    return Tokens(Source("<input>", text)).texts[0] == ASKS


def inputs_in(text: str, operators: Callable[[], OperatorTable]) -> Iterator[str]:
    """The commands and statements of a text, one by one, each with the comments before it.

    operators: those in force, asked anew after each, for carrying it out may change them.
    Cost: linear, and once more for each change.
    """
    start = 0
    while start < len(text):
        if _COMMAND.match(text, start) is not None:
            begin = len(text) - len(text[start:].lstrip())
            newline = text.find("\n", begin)
            start, before = (len(text) if newline < 0 else newline + 1), start
            yield text[before:start]
            continue
        table = operators()
        tokens = Tokens(Source("<input>", text[start:]), table)
        base = start
        for kind, end in zip(tokens.kinds, tokens.ends, strict=True):
            if kind == STOP:
                start, before = _line_behind(text, base + end), start
                yield text[before:start]
                if operators() is not table or _COMMAND.match(text, start) is not None:
                    break
        else:
            if text[start:].strip():
                yield text[start:]
            return


def _line_behind(text: str, end: int) -> int:
    """Where a statement ends, with what stands behind it on its line if that is nothing but a comment."""
    newline = text.find("\n", end)
    behind = text[end:] if newline < 0 else text[end : newline + 1]
    return end + len(behind) if not behind.strip() or behind.lstrip().startswith("%") else end


def has_statement(text: str) -> bool:
    """Whether there is more in a text than white space and comments."""
    return Tokens(Source("<input>", text)).kinds != [END]


def inputs_of(lines: TextIO | Iterable[str]) -> Iterator[str]:
    """The inputs of a text that comes line by line, as from a pipe: commands, and whole statements."""
    waiting: list[str] = []
    begun = False
    for line in lines:
        if not begun and is_command(line):
            waiting.clear()
            yield line
            continue
        waiting.append(line)
        begun = begun or has_statement("".join(waiting))
        # Lines without a full stop need no look.
        if begun and _FULL_STOP.search(line) and is_whole("".join(waiting)):
            yield "".join(waiting)
            waiting.clear()
            begun = False
    if has_statement("".join(waiting)):
        yield "".join(waiting)
