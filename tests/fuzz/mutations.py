"""Mutations of rule texts: what hands, editors and broken files do to them. The same for the same seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

TOKEN = re.compile(
    r"""'(?:[^'\\\n]|\\.|'')*'|"(?:[^"\\\n]|\\.)*"|%[^\n]*|/\*.*?\*/|\d+(?:\.\d+)?|\w+|\s+|::|:-|[\\=<>@+*/-]+|.""",
    re.DOTALL,
)
"""Good enough to cut a text where a person would; what is no token is a character."""

ODD = [
    *"()[]{}|,.;:!'\"`\\%_$&^~#?@\n\t\0\x7f\u00a0\u200b\ufeffé∀\U0001d538",
    *(":-", "::", "->", "\\+", "/*", "*/", "..", "0'", "0'\\", "0x", "1e999", "-1", "9" * 400, "_", "X"),
    *("nn(", "t(_)::", "query(", "evidence(", ":- op(700, xfx, ===).", "not", "is", "mod", "call", "findall"),
]
"""Pieces of text that mean much, or should mean nothing."""

NESTS = [
    *[("(", ")"), ("f(", ")"), ("[", "]"), ("\\+", ""), ("-", ""), ("1+", ""), ("[a|", "]")],
    *[("call(", ")"), ("once(", ")"), ("ignore(", ")"), ("forall(", ", p)"), ("findall(X, ", ", _)")],
    *[("(", " -> p ; q)"), ("(", " ; p)"), ("subquery(", ", _)"), ("(p, ", ")")],
]
"""What stands before and behind a term at each level of nesting."""


def tokens(text: str) -> list[str]:
    """The text, cut."""
    return TOKEN.findall(text)


def _place(rng: Random, parts: Sequence[str]) -> int:
    return rng.randrange(len(parts) + 1)


def _delete(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    start = _place(rng, parts)
    return parts[:start] + parts[start + rng.choice([1, 1, 2, 5]) :]


def _duplicate(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    start = _place(rng, parts)
    end = start + rng.choice([1, 3, 10])
    return parts[:end] + parts[start:end] * rng.choice([1, 1, 3]) + parts[end:]


def _swap(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    if not parts:
        return parts
    i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
    parts[i], parts[j] = parts[j], parts[i]
    return parts


def _replace(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    """A token by another of the same text: names for names more often than not."""
    words = [i for i, part in enumerate(parts) if part[0].isalnum() or part[0] == "_"]
    if len(words) < 2:
        return parts
    i, j = rng.choice(words), rng.choice(words)
    parts[i] = parts[j]
    return parts


def _insert(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    start = _place(rng, parts)
    return [*parts[:start], rng.choice(ODD), *parts[start:]]


def _splice(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    return parts[: _place(rng, parts)] + other[_place(rng, other) :]


def _graft(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    """A run of another program's tokens in the middle."""
    start, here = _place(rng, other), _place(rng, parts)
    return parts[:here] + other[start : start + rng.choice([3, 10, 30])] + parts[here:]


def _bytes(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    """A few characters by any of a byte's values."""
    characters = list("".join(parts))
    for _ in range(rng.choice([1, 2, 8])):
        if characters:
            characters[rng.randrange(len(characters))] = chr(rng.randrange(256))
    return characters


def _truncate(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    text = "".join(parts)
    return [text[: rng.randrange(len(text) + 1)]]


def _nest(rng: Random, parts: list[str], other: list[str]) -> list[str]:
    """A word becomes a deep term: brackets, lists, negations, sums."""
    words = [i for i, part in enumerate(parts) if part[0].isalnum()]
    if not words:
        return parts
    i = rng.choice(words)
    depth = rng.choice([3, 30, 300, 3000])
    start, end = rng.choice(
        [("(", ")"), ("f(", ")"), ("[", "]"), ("\\+", ""), ("-", ""), ("1+", ""), ("[a|", "]")]
    )
    parts[i] = start * depth + parts[i] + end * (depth - (rng.random() < 0.1))
    return parts


MUTATIONS: tuple[Callable[[Random, list[str], list[str]], list[str]], ...] = (
    _delete,
    _duplicate,
    _swap,
    _replace,
    _replace,
    _insert,
    _splice,
    _graft,
    _bytes,
    _truncate,
    _nest,
)


def mutated(rng: Random, text: str, other: str) -> str:
    """A text after one to four mutations; `other` is where splices come from."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        text = "".join(rng.choice(MUTATIONS)(rng, tokens(text), tokens(other)))
    return text
