"""Generates texts from grammar/nesy.ebnf and recognises texts with it.

Shares nothing with the parser: rules are matched by trying every alternative, characters by the
regular expressions that the grammar file spells out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from random import Random

from nesy_site.ebnf import Choice, Expression, Grammar, Pattern, Repeat, Rule, Sequence, Word

_LAYOUT = re.compile(r"(?:\s|%[^\n]*|/\*.*?\*/)*", re.DOTALL)


def heights(grammar: Grammar) -> dict[str, float]:
    """How many rules stand inside one another, at least, in a derivation from each rule."""
    found = dict.fromkeys(grammar, math.inf)
    while True:
        better = {name: 1 + _height(expression, found) for name, expression in grammar.items()}
        if better == found:
            return found
        found = better


def _height(expression: Expression, known: dict[str, float]) -> float:
    if isinstance(expression, Rule):
        return known[expression.name]
    if isinstance(expression, Sequence):
        return max(_height(part, known) for part in expression.parts)
    if isinstance(expression, Choice):
        return min(_height(part, known) for part in expression.parts)
    return 0


SAMPLES = [
    *(
        "a",
        "p2",
        "camelCase",
        "nn",
        "X",
        "_",
        "_x",
        "Y1",
        "[",
        "0",
        "-12",
        "3.5",
        "1e-3",
        "-0x1F",
        "0b10",
        "0o7",
        "0'a",
    ),
    *("0'''", "0'\\n", "''", "'New York'", "'it''s'", "'\\x41\\\\n'", '""', '"say ""hi"""', '"\\101\\"'),
    *("op(", "700", "==>", "p(", "'q r'(", "-(", "*(", "/(", "nots(", "."),
]
"""Tokens of every kind; each is used where a regular expression of the grammar matches it."""


def generated(grammar: Grammar, start: str, random: Random, budget: int) -> str:
    """A text that the grammar derives, a space between any two tokens.

    Once `budget` rules are used up, the shortest way out is taken everywhere.
    """
    least = heights(grammar)
    left = budget

    def derive(expression: Expression) -> list[str]:
        nonlocal left
        if isinstance(expression, Word):
            return [expression.text]
        if isinstance(expression, Pattern):
            pattern = re.compile(expression.regex, re.ASCII)
            return [random.choice([s for s in SAMPLES if pattern.fullmatch(s)])]
        if isinstance(expression, Rule):
            left -= 1
            return derive(grammar[expression.name])
        if isinstance(expression, Sequence):
            return [word for part in expression.parts for word in derive(part)]
        if isinstance(expression, Choice):
            lowest = min(_height(part, least) for part in expression.parts)
            return derive(
                random.choice([p for p in expression.parts if left > 0 or _height(p, least) == lowest])
            )
        most = 0 if left < 0 or random.random() < 0.6 else 1 if expression.once else 2
        return [word for _ in range(most) for word in derive(expression.part)]

    return " ".join(derive(Rule(start)))


def words(expression: Expression | Grammar) -> Iterator[str]:
    """The quoted terminals of an expression or a grammar."""
    if isinstance(expression, dict):
        for part in expression.values():
            yield from words(part)
    elif isinstance(expression, Word):
        yield expression.text
    elif isinstance(expression, (Sequence, Choice)):
        for part in expression.parts:
            yield from words(part)
    elif isinstance(expression, Repeat):
        yield from words(expression.part)


def recognised(grammar: Grammar, start: str, text: str) -> bool:
    """Whether the grammar derives a whole text."""
    ends: dict[tuple[str, int], frozenset[int]] = {}
    symbols = sorted({s for s in words(grammar) if not s[0].isalnum()}, key=len, reverse=True)
    longest = re.compile("|".join(map(re.escape, symbols)))

    def terminal(pattern: re.Pattern[str], at: int) -> frozenset[int]:
        layout = _LAYOUT.match(text, at)
        match = pattern.match(text, layout.end() if layout else at)
        return frozenset((match.end(),)) if match else frozenset()

    def match(expression: Expression, at: int) -> frozenset[int]:
        if isinstance(expression, Word):
            if expression.text[-1].isalpha():
                return terminal(re.compile(expression.text + r"\b"), at)
            # Of two symbols that start at one place, the longer is read.
            return frozenset(
                end for end in terminal(longest, at) if _LAYOUT.sub("", text[at:end]) == expression.text
            )
        if isinstance(expression, Pattern):
            return terminal(re.compile(expression.regex, re.ASCII), at)
        if isinstance(expression, Rule):
            key = (expression.name, at)
            if key not in ends:
                ends[key] = match(grammar[expression.name], at)
            return ends[key]
        if isinstance(expression, Choice):
            return frozenset[int]().union(*(match(part, at) for part in expression.parts))
        if isinstance(expression, Repeat):
            return repeat(expression, at)
        found = frozenset((at,))
        for part in expression.parts:
            found = frozenset[int]().union(*(match(part, position) for position in found))
        return found

    def repeat(expression: Repeat, at: int) -> frozenset[int]:
        found = reached = frozenset((at,))
        while reached:
            reached = frozenset[int]().union(*(match(expression.part, p) for p in reached)) - found
            found |= reached
            if expression.once:
                break
        return found

    layouts = (_LAYOUT.match(text, end) for end in match(Rule(start), 0))
    return any(layout is not None and layout.end() == len(text) for layout in layouts)
