"""The rules of the grammar as railroad diagrams, drawn where a page says `<!-- diagrams: rule rule -->`."""

from __future__ import annotations

import re
from functools import cache
from io import StringIO
from typing import Any

import railroad

from nesy_site.ebnf import Choice, Expression, Grammar, Pattern, Repeat, Rule, Sequence, Word, read_grammar
from nesy_site.repository import ROOT

MARKER = re.compile(r"^<!-- diagrams: ([a-z0-9 ]+) -->$", re.MULTILINE)
LONGEST = 36
"""How many characters of a regular expression are drawn; all of it stands below the diagram."""
SIDE_BY_SIDE = 6
"""From how many alternatives on they stand beside one another, not below."""


@cache
def grammar() -> Grammar:
    """The rules of grammar/nesy.ebnf."""
    return read_grammar(_text())


def with_diagrams(markdown: str) -> str:
    """A page with a heading, a diagram and the text of each rule that its markers name.

    Raises `KeyError` for a rule that there is not.
    """
    return MARKER.sub(lambda marker: "\n\n".join(map(shown, marker[1].split())), markdown)


def shown(name: str) -> str:
    """A rule as Markdown: heading, diagram, text."""
    return "\n\n".join(
        (
            f"### {name} {{#{anchor(name)}}}",
            f'<div class="railroad">{drawn(name)}</div>',
            f"```text\n{source(name)}\n```",
        )
    )


def drawn(name: str) -> str:
    """The diagram of a rule, as an SVG element on one line."""
    picture = StringIO()
    railroad.Diagram(_track(grammar()[name])).writeSvg(picture.write)
    return picture.getvalue().replace("\n", "")


def anchor(name: str) -> str:
    """Where on its page a rule stands."""
    return f"rule-{name}"


def source(name: str) -> str:
    """The text of a rule in the file, without comments."""
    text = re.sub(r"\s*\(\*.*?\*\)", "", _text(), flags=re.DOTALL)
    found = re.search(rf"^{name} +=.*?;$", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise KeyError(name)
    return re.sub(r" {2,}", " ", found[0].replace("\n", " "))


@cache
def _text() -> str:
    return (ROOT / "grammar" / "nesy.ebnf").read_text(encoding="utf-8")


def _track(expression: Expression) -> Any:
    if isinstance(expression, Word):
        return railroad.Terminal(expression.text)
    if isinstance(expression, Pattern):
        regex = expression.regex
        drawn_as = f"/{regex}/" if len(regex) <= LONGEST else f"/{regex[:LONGEST]} ..."
        return railroad.Terminal(drawn_as, cls="regex")
    if isinstance(expression, Rule):
        return railroad.NonTerminal(expression.name, f"#{anchor(expression.name)}")
    if isinstance(expression, Choice):
        tracks = [_track(part) for part in expression.parts]
        simple = all(isinstance(part, Word | Rule) for part in expression.parts)
        if simple and len(tracks) >= SIDE_BY_SIDE:
            return _rows(tracks)
        return railroad.Choice(0, *tracks)
    if isinstance(expression, Repeat):
        track = _track(expression.part)
        return railroad.Optional(track) if expression.once else railroad.ZeroOrMore(track)
    return railroad.Sequence(*_steps(expression))


def _rows(tracks: list[Any]) -> Any:
    rows = [tracks[i : i + SIDE_BY_SIDE] for i in range(0, len(tracks), SIDE_BY_SIDE)]
    return railroad.Choice(0, *(railroad.HorizontalChoice(*row) for row in rows))


def _steps(sequence: Sequence) -> list[Any]:
    """The parts one after the other; `x , { separator , x }` as a loop back through the separator."""
    steps: list[Any] = []
    for part, before in zip(sequence.parts, (None, *sequence.parts), strict=False):
        separator = _separator(part, before)
        if separator is None:
            steps.append(_track(part))
        else:
            steps[-1] = railroad.OneOrMore(steps[-1], _track(separator))
    return steps


def _separator(part: Expression, before: Expression | None) -> Expression | None:
    if isinstance(part, Repeat) and not part.once and isinstance(part.part, Sequence):
        inner = part.part.parts
        if len(inner) == 2 and inner[1] == before:
            return inner[0]
    return None
