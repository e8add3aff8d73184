"""What each rule of a plan has cost so far, from the sizes of its relations."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.grounding.meter import Work
from nesy.grounding.relational import layout
from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.draft import Operator, Relation
from nesy.grounding.relational.plan import Answers, Planned
from nesy.grounding.relational.writer import Memory
from nesy.grounding.rules import Instruction


def rows_made(catalogue: Catalogue, memory: Memory) -> int:
    """The rows of all relations but the given facts. Cost: O(relations)."""
    given = {facts.relation for facts in catalogue.facts}
    return sum(_count(memory, relation) for relation in memory.places if relation not in given)


def work_of(catalogue: Catalogue, memory: Memory) -> Iterator[Work]:
    """The rules, with the rows after each of their joins. Cost: O(size of the plan)."""
    for answers in catalogue.answers:
        for planned in answers.rules:
            yield _work(catalogue, memory, answers, planned)


def _work(catalogue: Catalogue, memory: Memory, answers: Answers, planned: Planned) -> Work:
    joins: list[tuple[Instruction, int]] = []
    operator: Operator | None = planned.operator
    while operator is not None:
        goal = planned.goals.get(operator)
        made = operator.record or operator.target
        if goal is not None and made is not None:
            joins.append((goal, _count(memory, made)))
        operator = catalogue.provenance.producers.get(operator.left)
    goals, counts = [g for g, _ in reversed(joins)], [c for _, c in reversed(joins)]
    return Work(planned.rule, goals, (_count(memory, answers.demand), *counts))


def _count(memory: Memory, relation: Relation) -> int:
    return int(memory.numbers[memory.places[relation] + layout.COUNT])
