"""What an editor shows beside the cursor: what a word means, in Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

from nesy.cli.language_server.analysis import Analysis
from nesy.cli.language_server.predicates import Predicate, counted
from nesy.cli.language_server.words import (
    NamedNetwork,
    NamedVariable,
    described,
    meant,
    word_at,
)
from nesy.errors import Span
from nesy.language.syntax import Indicator, Neural

SHOWN = 5
"""How many clauses are shown."""
LONGEST = 300
"""How many characters of a clause are shown."""

STATEMENTS = {
    "query": "`query(atom).` asks for the probability of an atom, or of each of its instances.",
    "evidence": "`evidence(atom).` says what was seen: every answer is given it. `evidence(atom, false).`",
    "nn": (
        "`nn(network, [inputs], X, domain) :: head(X).` is a classifier over a domain; "
        "`nn(network, [inputs]) :: head.` the probability of the head; "
        "`nn(network, [inputs], E) :: head(E).` a tensor."
    ),
}
"""The words that make statements what they are."""


@final
@dataclass(frozen=True, slots=True)
class Hover:
    """What is shown, in Markdown, and the characters that it is about."""

    text: str
    span: Span


def hover(analysis: Analysis, offset: int) -> Hover | None:
    """What the word at a character means; None where nothing is known of it."""
    word = word_at(analysis, offset)
    if word is None or isinstance(word, NamedVariable):
        return None
    if isinstance(word, NamedNetwork):
        text = network_text(word.name, analysis.networks.get(word.name, []))
    else:
        text = predicate_text(analysis, word.key)
    return Hover(text, analysis.tokens.span(word.index)) if text else None


def predicate_text(analysis: Analysis, key: Indicator) -> str:
    """What is known of a predicate, or of those of its name; empty where nothing is."""
    found = meant(analysis, key)
    if found:
        return "\n\n---\n\n".join(_defined_text(analysis, predicate) for predicate in found)
    if key[0] in STATEMENTS and key[1] > 0:
        return STATEMENTS[key[0]]
    return "\n\n".join(builtin_text(line) for line in described(key))


def builtin_text(line: str) -> str:
    """A line about a built-in predicate, as `succ(X, Y): Y is X + 1`."""
    signature, _, meaning = line.partition(": ")
    return f"{_code(signature)}\n\n{meaning} (built in)"


def network_text(name: str, labels: list[Neural]) -> str:
    """What is known of a network: how it is called, and what it gives."""
    if not labels:
        return ""
    lines = [f"`{name}`: a network, given as `networks={{{name!r}: ...}}`"]
    for label in labels[:SHOWN]:
        if label.domain is not None:
            gives = f"one of {len(label.domain)} values"
        else:
            gives = "a probability" if label.output is None else "a tensor"
        line = f", line {label.span.line}" if label.span is not None else ""
        lines.append(f"- {counted(len(label.inputs), 'input')}, gives {gives}{line}")
    return "\n".join(lines)


def _defined_text(analysis: Analysis, predicate: Predicate) -> str:
    parts = [f"**{predicate.title}**: {_summary(analysis, predicate)}"]
    if comment := predicate.comment():
        parts.append(comment)
    if predicate.clauses:
        shown = [_shortened(span.text) for span in predicate.clauses[:SHOWN]]
        more = len(predicate.clauses) - len(shown)
        parts.append(_code("\n".join([*shown, *([f"% and {more:,} more"] if more else [])])))
    return "\n\n".join(parts)


def _summary(analysis: Analysis, predicate: Predicate) -> str:
    count = len(predicate.clauses)
    pieces = list(predicate.notes)
    if count:
        first = predicate.clauses[0]
        place = f"line {first.line}"
        if not analysis.is_here(first):
            place = f"`{Path(first.source.name).name}`, {place}"
        pieces.insert(0, f"{counted(count, 'clause')}, from {place}")
    return ", ".join(pieces)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + " ..."


def _code(text: str) -> str:
    return f"```nesy\n{text}\n```"
