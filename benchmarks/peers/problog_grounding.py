"""ProbLog as a peer of the grounder and the parser. Needs the extra `peers`."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

from problog import get_evaluatable
from problog.engine import DefaultEngine
from problog.program import PrologString

RECURSION = 1_000_000
"""Its formulas are walked by recursion: a chain of 200 steps does not fit Python's own limit."""


def parse_seconds(text: str) -> float:
    """Seconds to read a text into clauses."""
    start = time.perf_counter()
    list(PrologString(text))
    return time.perf_counter() - start


def ground(text: str) -> tuple[float, set[str]]:
    """Seconds to ground a program, its text already read, and the atoms that answer its queries."""
    sys.setrecursionlimit(RECURSION)
    engine = DefaultEngine()
    database = engine.prepare(PrologString(text))
    start = time.perf_counter()
    formula = engine.ground_all(database)
    seconds = time.perf_counter() - start
    return seconds, {_canonical(str(atom)) for atom, node in formula.queries() if node is not None}


def probabilities(text: str) -> Mapping[str, float]:
    """The probability of each answer."""
    found = get_evaluatable().create_from(PrologString(text)).evaluate()
    return {_canonical(str(atom)): float(p) for atom, p in found.items() if p > 0}


def _canonical(atom: str) -> str:
    return atom.replace(" ", "")
