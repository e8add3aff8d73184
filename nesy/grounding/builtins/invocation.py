"""One call of a built-in: its arguments as Python values, its answers, and the mistakes it may meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import final

from nesy.errors import GroundingError, Span
from nesy.grounding.messages import shown
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.grounding.unification import fresh_number
from nesy.language.syntax import Atom, Indicator, Number, String

NO: tuple[Args, ...] = ()
"""The answers of a call that fails."""

INTEGER = "an integer"
CLOSED = "a closed list"


@final
class Invocation:
    """One call of a built-in.

    Positions count from 0; messages count from 1. Every method that reads an argument raises
    `GroundingError` (call-mode, or not-an-integer) where the call does not allow it.
    """

    __slots__ = ("_key", "args", "span", "store")

    def __init__(self, key: Indicator, store: TermStore, args: Args, span: Span | None) -> None:
        self._key = key
        self.store = store
        self.args = args
        self.span = span

    def __getitem__(self, position: int) -> TermId:
        return self.args[position]

    @property
    def name(self) -> str:
        """The predicate, as `length/2`."""
        return f"{self._key[0]}/{self._key[1]}"

    def refusal(self, position: int, allowed: str, code: str = "call-mode") -> GroundingError:
        """The error of an argument that the call does not allow."""
        term = self.args[position]
        return self.refused(f"argument {position + 1} must be {allowed}", term, code)

    def refused(self, rule: str, term: TermId, code: str = "call-mode") -> GroundingError:
        """The error of a term that breaks a rule."""
        found = "it is not bound" if term < 0 else f"it is {shown(self.store, term)}"
        hint = None
        if not self.store.is_ground(term):
            hint = "put the goal that binds it before this one"
        return GroundingError(code, f"{self.name}: {rule}, and {found}", span=self.span, hint=hint)

    def yes(self) -> Iterable[Args]:
        """The answers of a call that holds as it stands."""
        return (self.args,)

    def where(self, *values: tuple[int, TermId]) -> Args:
        """The arguments with some of them replaced, by position."""
        args = list(self.args)
        for position, term in values:
            args[position] = term
        return tuple(args)

    def only(self, *values: tuple[int, TermId]) -> Iterable[Args]:
        """The one answer in which these arguments are these terms."""
        return (self.where(*values),)

    def integer(self, position: int, allowed: str = INTEGER) -> int:
        """The integer that an argument is."""
        found = self.store.number_value(self.args[position])
        if isinstance(found, int):
            return found
        code = "call-mode" if self.args[position] < 0 else "not-an-integer"
        raise self.refusal(position, allowed, code)

    def integer_if_bound(self, position: int) -> int | None:
        """The integer that an argument is, or None where it is not bound."""
        return None if self.args[position] < 0 else self.integer(position, "an integer, or not bound")

    def items(self, position: int, allowed: str = CLOSED) -> list[TermId]:
        """The items of the closed list that an argument is."""
        found = self.store.list_items(self.args[position])
        if found is None:
            raise self.refusal(position, allowed)
        return found

    def text(self, position: int, allowed: str = "an atom, a string or a number") -> str:
        """The characters of the constant that an argument is."""
        found = characters(self.store, self.args[position])
        if found is None:
            raise self.refusal(position, allowed)
        return found

    def text_if_bound(self, position: int) -> str | None:
        """The characters of the constant that an argument is, or None where it is not bound."""
        if self.args[position] < 0:
            return None
        return self.text(position, "an atom, a string or a number, or not bound")

    def fresh(self, count: int) -> tuple[TermId, ...]:
        """Variables that the call does not hold."""
        first = fresh_number(self.store, self.args)
        return tuple(variable(first + i) for i in range(count))


Solve = Callable[[Invocation], Iterable[Args]]
"""What a built-in does: the answers to a call."""

Entry = tuple[Indicator, Builtin]


def entry(name: str, arity: int, solve: Solve) -> Entry:
    """A line of a table of built-ins."""
    key = (name, arity)

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        return solve(Invocation(key, store, args, span))

    return key, run


def test(name: str, arity: int, holds: Callable[[TermStore, Args], bool]) -> Entry:
    """A line for a built-in that binds nothing and takes every argument."""

    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        return (args,) if holds(store, args) else NO

    return (name, arity), run


def characters(store: TermStore, term: TermId) -> str | None:
    """The text of a constant without quotes; None for other terms."""
    head = store.heads[term] if term >= 0 else None
    if isinstance(head, Atom):
        return head.name
    if isinstance(head, String):
        return head.value
    return repr(head.value) if isinstance(head, Number) else None
