"""Whether literals exclude one another: tried on random worlds, then proven by a SAT solver."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nesy.engines.pruning.completions import Completions
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.logic.graph import FALSE, Graph, Lit
from nesy.logic.program import GroundProgram

TRIED = 1024
"""On how many random worlds it is tried first: most groups that are not exclusive fail there."""


def seem_exclusive(
    program: GroundProgram, groups: Sequence[Sequence[Lit]], rng: np.random.Generator
) -> list[bool]:
    """For each group of literals, whether no two hold in any of some random worlds. Cost: `TRIED` worlds."""
    if not groups:
        return []
    worlds = np.stack([rng.integers(len(s.values), size=TRIED) for s in program.symbols], axis=1)
    truth = WorldEvaluator(program.graph, [x for g in groups for x in g]).evaluate(worlds)
    ends = np.cumsum([0, *map(len, groups)]).tolist()
    return [at_most_one(truth[a:b]) for a, b in pairwise(ends)]


def at_most_one(truth: NDArray[np.bool_]) -> bool:
    """Whether no two of the rows (literals, worlds) hold in one world."""
    return bool((truth.sum(axis=0, dtype=np.int64) <= 1).all())


def exclusive(program: GroundProgram, literals: Sequence[Lit]) -> bool:
    """Whether no world has two of the literals, whatever the condition. Cost: one call of a SAT solver."""
    return not possible(program, _two_of(program.graph, literals))


def possible(program: GroundProgram, literal: Lit) -> bool:
    """Whether a literal holds in any world, whatever the condition. Cost: one call of a SAT solver."""
    alone = GroundProgram(program.symbols, program.graph, condition=(literal,))
    return literal != FALSE and Completions(alone).consistent


def _two_of(graph: Graph, literals: Sequence[Lit]) -> Lit:
    """That two of the literals hold, in gates as many as there are literals."""
    before, pairs = FALSE, []
    for literal in literals:
        pairs.append(graph.conjunction([literal, before]))
        before = graph.disjunction([literal, before])
    return graph.disjunction(pairs)
