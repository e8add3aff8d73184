"""Random formulas over small variables, the worlds they hold in, and circuits by plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from operator import and_, or_
from random import Random

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.compile.formulas import Formulas
from nesy.logic.graph import Graph, Kind

World = tuple[int, ...]


def worlds(sizes: Sequence[int]) -> list[World]:
    return list(product(*map(range, sizes)))


def models(graph: Graph, literal: int, every: Sequence[World]) -> int:
    """The worlds a literal holds in, as a bit mask over `every`. Children come before parents."""
    everywhere = (1 << len(every)) - 1
    masks = [everywhere, everywhere]
    for kind, args in list(zip(graph.kinds, graph.args, strict=True))[2 : abs(literal) + 1]:
        if kind is Kind.LEAF:
            masks.append(sum(1 << i for i, w in enumerate(every) if w[args[0]] == args[1]))
        else:
            below = [masks[c] if c > 0 else everywhere ^ masks[-c] for c in args]
            masks.append(reduce(and_ if kind is Kind.AND else or_, below))
    return masks[abs(literal)] if literal > 0 else everywhere ^ masks[-literal]


def random_formulas(rng: Random, gates: int = 12) -> tuple[Formulas, list[int]]:
    """Three to five variables of one to four values, and literals over them, leaves and gates."""
    formulas = Formulas([2, 3, *(rng.choice([1, 2, 2, 3, 4]) for _ in range(rng.randint(1, 3)))])
    pool: list[int] = [formulas.leaf(v, x) for v, size in enumerate(formulas.domains) for x in range(size)]
    for _ in range(gates):
        picked = [
            x if rng.random() < 0.7 else formulas.negated(x) for x in rng.sample(pool, rng.choice([2, 2, 3]))
        ]
        gate = formulas.conjunction if rng.random() < 0.5 else formulas.disjunction
        pool.append(gate(picked))
    pool += [formulas.negated(x) for x in pool[-4:]]
    return formulas, [x for x in pool if abs(x) != 1]


def root_values(circuit: Circuit, weights: Sequence[float]) -> list[float]:
    """The circuit's roots at a weight for each input column."""
    values: list[float] = []
    for node in range(circuit.size):
        children = [values[int(c)] for c in circuit.children_of(node)]
        match circuit.kinds[node]:
            case NodeKind.ZERO:
                values.append(0.0)
            case NodeKind.ONE:
                values.append(1.0)
            case NodeKind.INPUT:
                values.append(weights[int(circuit.columns[node])])
            case NodeKind.SUM:
                values.append(sum(children))
            case _:
                values.append(float(np.prod(children)))
    return [values[int(r)] for r in circuit.roots]


def random_weights(rng: Random, sizes: Sequence[int]) -> list[list[float]]:
    """A distribution over each variable's values."""
    found = []
    for size in sizes:
        raw = [rng.random() + 0.01 for _ in range(size)]
        found.append([x / sum(raw) for x in raw])
    return found


def weight(mask: int, every: Sequence[World], weights: Sequence[Sequence[float]]) -> float:
    """The probability of a set of worlds."""
    return sum(
        float(np.prod([w[x] for w, x in zip(weights, world, strict=True)]))
        for i, world in enumerate(every)
        if mask >> i & 1
    )
