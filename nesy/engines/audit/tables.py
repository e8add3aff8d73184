"""Formulas over a few concepts from tables of their truth: reduced, so that nothing is said twice.

The rules may say in many words what is little: whether a sum of four digits is even. A table of all
combinations forgets the words; a formula read off it (a multi-valued decision diagram) is as small as its
order of concepts allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nesy.engines.audit.behaviour import Behaviour
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.graph import FALSE, TRUE, Graph, Lit

MOST = 20_000
"""Combinations that are put into a table."""
_CELLS = 1 << 26
"""Bytes that one step of evaluating combinations may fill, about."""

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


def reduced(behaviour: Behaviour) -> Behaviour:
    """The behaviour by reduced formulas where combinations are few enough; else as it is.

    Cost: O(nodes and edges) for each combination, some thousands of them at once.
    """
    sizes = [len(c.values) for c in behaviour.concepts.concepts]
    if math.prod(sizes) > MOST:
        return behaviour
    graph, count = behaviour.graph, len(behaviour.observed)
    asked = [*behaviour.observed, *behaviour.labelled, *behaviour.possible]
    truths = np.concatenate([*_evaluated(graph, asked, sizes)], axis=1)
    seen, labelled, possible = np.split(truths, [count, count + len(behaviour.labelled)])
    return replace(
        behaviour,
        observed=same_class(graph, classes(seen), sizes),
        possible=formulas(graph, np.logical_and.reduce(possible, axis=0), sizes),
        labelled=formulas(graph, np.logical_and.reduce(labelled, axis=0), sizes),
    )


def worlds(sizes: Sequence[int], start: int, stop: int) -> IntArray:
    """(stop - start, concepts): combinations of values by number, the last concept changing fastest."""
    return np.stack(np.unravel_index(np.arange(start, stop), tuple(sizes)), axis=1)


def classes(signatures: NDArray[np.generic]) -> IntArray:
    """(S,): a number for each column of (L, S), the same for columns that are the same."""
    if not len(signatures):
        return np.zeros(signatures.shape[1], dtype=np.int64)
    found: IntArray = np.unique(signatures, axis=1, return_inverse=True)[1].reshape(-1)
    return found


def same_class(graph: Graph, numbers: IntArray, sizes: Sequence[int]) -> tuple[Lit, ...]:
    """Formulas that agree on two combinations where their numbers do: the numbers' binary digits."""
    bits = int(numbers.max()).bit_length()
    return tuple(formula(graph, (numbers >> bit) & 1 == 1, sizes) for bit in range(bits))


def formulas(graph: Graph, table: BoolArray, sizes: Sequence[int]) -> tuple[Lit, ...]:
    """The conditions that a table states: none where it is true throughout."""
    found = formula(graph, table, sizes)
    return () if found == TRUE else (found,)


def formula(graph: Graph, table: BoolArray, sizes: Sequence[int]) -> Lit:
    """The formula over leaves (concept, value) that is true where a table (S,) is.

    Cost: O(S log S).
    """
    known = [FALSE, TRUE]
    numbers: IntArray = table.astype(np.int64)
    for concept in range(len(sizes) - 1, -1, -1):
        rows, inverse = np.unique(numbers.reshape(-1, sizes[concept]), axis=0, return_inverse=True)
        known = [_case(graph, concept, [known[i] for i in row]) for row in rows.tolist()]
        numbers = inverse.reshape(-1)
    return known[int(numbers[0])]


def _case(graph: Graph, concept: int, below: list[Lit]) -> Lit:
    """What holds where, for the value that the concept has, the formula of that value does."""
    groups: dict[Lit, list[Lit]] = {}
    for value, part in enumerate(below):
        groups.setdefault(part, []).append(graph.leaf(concept, value))
    if len(groups) == 1:
        return below[0]
    return graph.disjunction(
        [graph.conjunction([graph.disjunction(leaves), part]) for part, leaves in groups.items()]
    )


def _evaluated(graph: Graph, asked: Sequence[Lit], sizes: Sequence[int]) -> Iterator[BoolArray]:
    evaluator, total = WorldEvaluator(graph, asked), math.prod(sizes)
    step = max(1, _CELLS // (2 * len(graph)))
    for start in range(0, total, step):
        yield evaluator.evaluate(worlds(sizes, start, min(total, start + step)))
