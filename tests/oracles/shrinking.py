"""The smallest part of a program that still fails, so that a failing test shows what matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.oracles.program import Program


def smallest(program: Program, fails: Callable[[Program], bool], tries: int = 1000) -> Program:
    """Drop statements and literals, one at a time, while the program keeps failing.

    tries: how many programs to look at, at most.
    """
    shrinking = True
    while shrinking:
        shrinking = False
        for candidate in _smaller(program):
            if not _well_formed(candidate):
                continue
            tries -= 1
            if tries < 0:
                return program
            if fails(candidate):
                program, shrinking = candidate, True
                break
    return program


def _smaller(program: Program) -> Iterator[Program]:
    for i in range(len(program.clauses)):
        yield replace(program, clauses=_without(program.clauses, i))
    for i in range(len(program.queries)):
        yield replace(program, queries=_without(program.queries, i))
    for i in range(len(program.evidence)):
        yield replace(program, evidence=_without(program.evidence, i))
    for i in range(len(program.constraints)):
        yield replace(program, constraints=_without(program.constraints, i))
    for i, clause in enumerate(program.clauses):
        for j in range(len(clause.body)):
            shorter = replace(clause, body=_without(clause.body, j))
            yield replace(program, clauses=(*program.clauses[:i], shorter, *program.clauses[i + 1 :]))


def _without(items: tuple, i: int) -> tuple:  # type: ignore[type-arg]
    return items[:i] + items[i + 1 :]


def _well_formed(program: Program) -> bool:
    """Whether something is asked, every predicate is defined, and every variable is bound before its use."""
    defined = {h.atom.predicate for c in program.clauses for h in c.heads}
    atoms = [x.atom for c in program.clauses for x in c.body]
    atoms += [x.atom for c in program.constraints for x in c.body]
    atoms += [*program.queries, *(x.atom for x in program.evidence)]
    return (
        bool(program.queries)
        and all(a.predicate in defined for a in atoms)
        and all(c.body for c in program.constraints)
        and all(_safe(c.body, [h.atom for h in c.heads]) for c in program.clauses)
        and all(_safe(c.body, []) for c in program.constraints)
    )


def _safe(body: tuple, heads: list) -> bool:  # type: ignore[type-arg]
    bound = {v for x in body if x.positive for v in x.atom.variables()}
    used = [x.atom for x in body if not x.positive] + heads
    return all(v in bound for a in used for v in a.variables())
