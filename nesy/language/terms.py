"""Terms: the constants, variables, compounds and lists that rules are written in.

Nodes are final and frozen; equality ignores spans. `Term` is a closed union.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Union, final

from nesy.errors import Span

AGGREGATE = "<>"
"""The functor of `sum<X>`, which is read as `<>(sum, X)`."""


@final
@dataclass(frozen=True, slots=True)
class Atom:
    """A name: `alice`, `'New York'`, `[]`, `+`. `name` is unquoted."""

    name: str
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Number:
    """An integer of any size, or a float. `1` and `1.0` are different terms."""

    value: int | float
    span: Span | None = field(default=None, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Number):
            return NotImplemented
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


@final
@dataclass(frozen=True, slots=True)
class String:
    """Double-quoted text: a constant of its own kind, different from the atom of that name."""

    value: str
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Variable:
    """A logical variable, scoped to its statement.

    Each `_` in a text is a variable of its own, named `_#1`, `_#2`, ... in order of appearance
    within its statement; `#` cannot occur in a written name, and the printer shows `_` again.
    """

    name: str
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def anonymous(self) -> bool:
        """Whether this was written `_`."""
        return self.name.startswith("_#")


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compound:
    """A functor applied to one or more arguments; operators are compounds too: `X+1` is `+(X,1)`.

    Comparing, hashing and showing are iterative: terms may be of any depth.
    """

    functor: str
    args: tuple[Term, ...]
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Atom, Number, String, Variable, Compound, ListTerm)):
            return NotImplemented
        return self is other or _equal(self, other)

    def __hash__(self) -> int:
        return _hash(self)

    def __repr__(self) -> str:
        return _repr(self)


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ListTerm:
    """A list `[items...|tail]` of at least one item; a closed list has no tail. `[]` is `Atom("[]")`.

    Comparing, hashing and showing are iterative, as for `Compound`.
    """

    items: tuple[Term, ...]
    tail: Term | None = None
    span: Span | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Atom, Number, String, Variable, Compound, ListTerm)):
            return NotImplemented
        return self is other or _equal(self, other)

    def __hash__(self) -> int:
        return _hash(self)

    def __repr__(self) -> str:
        return _repr(self)


Term = Union[Atom, Number, String, Variable, Compound, ListTerm]
Callable = Union[Atom, Compound]
"""What can stand as an atom of the logic: a head, or a goal in a body."""


Indicator = tuple[str, int]
"""A predicate: its name and arity."""


def indicator(atom: Callable) -> Indicator:
    """The predicate an atom belongs to."""
    return (atom.name, 0) if isinstance(atom, Atom) else (atom.functor, len(atom.args))


def parts_of(term: Term) -> tuple[Term, ...]:
    """The terms that a term is made of, in order of the text; a list's tail comes last."""
    if isinstance(term, Compound):
        return term.args
    if isinstance(term, ListTerm):
        return term.items if term.tail is None else (*term.items, term.tail)
    return ()


def placed(term: Term, span: Span) -> Term:
    """The same term at another place."""
    return replace(term, span=span)


def _shape(term: Term) -> object:
    """What two terms must share besides their parts; a constant itself."""
    if isinstance(term, Compound):
        return term.functor, len(term.args)
    if isinstance(term, ListTerm):
        return len(term.items), term.tail is None
    return term


def _equal(left: Term, right: Term) -> bool:
    stack = [(left, right)]
    while stack:
        one, other = stack.pop()
        if one is other:
            continue
        if type(one) is not type(other) or _shape(one) != _shape(other):
            return False
        stack.extend(zip(parts_of(one), parts_of(other), strict=True))
    return True


def _hash(term: Term) -> int:
    shapes: list[object] = []
    stack = [term]
    while stack:
        current = stack.pop()
        shapes.append(_shape(current))
        stack.extend(parts_of(current))
    return hash(tuple(shapes))


def _repr(term: Term) -> str:
    pieces: list[str] = []
    stack: list[str | Term] = [term]
    while stack:
        item = stack.pop()
        if isinstance(item, Compound):
            stack += [")", *_separated(item.args), f"Compound({item.functor!r}, "]
        elif isinstance(item, ListTerm):
            tail = () if item.tail is None else (item.tail, ", tail=")
            stack += [")", *tail, *_separated(item.items), "ListTerm("]
        else:
            pieces.append(item if isinstance(item, str) else repr(item))
    return "".join(pieces)


def _separated(terms: tuple[Term, ...]) -> list[str | Term]:
    """A tuple's parts from last to first, as a stack wants them."""
    parts: list[str | Term] = [")"]
    for term in reversed(terms):
        parts += [term, ", "]
    return [*parts[:-1], "("]
