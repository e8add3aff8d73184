"""Ground programs that are hard to search, and answers to small ones by looking at every world."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol


def different(count: int, values: int) -> GroundProgram:
    """One output, whether so many symbols of so many values each differ from one another."""
    graph = Graph()
    clashes = [
        graph.conjunction([graph.leaf(a, v), graph.leaf(b, v)])
        for a, b in combinations(range(count), 2)
        for v in range(values)
    ]
    clash = graph.disjunction(clashes)
    names = tuple(map(str, range(values)))
    symbols = tuple(Symbol(f"x{i}", names) for i in range(count))
    return GroundProgram(symbols, graph, (Output("different", (0, 1), (clash, Lit(-clash))),))


def permutation(count: int) -> GroundProgram:
    """Symbols that must differ; their values are the outputs."""
    program = different(count, count)
    graph = program.graph
    outputs = tuple(
        Output(s.name, tuple(range(count)), tuple(graph.leaf(i, v) for v in range(count)))
        for i, s in enumerate(program.symbols)
    )
    return GroundProgram(program.symbols, graph, outputs, (program.outputs[0].literals[1],))


def random_rows(program: GroundProgram, batch: int, seed: int, sharpness: float = 1.0) -> np.ndarray:
    """(B, V) normalised log-probabilities."""
    rng = np.random.default_rng(seed)
    parts = []
    for symbol in program.symbols:
        scores = sharpness * rng.normal(size=(batch, len(symbol.values)))
        parts.append(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))
    return np.hstack(parts)
