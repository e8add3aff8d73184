"""Reads grammar/nesy.ebnf: its notation is told in its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union, final


@final
@dataclass(frozen=True)
class Word:
    """A terminal in quotes."""

    text: str


@final
@dataclass(frozen=True)
class Pattern:
    """A terminal as a regular expression."""

    regex: str


@final
@dataclass(frozen=True)
class Rule:
    """The name of a rule."""

    name: str


@final
@dataclass(frozen=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Expression, ...]


@final
@dataclass(frozen=True)
class Choice:
    """One of the parts."""

    parts: tuple[Expression, ...]


@final
@dataclass(frozen=True)
class Repeat:
    """Any number of times; at most once where `once` is set."""

    part: Expression
    once: bool


Expression = Union[Word, Pattern, Rule, Sequence, Choice, Repeat]
Grammar = dict[str, Expression]

_TOKEN = re.compile(
    r'\s+|\(\*.*?\*\)|("[^"]*"|/(?:[^/\\\n]|\\.)+/(?=[ ;\n])|[a-z][a-z0-9_]*|[=,|;()\[\]{}])', re.DOTALL
)


def read_grammar(text: str) -> Grammar:
    """The rules of a grammar, in their order. Raises `ValueError` where the text is not in the notation."""
    tokens = _Tokens(text)
    grammar: Grammar = {}
    while tokens.current:
        name = tokens.take()
        tokens.expect("=")
        grammar[name] = _choice(tokens)
        tokens.expect(";")
    return grammar


class _Tokens:
    def __init__(self, text: str) -> None:
        self._found = list(self._scan(text))
        self._index = 0

    @staticmethod
    def _scan(text: str) -> Iterator[str]:
        position = 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"not EBNF: {text[position : position + 20]!r}")
            position = match.end()
            if match.group(1):
                yield match.group(1)

    @property
    def current(self) -> str:
        return self._found[self._index] if self._index < len(self._found) else ""

    def take(self) -> str:
        if not self.current:
            raise ValueError("the grammar ends within a rule")
        self._index += 1
        return self._found[self._index - 1]

    def expect(self, token: str) -> None:
        if self.current != token:
            raise ValueError(f"{token} expected, not {self.current}")
        self._index += 1


def _choice(tokens: _Tokens) -> Expression:
    parts = [_sequence(tokens)]
    while tokens.current == "|":
        tokens.take()
        parts.append(_sequence(tokens))
    return parts[0] if len(parts) == 1 else Choice(tuple(parts))


def _sequence(tokens: _Tokens) -> Expression:
    parts = [_factor(tokens)]
    while tokens.current == ",":
        tokens.take()
        parts.append(_factor(tokens))
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def _factor(tokens: _Tokens) -> Expression:
    token = tokens.take()
    if token in ("(", "[", "{"):
        inner = _choice(tokens)
        tokens.expect({"(": ")", "[": "]", "{": "}"}[token])
        return inner if token == "(" else Repeat(inner, once=token == "[")
    if token[0] == '"':
        return Word(token[1:-1])
    return Pattern(token[1:-1]) if token[0] == "/" else Rule(token)
