"""clingo as a peer of the grounder. Needs the extra `peers`."""

from __future__ import annotations

import time

import clingo


def ground(text: str, predicate: str) -> tuple[float, set[str]]:
    """Seconds to ground a program, and its ground atoms of one predicate.

    clingo reads and grounds in two calls; the time is that of the second.
    """
    control = clingo.Control(["--warn=none"])
    control.add("base", [], text)
    start = time.perf_counter()
    control.ground([("base", [])])
    seconds = time.perf_counter() - start
    atoms = {
        str(atom.symbol)
        for arity in (1, 2, 3)
        for atom in control.symbolic_atoms.by_signature(predicate, arity)
    }
    return seconds, atoms
