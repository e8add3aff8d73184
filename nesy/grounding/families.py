"""Groups of atoms that a program's shape suggests exclude one another: candidates, to be proven."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nesy.grounding.tables import Table
from nesy.grounding.terms import Args
from nesy.logic.graph import Lit


def candidate_families(tables: Iterable[Table]) -> Iterator[list[Lit]]:
    """For each call, its answers that differ in one argument alone.

    A carry, a state or a counter computed by rules has one value in any world; its atoms are the
    answers to one call, and differ in that value.
    """
    for table in tables:
        if len(table.answers) > 1:
            yield from _groups(table)


def _groups(table: Table) -> Iterator[list[Lit]]:
    for position in range(table.predicate.arity):
        groups: dict[Args, list[Lit]] = {}
        for answer, node in table.answers.items():
            groups.setdefault(answer[:position] + answer[position + 1 :], []).append(node)
        yield from (g for g in groups.values() if len(g) > 1)
