"""A checker of DRUP proofs, by unit propagation alone."""

from __future__ import annotations

Clause = frozenset[int]


def read_dimacs(text: str) -> tuple[int, list[Clause]]:
    """The number of variables and the clauses of a DIMACS text."""
    lines = [line for line in text.splitlines() if not line.startswith("c")]
    header = lines[0].split()
    assert header[:2] == ["p", "cnf"]
    clauses = [_clause(line) for line in lines[1:]]
    assert len(clauses) == int(header[3])
    return int(header[2]), clauses


def refutes(clauses: list[Clause], steps: list[str]) -> bool:
    """Whether every step follows by unit propagation, and one of them is the empty clause."""
    known = list(clauses)
    for step in steps:
        if step.startswith("d"):
            deleted = _clause(step[1:])
            if deleted in known:
                known.remove(deleted)
            continue
        clause = _clause(step)
        if not _conflicts(known, {-x for x in clause}):
            return False
        if not clause:
            return True
        known.append(clause)
    return False


def _clause(line: str) -> Clause:
    *literals, end = map(int, line.split())
    assert end == 0
    return frozenset(literals)


def _conflicts(clauses: list[Clause], assumed: set[int]) -> bool:
    held = set(assumed)
    grown = True
    while grown:
        grown = False
        for clause in clauses:
            if clause & held:
                continue
            left = [x for x in clause if -x not in held]
            if not left:
                return True
            if len(left) == 1:
                held.add(left[0])
                grown = True
    return False
