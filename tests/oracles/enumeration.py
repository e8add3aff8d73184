"""Exact probabilities by looking at every world.

A set of worlds is one Python integer with a bit for each world, so "the worlds where an atom holds" is
computed for all worlds at once, by the naive fixpoint of each stratum. Weights are integers over one
common denominator: every answer is an exact fraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import and_

from tests.oracles.instances import Instance, Instances, alternatives, instantiate
from tests.oracles.program import Atom, Literal, Program


class NotStratifiedError(Exception):
    """A ground atom depends on its own negation."""


class InconsistentError(Exception):
    """No world of positive weight meets the evidence and the constraints."""


@dataclass(frozen=True)
class Worlds:
    """All worlds of a ground program.

    weights: one integer for each world; divided by their sum, its probability.
    chosen: for each clause and head, the worlds in which the clause chooses that head.
    """

    weights: list[int]
    chosen: list[list[int]]

    @property
    def all(self) -> int:
        return (1 << len(self.weights)) - 1

    def weight(self, worlds: int) -> int:
        return sum(w for i, w in enumerate(self.weights) if worlds >> i & 1)


def probabilities(program: Program) -> dict[str, Fraction]:
    """P(query | evidence and constraints) for each query. Raises NotStratifiedError, InconsistentError."""
    ground = instantiate(program)
    strata = stratify(ground)
    worlds = enumerate_worlds(ground)
    holds = perfect_models(ground, strata, worlds)
    accepted = worlds.all
    for literal in program.evidence:
        accepted &= _where(literal, holds, worlds.all)
    for body in ground.constraints:
        accepted &= worlds.all & ~_where_all(body, holds, worlds.all)
    total = worlds.weight(accepted)
    if total == 0:
        raise InconsistentError
    return {str(q): Fraction(worlds.weight(accepted & holds.get(q, 0)), total) for q in program.queries}


def enumerate_worlds(ground: Instances) -> Worlds:
    """Every combination of choices, the first clause's varying slowest."""
    weights = [1]
    chosen: list[list[int]] = []
    for clause in ground.clauses:
        options = alternatives(clause)
        scale = lcm(*(p.denominator for _, p in options))
        numerators = [int(p * scale) for _, p in options]
        weights = [w * n for w in weights for n in numerators]
        chosen = [[_spread(s, len(options)) for s in heads] for heads in chosen]
        period = len(options)
        repeats = len(weights) // period
        mine = [0] * len(clause.heads)
        for place, (head, _) in enumerate(options):
            if head is not None:
                mine[head] |= sum(1 << (place + period * r) for r in range(repeats))
        chosen.append(mine)
    return Worlds(weights, chosen)


def _spread(worlds: int, period: int) -> int:
    """Repeat each bit `period` times: every world splits into that many."""
    bits = bin(worlds)[2:]
    return int("".join(bit * period for bit in bits), 2)


def stratify(ground: Instances) -> list[set[Atom]]:
    """The atoms by stratum: an atom is above what it negates and not below what it uses."""
    level = {atom: 0 for c in ground.clauses for atom in c.heads}
    level.update((x.atom, 0) for c in ground.clauses for x in c.body)
    changed = True
    while changed:
        changed = False
        for clause in ground.clauses:
            needed = max((level[x.atom] + (not x.positive) for x in clause.body), default=0)
            for head in clause.heads:
                if level[head] < needed:
                    level[head] = needed
                    changed = True
                    if needed > len(level):
                        raise NotStratifiedError(str(head))
    return [{a for a, n in level.items() if n == k} for k in range(max(level.values(), default=-1) + 1)]


def perfect_models(ground: Instances, strata: list[set[Atom]], worlds: Worlds) -> dict[Atom, int]:
    """For each atom, the worlds whose perfect model contains it."""
    holds: dict[Atom, int] = {}
    for stratum in strata:
        rules = [
            (head, clause, worlds.chosen[number][place])
            for number, clause in enumerate(ground.clauses)
            for place, head in enumerate(clause.heads)
            if head in stratum
        ]
        _least_fixpoint(rules, holds, worlds.all)
    return holds


def _least_fixpoint(rules: list[tuple[Atom, Instance, int]], holds: dict[Atom, int], everywhere: int) -> None:
    changed = True
    while changed:
        changed = False
        for head, clause, chosen in rules:
            now = holds.get(head, 0) | (chosen & _where_all(clause.body, holds, everywhere))
            if now != holds.get(head, 0):
                holds[head] = now
                changed = True


def _where(literal: Literal, holds: Mapping[Atom, int], everywhere: int) -> int:
    worlds = holds.get(literal.atom, 0)
    return worlds if literal.positive else everywhere & ~worlds


def _where_all(body: tuple[Literal, ...], holds: Mapping[Atom, int], everywhere: int) -> int:
    return reduce(and_, (_where(x, holds, everywhere) for x in body), everywhere)
