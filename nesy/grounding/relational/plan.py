"""What the planner found out, as the assembly of the graph needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from nesy.grounding.relational.draft import Operator, Relation
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.terms import Args


@final
@dataclass(eq=False)
class Facts:
    """Tuples that are given: one row for each different one.

    tuples: the arguments of each fact; sources: the facts' rules, empty where all are certain.
    """

    relation: Relation
    tuples: list[Args]
    sources: list[Rule]

    @property
    def certain(self) -> bool:
        """Whether every row holds in every world."""
        return not self.sources


@final
@dataclass(eq=False)
class Labels:
    """The instances of a label, which its clause's heads share: one row of the clause's variables each."""

    relation: Relation
    rules: list[Rule] = field(default_factory=list)


@final
@dataclass(eq=False)
class Record:
    """How instances of a rule are recorded: the row of their label, if the rule has one, comes first."""

    rule: Rule
    operator: Operator
    relation: Relation
    labels: Labels | None


@final
@dataclass(eq=False)
class Answers:
    """The answers to the calls of a predicate that bind the same arguments.

    bound: for each argument, whether calls bind it. certain: each answer holds in every world.
    """

    predicate: Predicate
    bound: tuple[bool, ...]
    relation: Relation
    demand: Relation
    certain: bool
    records: list[Record] = field(default_factory=list)


Source = Facts | Answers
"""What a goal reads."""


@final
@dataclass(eq=False)
class Denial:
    """A negated goal over a relation whose rows are known at the end: the columns that hold its arguments."""

    answers: Answers
    columns: tuple[int, ...]


@final
@dataclass(eq=False)
class Provenance:
    """Where the literals of rows come from.

    producers: the operator that makes each intermediate relation. denials: the negated goal that each
    row of an intermediate relation stands for. sources: what relations of facts and answers hold.
    """

    producers: dict[Relation, Operator] = field(default_factory=dict)
    denials: dict[Relation, Denial] = field(default_factory=dict)
    sources: dict[Relation, Source] = field(default_factory=dict)
