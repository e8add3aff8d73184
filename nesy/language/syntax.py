"""The typed syntax tree of a rule file.

Nodes are final and frozen; equality ignores spans, so two texts that mean the same compare equal.
`Term` is a closed union; statements are `Clause`, `Query`, `Evidence`, `Constraint`, `Directive`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Union, final

from nesy.errors import Source, Span


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
@dataclass(frozen=True, slots=True)
class Compound:
    """A functor applied to one or more arguments; operators are compounds too: `X+1` is `+(X,1)`."""

    functor: str
    args: tuple[Term, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class ListTerm:
    """A list `[items...|tail]` of at least one item; a closed list has no tail. `[]` is `Atom("[]")`."""

    items: tuple[Term, ...]
    tail: Term | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


Term = Union[Atom, Number, String, Variable, Compound, ListTerm]
Callable = Union[Atom, Compound]
"""What can stand as an atom of the logic: a head, or a goal in a body."""


@final
@dataclass(frozen=True, slots=True)
class Call:
    """A goal: a user predicate or a built-in."""

    atom: Callable
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Negation:
    r"""`\+ goal`: true where the goal has no derivation."""

    goal: Goal
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Conjunction:
    """`g1, g2, ...`: flat, at least two goals; conjunctions nest only below other goals."""

    goals: tuple[Goal, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Disjunction:
    """`g1 ; g2 ; ...`: flat, at least two goals."""

    goals: tuple[Goal, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


Goal = Union[Call, Negation, Conjunction, Disjunction]


@final
@dataclass(frozen=True, slots=True)
class Probability:
    """The label `p ::` of a head: a number, an expression, or a variable that the body binds."""

    value: Term
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Neural:
    """The label `nn(network, [inputs], output, domain) ::` of a head.

    nn/2: `output` and `domain` are None; the head holds with the probability the network gives.
    nn/3: `domain` is None; `output` stands for the tensor the network gives.
    nn/4: `output` ranges over `domain` (ranges such as `0..9` already written out); one symbol.
    """

    network: str
    inputs: tuple[Term, ...]
    output: Variable | None = None
    domain: tuple[Term, ...] | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Head:
    """One alternative of a clause's head: an atom, and its label where it has one."""

    atom: Callable
    label: Probability | Neural | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Clause:
    """A fact, rule, probabilistic clause, annotated disjunction (several heads) or neural predicate."""

    heads: tuple[Head, ...]
    body: Goal | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Query:
    """`query(atom).`"""

    atom: Callable
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Evidence:
    r"""`evidence(atom).`, `evidence(\+atom).`, `evidence(atom, true|false).`"""

    atom: Callable
    holds: bool = True
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Constraint:
    """`:- body.` with a body of goals: no world may satisfy it."""

    body: Goal
    span: Span | None = field(default=None, compare=False, repr=False)


@final
@dataclass(frozen=True, slots=True)
class Directive:
    """`:- name(args).` for a name that is reserved for directives, such as `use_module`."""

    term: Callable
    span: Span | None = field(default=None, compare=False, repr=False)


Statement = Union[Clause, Query, Evidence, Constraint, Directive]
Indicator = tuple[str, int]
"""A predicate: its name and arity."""


def indicator(atom: Callable) -> Indicator:
    """The predicate an atom belongs to."""
    return (atom.name, 0) if isinstance(atom, Atom) else (atom.functor, len(atom.args))


@final
@dataclass(frozen=True)
class Program:
    """A checked rule file: its statements in order, with the text they came from."""

    statements: tuple[Statement, ...]
    source: Source = field(default=Source("<text>", ""), compare=False, repr=False)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses, in order of the text."""
        return tuple(s for s in self.statements if isinstance(s, Clause))

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """The `query(...)` statements, in order of the text."""
        return tuple(s for s in self.statements if isinstance(s, Query))

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """The `evidence(...)` statements, in order of the text."""
        return tuple(s for s in self.statements if isinstance(s, Evidence))

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The integrity constraints, in order of the text."""
        return tuple(s for s in self.statements if isinstance(s, Constraint))

    @cached_property
    def predicates(self) -> frozenset[Indicator]:
        """The predicates that some clause defines."""
        return frozenset(indicator(h.atom) for c in self.clauses for h in c.heads)

    def networks(self) -> Iterator[Neural]:
        """The neural labels of the program, in order of the text."""
        for clause in self.clauses:
            for head in clause.heads:
                if isinstance(head.label, Neural):
                    yield head.label
