"""What follows from clauses by unit propagation, taken out of them once and for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Simplified:
    """Clauses of at least two literals each, with the variables that are left numbered from 1 on.

    literals: those asked about, in the new numbers. Variable 1 is true (its clause, alone, is the only
    short one), and stands for whatever is decided.
    consistent: false where propagation alone finds a contradiction; there are no clauses then.
    """

    clauses: list[list[int]]
    variables: int
    literals: list[int]
    consistent: bool


def without_units(clauses: Iterable[Sequence[int]], variables: int, literals: Iterable[int]) -> Simplified:
    """Simplify clauses over variables 1 to `variables`, keeping count of some literals; 0 stays 0.

    The models are the same, over the literals asked about. Cost: O(literals in the clauses).
    """
    unique = [list(dict.fromkeys(clause)) for clause in clauses]
    truth = _propagated(unique, variables)
    numbers = [0] * (variables + 1)
    if truth is None:
        return Simplified([], 1, [0 if literal == 0 else 1 for literal in literals], consistent=False)
    kept = [[x for x in clause if truth[x] is None] for clause in unique if not any(truth[x] for x in clause)]
    asked = list(literals)
    count = 1
    for variable in sorted({abs(x) for clause in kept for x in clause} | {abs(x) for x in asked} - {0}):
        if truth[variable] is None:
            count += 1
            numbers[variable] = count

    def renumbered(literal: int) -> int:
        known = truth[literal] if literal else None
        if known is not None:
            return 1 if known else -1
        return numbers[literal] if literal > 0 else -numbers[-literal]

    found = [[renumbered(x) for x in clause] for clause in kept]
    return Simplified([[1], *found], count, [renumbered(x) for x in asked], consistent=True)


def _propagated(clauses: Sequence[Sequence[int]], variables: int) -> list[bool | None] | None:
    """The truth of each literal as far as units tell, indexed by literal (from the end, if negative).

    None where they contradict one another.
    """
    truth: list[bool | None] = [None] * (2 * variables + 1)
    waiting: list[list[int]] = [[] for _ in range(2 * variables + 1)]
    for number, clause in enumerate(clauses):
        for literal in clause:
            waiting[literal].append(number)
    left = [len(clause) for clause in clauses]
    queue = [clause[0] for clause in clauses if len(clause) == 1]
    if 0 in left:
        return None
    while queue:
        literal = queue.pop()
        if truth[literal] is not None:
            if not truth[literal]:
                return None
            continue
        truth[literal], truth[-literal] = True, False
        for number in waiting[-literal]:
            left[number] -= 1
            if left[number] == 1:
                queue += [x for x in clauses[number] if truth[x] is not False]
    return truth
