"""pysdd and d4 as peers of the compiler, on clauses. Needs the extra `peers`."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

Clauses = Sequence[Sequence[int]]
Weights = Mapping[int, float]
"""The weight of each literal."""


def d4(variables: int, clauses: Clauses, weights: Weights, asked: Mapping[str, int]) -> dict[str, Any]:
    """To d-DNNF. asked: literals by name, each counted on its own; none is the count of the clauses."""
    import py_d4  # noqa: PLC0415 - an optional extra

    start = time.perf_counter()
    solver = py_d4.Solver([list(c) for c in clauses], variables)
    solver.setWeights({lit: repr(w) for lit, w in weights.items()}, py_d4.WeightType.FLOAT)
    compiled = solver.compile()
    end = time.perf_counter()
    answers = {name: float(compiled.count([lit] if lit else [])) for name, lit in asked.items()}
    return {
        "seconds": end - start,
        "evaluate_seconds": time.perf_counter() - end,
        "nodes": compiled.getNbNodes(),
        "edges": compiled.getNbEdges(),
        "answers": answers,
    }


def pysdd(variables: int, clauses: Clauses, weights: Weights, asked: Mapping[str, int]) -> dict[str, Any]:
    """To an SDD, by its own reader of clauses, from a balanced vtree."""
    from pysdd.sdd import SddManager  # noqa: PLC0415 - an optional extra

    lines = [f"p cnf {variables} {len(clauses)}", *(" ".join(map(str, (*c, 0))) for c in clauses), ""]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clauses.cnf"
        path.write_text("\n".join(lines), encoding="ascii")
        start = time.perf_counter()
        manager, node = SddManager.from_cnf_file(str(path).encode(), b"balanced")
        end = time.perf_counter()
    counter = node.wmc(log_mode=True)
    for lit, weight in weights.items():
        counter.set_literal_weight(manager.literal(lit), math.log(weight) if weight else -math.inf)
    answers = {}
    total = math.exp(counter.propagate())
    for name, lit in asked.items():
        answers[name] = math.exp(counter.literal_pr(manager.literal(lit))) * total if lit else total
    return {
        "seconds": end - start,
        "evaluate_seconds": time.perf_counter() - end,
        "edges": node.size(),
        "answers": answers,
    }
