"""Proofs from the most probable worlds: what such a world does not need is left open again.

They need not be the best, but are good where a search for those would take too long. Further ones come from
the most probable worlds outside of those found, one choice excluded at a time (Lawler, 1972).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, final

import numpy as np

from nesy.engines.explaining.search import BoxSearch, FoundBox
from nesy.engines.tasks.forward import FloatArray
from nesy.engines.tasks.given import Given
from nesy.engines.tasks.mpe import most_probable_world
from nesy.engines.tasks.questions import Questions
from nesy.logic.graph import Lit
from nesy.logic.program import GroundProgram

MOST_LOOKS = 50_000_000
"""How many nodes may be looked at, in all."""

Excluded = Mapping[int, frozenset[int]]


@final
class _Candidate(NamedTuple):
    box: FoundBox
    excluded: Excluded


def relaxed_worlds(
    program: GroundProgram, beliefs: FloatArray, goals: Sequence[int], search: BoxSearch, k: int
) -> list[FoundBox]:
    """Some proofs of literals and the program's conditions, none of which asks for more than it needs.

    search: of the same goals. Fewer than k where finding them would take too long.
    Cost: compiling a circuit; O(k) times the choices of a proof times O(edges + symbols * nodes).
    """
    condition = tuple(dict.fromkeys((*map(Lit, goals), *program.condition)))
    asked = replace(program, outputs=(), condition=condition)
    compiled = Questions(asked).observing(())
    left = MOST_LOOKS // max(1, search.size * len(program.symbols))

    def candidate(excluded: Excluded) -> _Candidate | None:
        given = Given(asked, compiled, _without(asked, beliefs, excluded)[None], np.zeros(1), {}, False)
        if np.isneginf(given.worlds.rows[compiled.world_layers.roots[0], 0]):
            return None
        return _Candidate(search.relaxed(most_probable_world(given)[0].tolist()), excluded)

    found: list[FoundBox] = []
    waiting = [candidate({})] if left else []
    while waiting and len(found) < k:
        waiting.sort(key=lambda c: c.box.log_prob if c else -np.inf)
        best = waiting.pop()
        if best is None:
            break
        found.append(best.box)
        excluded = dict(best.excluded)
        for symbol, allowed in best.box.values.items():
            left -= 1
            if left > 0:
                more = {symbol: allowed | excluded.get(symbol, frozenset())}
                waiting.append(candidate({**excluded, **more}))
    return found


def _without(program: GroundProgram, beliefs: FloatArray, excluded: Excluded) -> FloatArray:
    """Beliefs in which some values are impossible, normalised; all of a symbol's, where all are excluded."""
    found: FloatArray = beliefs.copy()
    for symbol, values in excluded.items():
        own = found[program.offsets[symbol] : program.offsets[symbol + 1]]
        own[list(values)] = -np.inf
        if (own > -np.inf).any():
            own -= np.logaddexp.reduce(own)
    return found
