"""Ground programs made by hand, and the answers to them by enumerating every world.

The enumeration walks the graph recursively, one world at a time, in plain Python: it shares no code
with an engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from nesy.logic.graph import Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output, Symbol

Row = NDArray[np.float64]


def addition() -> GroundProgram:
    """Two digits a and b, and one output: their sum."""
    graph = Graph()
    literals = [
        graph.disjunction(
            graph.conjunction([graph.leaf(0, a), graph.leaf(1, total - a)])
            for a in range(10)
            if 0 <= total - a < 10
        )
        for total in range(19)
    ]
    digits = tuple(map(str, range(10)))
    symbols = (Symbol("digit(a)", digits), Symbol("digit(b)", digits))
    return GroundProgram(symbols, graph, (Output("addition(a,b)", tuple(range(19)), tuple(literals)),))


def carry_chain(length: int) -> GroundProgram:
    """Two numbers of `length` digits, least significant first; one output per digit of their sum."""
    graph = Graph()
    carry: Lit = graph.disjunction([])
    outputs = []
    for i in range(length):
        pairs = {
            total: graph.disjunction(
                graph.conjunction([graph.leaf(2 * i, a), graph.leaf(2 * i + 1, total - a)])
                for a in range(10)
                if 0 <= total - a < 10
            )
            for total in range(19)
        }
        nothing = graph.disjunction([])
        reach = {
            t: graph.disjunction(
                [
                    graph.conjunction([pairs.get(t, nothing), Lit(-carry)]),
                    graph.conjunction([pairs.get(t - 1, nothing), carry]),
                ]
            )
            for t in range(20)
        }
        digits = tuple(graph.disjunction([reach[d], reach[d + 10]]) for d in range(10))
        outputs.append(Output(f"sum({i})", tuple(range(10)), digits))
        carry = graph.disjunction(reach[t] for t in range(10, 20))
    outputs.append(Output("carry", ("false", "true"), (Lit(-carry), carry)))
    symbols = tuple(
        Symbol(f"digit({n},{i})", tuple(map(str, range(10)))) for i in range(length) for n in "ab"
    )
    return GroundProgram(symbols, graph, tuple(outputs))


def random_program(seed: int, *, conditioned: bool = True) -> GroundProgram:
    """A few symbols, random gates with negation, two boolean outputs, one functional one, and a condition."""
    rng = np.random.default_rng(seed)
    sizes = [int(rng.integers(1, 5)) for _ in range(int(rng.integers(2, 5)))] + [2, 3]
    graph = Graph()
    pool = [graph.leaf(s, v) for s, size in enumerate(sizes) for v in range(size)]
    for _ in range(int(rng.integers(5, 14))):
        picked = rng.choice(len(pool), size=min(len(pool), int(rng.integers(2, 4))), replace=False)
        literals = [Lit(pool[i] * int(rng.choice([-1, 1]))) for i in picked]
        pool.append(graph.conjunction(literals) if rng.random() < 0.5 else graph.disjunction(literals))
    booleans = [
        Output(f"holds({lit})", ("false", "true"), (Lit(-lit), lit)) for lit in (pool[-1], Lit(-pool[-2]))
    ]
    last, test = len(sizes) - 1, pool[-3]
    chosen = tuple(
        graph.disjunction(
            [
                graph.conjunction([graph.leaf(last, v), test]),
                graph.conjunction([graph.leaf(last, (v + 1) % 3), Lit(-test)]),
            ]
        )
        for v in range(3)
    )
    outputs = (*booleans, Output("shifted", (0, 1, 2), chosen))
    condition = (graph.disjunction([pool[-4], pool[-5], graph.leaf(last, 0)]),) if conditioned else ()
    symbols = tuple(Symbol(f"s{i}", tuple(map(str, range(size)))) for i, size in enumerate(sizes))
    return GroundProgram(symbols, graph, outputs, condition)


def beliefs(program: GroundProgram, batch: int, seed: int, sharpness: float = 1.0) -> Row:
    """(batch, V): random normalised log-probabilities."""
    rng = np.random.default_rng(seed)
    blocks = []
    for symbol in program.symbols:
        scores = rng.normal(size=(batch, len(symbol.values))) * sharpness
        blocks.append(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)))
    return np.concatenate(blocks, axis=1)


@dataclass(frozen=True)
class World:
    """One value per symbol, and its probability."""

    values: tuple[int, ...]
    probability: float


def holds(graph: Graph, lit: int, values: tuple[int, ...]) -> bool:
    """Whether a literal is true in a world."""
    node = abs(lit)
    kind, args = graph.kinds[node], graph.args[node]
    if kind is Kind.TRUE:
        truth = True
    elif kind is Kind.LEAF:
        truth = values[args[0]] == args[1]
    elif kind is Kind.AND:
        truth = all(holds(graph, c, values) for c in args)
    else:
        truth = any(holds(graph, c, values) for c in args)
    return truth if lit > 0 else not truth


def worlds(program: GroundProgram, row: Row) -> Iterator[World]:
    """Every world that meets the condition."""
    starts = program.offsets
    for values in product(*(range(len(s.values)) for s in program.symbols)):
        if all(holds(program.graph, lit, values) for lit in program.condition):
            yield World(values, float(np.exp(sum(row[starts[s] + v] for s, v in enumerate(values)))))


def gives(program: GroundProgram, values: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Whether a world gives every observed output its target."""
    return all(
        holds(program.graph, output.literals[t], values)
        for output, t in zip(program.outputs, target, strict=True)
        if t >= 0
    )


def probability(program: GroundProgram, row: Row, target: tuple[int, ...]) -> float:
    """P(target | condition)."""
    every = list(worlds(program, row))
    hit = sum(w.probability for w in every if gives(program, w.values, target))
    return hit / sum(w.probability for w in every)
