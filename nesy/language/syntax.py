"""The typed syntax tree of a rule file.

Nodes are final and frozen; equality ignores spans, so two texts that mean the same compare equal.
`Term` is a closed union; statements are `Clause`, `Query`, `Evidence`, `Constraint`, `Directive`.
A variable as a goal is the call `call(X)`; a scope `s:a` is the compound `:(s, a)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Union, final

from nesy.errors import Source, Span
from nesy.language.declarations import declared
from nesy.language.terms import (
    Atom,
    Callable,
    Compound,
    Indicator,
    ListTerm,
    Number,
    String,
    Term,
    Variable,
    indicator,
)

if TYPE_CHECKING:
    from nesy.language.facts import FactTable
    from nesy.language.foreign import Foreign

__all__ = [
    "Atom",
    "Call",
    "Callable",
    "Clause",
    "Compound",
    "Conditional",
    "Conjunction",
    "Constraint",
    "Directive",
    "Disjunction",
    "Evidence",
    "Goal",
    "Head",
    "Indicator",
    "Label",
    "Learnable",
    "ListTerm",
    "Negation",
    "Neural",
    "Number",
    "Probability",
    "Program",
    "Query",
    "Statement",
    "String",
    "Term",
    "Variable",
    "indicator",
]


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


@final
@dataclass(frozen=True, slots=True)
class Conditional:
    """`(condition -> then ; otherwise)`; without an `otherwise`, `(condition -> then)`.

    A conditional as the last alternative of another is its `otherwise`: chains nest to the right.
    """

    condition: Goal
    then: Goal
    otherwise: Goal | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


Goal = Union[Call, Negation, Conjunction, Disjunction, Conditional]


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
class Learnable:
    """The label `t(initial) ::` of a head: a probability to learn. `t(_)` gives no initial value (None)."""

    initial: Term | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


Label = Union[Probability, Neural, Learnable]


@final
@dataclass(frozen=True, slots=True)
class Head:
    r"""One alternative of a clause's head: an atom, and its label where it has one.

    negated: the head is written `\+atom`; the clause says when the atom does not hold.
    """

    atom: Callable
    label: Label | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    negated: bool = False


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
    """`query(atom).`, or `query(atom) :- body.`: the instances of the atom for which the body holds."""

    atom: Callable
    span: Span | None = field(default=None, compare=False, repr=False)
    body: Goal | None = None


@final
@dataclass(frozen=True, slots=True)
class Evidence:
    r"""`evidence(atom).`, `evidence(\+atom).`, `evidence(atom, true|false).`, or any of these `:- body.`"""

    atom: Callable
    holds: bool = True
    span: Span | None = field(default=None, compare=False, repr=False)
    body: Goal | None = None


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


@final
@dataclass(frozen=True)
class Program:
    """A checked rule file: its statements in order, with the text they came from.

    facts: further facts, given as columns instead of as text.
    foreign: predicates that are Python functions.
    """

    statements: tuple[Statement, ...]
    source: Source = field(default=Source("<text>", ""), compare=False, repr=False)
    facts: tuple[FactTable, ...] = ()
    foreign: tuple[Foreign, ...] = ()

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
        """The predicates that some clause or table of facts defines, or some directive declares."""
        written = (indicator(h.atom) for c in self.clauses for h in c.heads)
        given = ((table.name, len(table.columns)) for table in self.facts)
        directives = (s.term for s in self.statements if isinstance(s, Directive))
        return frozenset((*written, *given, *(key for term in directives for key in declared(term))))

    def networks(self) -> Iterator[Neural]:
        """The neural labels of the program, in order of the text."""
        for clause in self.clauses:
            for head in clause.heads:
                if isinstance(head.label, Neural):
                    yield head.label
