"""The most probable proofs of what is explained: searched in Python where the program is small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, final

import numpy as np

from nesy.engines.explaining.relaxing import relaxed_worlds
from nesy.engines.explaining.search import BoxSearch, FoundBox
from nesy.engines.tasks.forward import FloatArray
from nesy.logic.graph import Lit
from nesy.logic.parts import Part, independent_parts
from nesy.logic.program import GroundProgram

SMALL = 400
"""The most nodes of a program that is searched in Python."""
EFFORT = 1_500
"""The most states that this search looks at before the compiled one takes over."""
COMPILED_EFFORT = BEAM = 50_000
"""The most states that the compiled search looks at."""


@final
class Proofs(NamedTuple):
    """boxes: best first, over the whole program's symbols. optimal: whether none but these are as probable.

    spent: whether the search gave up before it had found as many as there may be.
    """

    boxes: list[FoundBox]
    optimal: bool
    spent: bool = False


def part_of(program: GroundProgram, output: int) -> Part:
    """The part of a program that an output belongs to, without conditions about other symbols."""
    return next(p for p in independent_parts(program) if output in p.outputs)


def best_proofs(
    program: GroundProgram, part: Part, beliefs: FloatArray, goals: Sequence[int], k: int
) -> Proofs:
    """The k most probable proofs of literals of a part and of its conditions together.

    beliefs: (V,) of the whole program. Cost: see `BoxSearch`; the compiled search is that of `engine="topk"`.
    """
    own = beliefs[part.columns(program)]
    search = BoxSearch(part.program, own.tolist(), [*goals, *part.program.condition])
    found = search.best(k, EFFORT) if search.size <= SMALL else None
    proofs = Proofs(found, optimal=True) if found is not None else _compiled(part.program, own, goals, k)
    if not proofs.optimal:
        # The search was too hard: what the most probable worlds need may well be better than what it found.
        further = relaxed_worlds(part.program, own, goals, search, k)
        proofs = proofs._replace(boxes=search.apart([*proofs.boxes, *further], k), spent=True)
    boxes = [FoundBox({part.symbols[s]: v for s, v in b.values.items()}, b.log_prob) for b in proofs.boxes]
    return proofs._replace(boxes=boxes)


def _compiled(program: GroundProgram, beliefs: FloatArray, goals: Sequence[int], k: int) -> Proofs:
    from nesy.engines.topk import TopK  # noqa: PLC0415 - loads numba

    condition = tuple(dict.fromkeys((*map(Lit, goals), *program.condition)))
    asked = replace(program, outputs=(), condition=condition)
    found = TopK(test_k=k, beam=BEAM, effort=COMPILED_EFFORT).build(asked).best_proofs(beliefs[None])
    boxes = []
    for allowed, log in zip(found.allowed[0], found.log_prob[0].tolist(), strict=True):
        if log > -np.inf:
            boxes.append(FoundBox(_values(program, allowed, beliefs), log))
    spent = len(boxes) < k and float(found.next_best[0]) > -np.inf
    return Proofs(boxes, bool(found.optimal[0][: len(boxes)].all()) and not spent, spent)


def _values(program: GroundProgram, allowed: FloatArray, beliefs: FloatArray) -> dict[int, frozenset[int]]:
    values = {}
    for symbol, (start, stop) in enumerate(zip(program.offsets[:-1], program.offsets[1:], strict=True)):
        possible = frozenset(np.flatnonzero(beliefs[start:stop] > -np.inf).tolist())
        taken = frozenset(np.flatnonzero(allowed[start:stop]).tolist()) & possible
        if taken != possible:
            values[symbol] = taken
    return values
