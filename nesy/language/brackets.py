"""Brackets while a text is read: what is open, and what a closed list means."""

from __future__ import annotations

from typing import Final, final

from nesy.errors import Span
from nesy.language.ranges import expand_ranges
from nesy.language.syntax import Atom, ListTerm, Term

_CLOSING: Final = {"call": ")", "(": ")", "[": "]"}


@final
class Bracket:
    """A bracket that is not closed yet, and what was collected inside it."""

    __slots__ = ("base", "first", "functor", "has_tail", "items", "kind")

    def __init__(self, kind: str, first: int, functor: str, base: int) -> None:
        self.kind = kind  # "call", "(" or "["
        self.first = first  # the token the bracketed term starts with
        self.functor = functor
        self.base = base  # how many operators were waiting outside
        self.items: list[Term] = []
        self.has_tail = False

    @property
    def closing(self) -> str:
        """What closes it."""
        return _CLOSING[self.kind]

    @property
    def bracket(self) -> int:
        """The index of the opening bracket's token."""
        return self.first + 1 if self.kind == "call" else self.first


def list_term(items: list[Term], has_tail: bool, span: Span) -> Term:
    """A list term in canonical form: a tail that is itself a list is joined on."""
    tail = items.pop() if has_tail else None
    items = expand_ranges(items)
    if isinstance(tail, ListTerm):
        items.extend(tail.items)
        tail = tail.tail
    elif isinstance(tail, Atom) and tail.name == "[]":
        tail = None
    return ListTerm(tuple(items), tail, span)
