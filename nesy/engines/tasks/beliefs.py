"""The beliefs a task is asked under: the rules' own, or what the caller puts in their place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nesy.engines.tasks.forward import FloatArray
from nesy.engines.tasks.names import Names
from nesy.engines.unusable_beliefs import needs_networks
from nesy.errors import EngineError
from nesy.logic.program import GroundProgram

Beliefs = Mapping[str, Any]
"""For some symbols, by name, probabilities of their values: (values,), or (B, values) for B examples."""

TOLERANCE = 1e-4
"""How far from 1 probabilities may sum; they are scaled to 1. Networks of half precision err by less."""


def log_beliefs(program: GroundProgram, names: Names, given: Beliefs | None) -> FloatArray:
    """(B, V): log-probabilities of all values of all symbols, normalised; B is 1 where no batch is given.

    Raises `EngineError`: unknown-symbol, invalid-beliefs, needs-networks. Cost: O(B * V).
    """
    rows = {names.symbol(name): _distributions(name, names, p) for name, p in (given or {}).items()}
    sizes = {len(row) for row in rows.values()} - {1}
    if len(sizes) > 1:
        raise EngineError(
            "invalid-beliefs",
            f"the beliefs are for different numbers of examples: {', '.join(map(str, sorted(sizes)))}",
            hint="give as many rows for each symbol, or a single one",
        )
    found = np.empty((max(sizes, default=1), program.width))
    for number, symbol in enumerate(program.symbols):
        if number not in rows and symbol.prior is None:
            raise needs_networks(
                symbol, f"give it: beliefs={{{symbol.name!r}: [...]}}, {len(symbol.values)} probabilities"
            )
        own = rows[number] if number in rows else np.array([symbol.prior])
        found[:, program.offsets[number] : program.offsets[number + 1]] = own
    with np.errstate(divide="ignore"):
        logs: FloatArray = np.log(found)
    return logs


def _distributions(name: str, names: Names, given: Any) -> FloatArray:
    """(B, values) or (1, values), scaled to sum to 1."""
    size = len(names.symbols[name])
    rows = np.atleast_2d(np.asarray(given, dtype=np.float64))
    if rows.ndim != 2 or rows.shape[1] != size:
        raise EngineError(
            "invalid-beliefs",
            f"the beliefs of {name} have shape {np.shape(given)}",
            hint=f"give {size} probabilities, or a row of them for each example",
        )
    totals = rows.sum(axis=1, keepdims=True)
    # Written so that NaN fails too.
    if not ((rows >= 0).all() and (abs(totals - 1) <= TOLERANCE).all()):
        raise EngineError(
            "invalid-beliefs",
            f"the beliefs of {name} are no distribution",
            hint="probabilities are not negative and sum to 1; apply softmax to scores",
        )
    scaled: FloatArray = rows / totals
    return scaled
