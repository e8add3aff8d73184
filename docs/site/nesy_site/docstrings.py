"""Lays out docstrings for the page: what is said of each parameter becomes an item of a list.

Docstrings are prose. A line that begins with the name of a parameter and a colon begins what is said of
it; one that begins with `Raises`, `Returns` or `Cost` begins a paragraph.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_NAMES = re.compile(r"(\w+(?:, \w+)*): (?=\S)")
_PARAGRAPH = re.compile(r"(Raises|Returns|Cost|Gradient)\b")


class Layout(griffe.Extension):
    """Gives every docstring its lists and paragraphs, once it has been read."""

    def on_function(self, *, func: griffe.Function, **kwargs: Any) -> None:
        """Lay out what is said of a function's parameters."""
        _lay_out(func, {p.name for p in func.parameters})

    def on_class(self, *, cls: griffe.Class, **kwargs: Any) -> None:
        """Lay out what is said of a class's fields, or of what it is made from."""
        made = cls.members.get("__init__")
        names = {p.name for p in made.parameters} if isinstance(made, griffe.Function) else set()
        _lay_out(cls, names | set(cls.members))


def _lay_out(thing: griffe.Object, names: set[str]) -> None:
    if thing.docstring is not None:
        thing.docstring.value = laid_out(thing.docstring.value, names)


def laid_out(text: str, names: set[str]) -> str:
    """A docstring as Markdown; `names` are those of which something may be said."""
    lines: list[str] = []
    listing = False
    for line in text.splitlines():
        said = _NAMES.match(line)
        if said and set(said[1].split(", ")) <= names:
            item = "- " + ", ".join(f"`{name}`" for name in said[1].split(", ")) + line[said.end(1) :]
            lines += [item] if listing else ["", item]
            listing = True
        elif _PARAGRAPH.match(line) or not line:
            lines += ["", line]
            listing = False
        else:
            lines.append(f"  {line}" if listing else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
