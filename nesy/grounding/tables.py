"""What tabled resolution keeps: one table per call, its answers, and the frames waiting for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from nesy.errors import Span
from nesy.grounding.rules import Predicate, Rule
from nesy.grounding.terms import Args
from nesy.grounding.unification import Env
from nesy.logic.graph import Lit


@final
@dataclass(slots=True, eq=False)
class Frame:
    """A rule under way for a table: the next goal, the bindings, and the literals gathered so far.

    literals is a chain of pairs, newest first, shared between the frames that part here.
    """

    table: Table
    rule: Rule
    position: int
    env: Env
    literals: Chain


Chain = tuple[Lit, "Chain"] | None


@final
@dataclass(slots=True, eq=False)
class Table:
    """A call (equal up to the names of its variables) and everything known about it.

    answers: the node of each answer's arguments, in order of discovery; TRUE where it holds in
    every world. proofs: the literals whose disjunction each answer is. pending: how many frames of
    this table are still to run or wait for a negation. callees: the tables this one depends on.
    """

    predicate: Predicate
    args: Args
    answers: dict[Args, Lit] = field(default_factory=dict)
    proofs: dict[Args, list[Lit]] = field(default_factory=dict)
    waiting: list[tuple[Frame, Args]] = field(default_factory=list)
    callees: dict[Table, None] = field(default_factory=dict)
    pending: int = 0
    complete: bool = False
    any_answer: Lit | None = None
    span: Span | None = None
