"""Groups of atoms that a program's shape suggests exclude one another: candidates, to be proven."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.grounding.tables import Table
from nesy.grounding.terms import Args
from nesy.logic.cycles import Acyclic
from nesy.logic.graph import FALSE, TRUE, Kind, Lit


def candidate_families(tables: Iterable[Table], acyclic: Acyclic) -> tuple[tuple[Lit, ...], ...]:
    """For each call, its answers that differ in one argument alone, as nodes of the acyclic graph.

    A carry, a state or a counter computed by rules has one value in any world; its atoms are the
    answers to one call, and differ in that value.
    """
    families: dict[tuple[Lit, ...], None] = {}
    for table in tables:
        for group in _groups(table):
            nodes = {acyclic.literal(node) for node in group if acyclic.reached(node)}
            members = tuple(sorted(n for n in nodes if n not in (TRUE, FALSE)))
            derived = any(acyclic.graph.kinds[abs(n)] != Kind.LEAF for n in members)
            if len(members) > 1 and derived:
                families[members] = None
    return tuple(families)


def _groups(table: Table) -> Iterable[list[Lit]]:
    if len(table.answers) < 2:
        return
    for position in range(table.predicate.arity):
        groups: dict[Args, list[Lit]] = {}
        for answer, node in table.answers.items():
            groups.setdefault(answer[:position] + answer[position + 1 :], []).append(node)
        yield from (g for g in groups.values() if len(g) > 1)
