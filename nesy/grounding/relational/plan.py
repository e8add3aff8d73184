"""What the planner found out, as the assembly of the graph needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from nesy.grounding.relational.draft import Operator, Relation
from nesy.grounding.relational.given import Ints, Sources
from nesy.grounding.rules import Instruction, Predicate, Rule


@final
@dataclass(eq=False)
class Facts:
    """Tuples that are given: one row of the relation for each different one.

    rows: the values of each fact. sources: the rules behind them; None where all are certain.
    """

    relation: Relation
    rows: Ints
    sources: Sources | None

    @property
    def certain(self) -> bool:
        """Whether every row holds in every world."""
        return self.sources is None


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
class Planned:
    """A rule's last operator, and the goals that its operators meet."""

    rule: Rule
    operator: Operator
    goals: dict[Operator, Instruction]


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
    rules: list[Planned] = field(default_factory=list)


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
