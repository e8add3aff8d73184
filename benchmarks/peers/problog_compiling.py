"""ProbLog as a peer of the compiler. Needs the extra `peers`."""

from __future__ import annotations

import sys
import time
from typing import Any

from problog import get_evaluatable
from problog.engine import DefaultEngine
from problog.program import PrologString

RECURSION = 1_000_000
"""Its formulas are walked by recursion."""


def measure(text: str, form: str) -> dict[str, Any]:
    """form: "sdd" or "ddnnf". Cycle breaking counts as compilation: what comes after grounding."""
    sys.setrecursionlimit(RECURSION)
    engine = DefaultEngine()
    database = engine.prepare(PrologString(text))
    start = time.perf_counter()
    grounded = engine.ground_all(database)
    middle = time.perf_counter()
    compiled = get_evaluatable(form).create_from(grounded)
    end = time.perf_counter()
    found = compiled.evaluate()
    return {
        "ground_seconds": middle - start,
        "seconds": end - middle,
        "evaluate_seconds": time.perf_counter() - end,
        "answers": {str(atom).replace(" ", ""): float(p) for atom, p in found.items()},
    }
