"""The statements of a ground program."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import final

from nesy.grounding.budget import Budget
from nesy.grounding.control.subqueries import Evaluate
from nesy.grounding.ground import ground_rules
from nesy.grounding.written.choices import Heads, conjoined, heads_of
from nesy.grounding.written.drafts import Body, Choice, Drafts, Item, Name, Reference, drafts
from nesy.grounding.written.naming import Naming
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Constraint,
    Evidence,
    Goal,
    Head,
    Negation,
    Program,
    Query,
    Statement,
)
from nesy.logic.ground_rules import GroundRules

FALSE_GOAL = Call(Atom("fail"))
TRUE_GOAL = Call(Atom("true"))


def ground_program(
    program: Program, *, evaluate: Evaluate | None = None, budget: Budget | None = None
) -> Program:
    """The ground instances of a program's clauses that its queries and evidence depend on, as a program.

    It has the same queries, with the same probabilities. What is certain is left out of bodies; what has
    no name in the rules, such as a disjunction within a body, is called `aux(1)`, `aux(2)`, ...
    evaluate, budget: as `ground` takes them. Raises what `ground_rules` raises.
    Cost: that of `ground_rules`, and linear in the graph it makes.
    """
    return written(ground_rules(program, evaluate=evaluate, budget=budget))


def written(rules: GroundRules) -> Program:
    """Ground rules as a program whose outputs are its queries; each output is over false and true.

    Cost: linear in the graph.
    """
    return Program(tuple(_Writing(rules).statements()))


@final
class _Writing:
    def __init__(self, rules: GroundRules) -> None:
        self._drafts: Drafts = drafts(rules)
        self._naming = Naming([output.name for output in rules.outputs], self._drafts.bodies)
        self._heads: Heads = heads_of(rules.symbols, self._drafts, self._naming)

    def statements(self) -> Iterator[Statement]:
        """Clauses, children before parents; then what is observed; then the queries."""
        yield from self._heads.auxiliary
        for name, bodies in self._drafts.bodies.items():
            if not bodies:
                yield Clause((Head(self._naming.atom(name)),), FALSE_GOAL)
            for number, body in enumerate(bodies):
                yield from self._clause(name, number, body)
        yield from chain.from_iterable(self._asked(*query) for query in self._drafts.queries.items())
        yield from (Evidence(self._atom(item), item.positive) for item in self._drafts.observed)
        yield from (Constraint(self._body(body) or TRUE_GOAL) for body in self._drafts.broken)
        if self._drafts.impossible:
            yield Constraint(TRUE_GOAL)
        yield from (Query(self._naming.atom(text)) for text in self._drafts.queries)

    def _clause(self, name: Name, number: int, body: Body) -> Iterator[Clause]:
        direct = self._heads.direct.get((name, number))
        if direct is not None:
            yield from direct.clauses(self._body)
            return
        yield Clause((Head(self._naming.atom(name)),), self._body(body))

    def _asked(self, text: str, bodies: list[Body]) -> Iterator[Clause]:
        """What defines a query that no rule does: it is certain, never holds, or is another atom."""
        atom = self._naming.atom(text)
        if not bodies:
            yield Clause((Head(atom),), FALSE_GOAL)
        for body in bodies:
            if body != (Reference(text),):
                yield Clause((Head(atom),), self._body(body))

    def _body(self, body: Body) -> Goal | None:
        return conjoined([self._goal(item) for item in body], None)

    def _goal(self, item: Item) -> Goal:
        call = Call(self._atom(item))
        return call if item.positive else Negation(call)

    def _atom(self, item: Item) -> Callable:
        if isinstance(item, Choice):
            return self._heads.atoms[item.symbol, item.value]
        return self._naming.atom(item.name)
