"""From characters to numbers and terms."""

from __future__ import annotations

import re

from nesy.errors import Source, Span
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import TermId, TermStore, variable
from nesy.language.literals import number
from nesy.language.malformed import Malformed
from nesy.language.operators import CLAUSE_PRIORITY
from nesy.language.reader import Reader
from nesy.language.tokens import END, STOP, Tokens

_NUMBER = re.compile(
    r"\s*([+-]?)(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|0'(?:[^\\']|\\.|'')|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)",
    re.DOTALL,
)


def read_number(text: str) -> int | float | None:
    """The number that a text writes, or None where it writes none."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, digits = found.groups()
    try:
        value = number(digits, Span(Source("<number>", digits), 0, len(digits)))
    except Malformed:
        return None
    return -value if sign == "-" else value


def read_term(store: TermStore, text: str, first: int) -> TermId | None:
    """The term that a text writes, its variables numbered from `first`; None where it writes none."""
    tokens = Tokens(Source("<term>", text))
    reader = Reader(tokens)
    try:
        term = reader.read(CLAUSE_PRIORITY)
    except Malformed:
        return None
    behind = reader.index + (tokens.kinds[reader.index] == STOP)
    if tokens.kinds[behind] != END:
        return None
    names: dict[str, int] = {}
    found = intern(store, term, names)
    return store.map_variables(found, lambda v: variable(first - 1 - v))
