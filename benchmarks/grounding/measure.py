"""What is measured of the grounder itself."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import numpy as np

import nesy
from nesy.grounding import ground_rules
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, Kind
from nesy.logic.ground_rules import GroundRules


@final
@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds (the best of several runs, and the first of them), the answers, and the size of the graph."""

    seconds: float
    first_seconds: float
    answers: set[str]
    figures: dict[str, Any]


def load_machine() -> None:
    """Load the relational machine, and compile it where this is the first time on this computer."""
    ground_rules(nesy.parse("e(1). p(X) :- e(X). query(p(_))."), None, "relational")


def best_of(times: int, work: Callable[[], float]) -> float:
    """The least of several measurements, garbage collected before each."""
    found = []
    for _ in range(times):
        gc.collect()
        found.append(work())
    return min(found)


def grounded(text: str, times: int) -> Measured:
    """Ground a program some times over, its text already read."""
    program = nesy.parse(text)
    kept: list[GroundRules] = []

    def once() -> float:
        kept.clear()
        start = time.perf_counter()
        kept.append(ground_rules(program))
        return time.perf_counter() - start

    first = best_of(1, once)
    seconds = min(first, best_of(times, once))
    (rules,) = kept
    answers = {o.name for o in rules.outputs if o.literals[1] != FALSE}
    return Measured(seconds, first, answers, _sizes(rules))


def _sizes(rules: GroundRules) -> dict[str, Any]:
    """Ground rules are the ways in which atoms hold, and the facts that some rule rests on."""
    graph = rules.graph
    if not isinstance(graph, FlatGraph):
        return {"graph_nodes": len(graph)}
    sizes = np.diff(graph.offsets)
    count = int(sizes[graph.tags == Kind.OR].sum()) + len(rules.symbols)
    return {
        "graph_nodes": len(graph),
        "ground_rules": count,
        "bytes_per_ground_rule": round(graph.nbytes / max(count, 1), 1),
    }
