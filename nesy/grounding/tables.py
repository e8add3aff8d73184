"""What tabled resolution keeps: one table per call, its answers, and the frames waiting for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, final

from nesy.errors import Span
from nesy.grounding.environments import Slots
from nesy.grounding.plans import Bindings, Plan
from nesy.grounding.rules import Predicate
from nesy.grounding.terms import Args
from nesy.logic.graph import TRUE, Graph, Lit


@final
@dataclass(slots=True, eq=False)
class Frame:
    """A rule under way for a table: the next goal, the bindings, and the literals gathered so far.

    literals is a chain of pairs, newest first, shared between the frames that part here. `env` may be
    shared too: it is replaced, never changed. plain: whether `env` is (see `environments`).
    """

    table: Table
    plan: Plan
    position: int
    env: Bindings
    literals: Chain
    plain: bool

    def advanced(self, env: Bindings) -> Frame:
        """The frame itself, at its next goal, with these bindings."""
        self.position += 1
        self.env = env
        return self

    def gathered(self) -> list[Lit]:
        """The literals gathered so far; TRUE where there is none."""
        literals = []
        chain = self.literals
        while chain is not None:
            literals.append(chain[0])
            chain = chain[1]
        return literals or [TRUE]


Chain = tuple[Lit, "Chain"] | None


class Waiting(NamedTuple):
    """A frame that waits at a table for answers to its goal.

    slots: what a ground answer binds; None where only unification can tell.
    """

    frame: Frame
    args: Args
    slots: Slots | None


@final
@dataclass(slots=True, eq=False)
class Table:
    """A call (equal up to the names of its variables) and everything known about it.

    answers: the node of each answer's arguments, in order of discovery; TRUE where it holds in
    every world. proofs: the literals whose disjunction each answer is. pending: how many frames of
    this table are still to run or wait for a table to be complete. callees: the tables this one
    depends on.
    """

    predicate: Predicate
    args: Args
    span: Span | None = None
    answers: dict[Args, Lit] = field(default_factory=dict)
    proofs: dict[Args, list[Lit]] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    callees: dict[Table, None] = field(default_factory=dict)
    pending: int = 0
    complete: bool = False
    any_answer: Lit | None = None

    def define(self, graph: Graph) -> None:
        """Give every answer's node the proofs known so far."""
        for args, node in self.answers.items():
            if node != TRUE:
                graph.define(node, self.proofs[args])


def complete(table: Table, graph: Graph) -> None:
    """Mark a table to which no answer can come any more."""
    table.define(graph)
    table.complete = True
    table.waiting.clear()
    table.callees.clear()


def settled(table: Table) -> dict[Table, None]:
    """A table and those it depends on, where no answer can come to any of them; else nothing.

    Cost: O(tables and calls between them) that are not complete.
    """
    seen = {table: None}
    stack = [table]
    while stack:
        current = stack.pop()
        if current.pending:
            return {}
        for callee in current.callees:
            if not callee.complete and callee not in seen:
                seen[callee] = None
                stack.append(callee)
    return seen


def leads_to(table: Table, to: Table) -> bool:
    """Whether a table depends on another, or is it."""
    seen = {table: None}
    stack = [table]
    while stack:
        current = stack.pop()
        if current is to:
            return True
        for callee in current.callees:
            if callee not in seen:
                seen[callee] = None
                stack.append(callee)
    return False
