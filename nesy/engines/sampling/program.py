"""A ground program made ready for drawing worlds: its rows, what depends on what, and its events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.kernels.worlds.dependence import Dependence
from nesy.kernels.worlds.plan import WorldPlan
from nesy.kernels.worlds.reading import FEWEST
from nesy.kernels.worlds.stages import StagePlanner, Stages
from nesy.logic.program import GroundProgram

Event = tuple[int, ...]
"""A conjunction of literals, each as the code of a row, ascending and each once."""

KEPT = 4096
"""How many events' stages are remembered: examples often share their targets."""


NARROW = 32
"""So many symbols at once are read with little effort; of more, `indecater` does as well with as much."""


@final
class SampledProgram:
    """What estimators know of a program. Cost of making it: O(nodes and edges), times symbols / 64.

    values: for each output the code of each of its values. condition: what every world must meet.
    symbols: those that outputs or condition depend on; the others are never drawn.
    """

    def __init__(self, program: GroundProgram) -> None:
        literals = [literal for output in program.outputs for literal in output.literals]
        sizes = [len(symbol.values) for symbol in program.symbols]
        self.plan = WorldPlan(program.graph, [*literals, *program.condition], sizes)
        self.dependence = Dependence(self.plan)
        self.values = [self.plan.codes(output.literals) for output in program.outputs]
        self.condition: Event = event_of(self.plan.codes(program.condition).tolist())
        self.symbols = np.flatnonzero(self.dependence.of_rows(self.plan.literals >> 1).any(axis=0))
        self.starts = np.asarray(program.offsets[:-1], dtype=np.int64)
        self.width = program.width
        self.symbol_of_place = np.repeat(np.arange(len(sizes)), sizes)
        self._planner = StagePlanner(self.plan, self.dependence)
        self._stages = lru_cache(KEPT)(self._planner.stages)
        self.opposite = lru_cache(KEPT)(self._opposite)
        """(rest, opposite) of an event that is `rest` without `opposite`, where that has smaller parts."""

    def stages(self, event: Event) -> Stages:
        """The way of guided draws through an event."""
        return self._stages(event)

    def falls_apart(self, event: Event) -> bool:
        """Whether guided draws of an event, or of its opposite, never read many of its symbols at once."""
        parts = self.opposite(event) or (event,)
        stages = [self.stages(part) for part in parts]
        return all(s.widest <= max(NARROW, len(s.symbols) // 2) for s in stages)

    def _opposite(self, event: Event) -> tuple[Event, Event] | None:
        widest = self.stages(event).widest
        if widest < FEWEST:
            return None
        conjuncts = self._planner.conjuncts(event)
        widths = self.dependence.of_rows(np.array(conjuncts, dtype=np.int32) >> 1).sum(axis=1)
        wide = int(widths.argmax()) if len(widths) else -1
        # Only a disjunction, the negation of a row of a gate, has an opposite that falls apart.
        if wide < 0 or not conjuncts[wide] & 1 or conjuncts[wide] >> 1 < self.plan.layout.gates:
            return None
        rest = [*conjuncts[:wide], *conjuncts[wide + 1 :]]
        found = event_of(rest), event_of([*rest, conjuncts[wide] ^ 1])
        narrower = max(self.stages(part).widest for part in found) < widest
        return found if narrower else None

    def depends(self, events: Sequence[Event]) -> NDArray[np.bool_]:
        """(E, n): which symbols each event depends on."""
        found = np.zeros((len(events), len(self.starts)), dtype=np.bool_)
        for row, event in enumerate(events):
            found[row] = self.dependence.of_rows(np.array(event, dtype=np.int32) >> 1).any(axis=0)
        return found

    def depend_alike(self, events: Sequence[Event]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """(G, n), (E,): each set of symbols that some of the events depend on, and which of them each does.

        Cost: that of `depends` for events that differ, and to sort what they depend on.
        """
        numbers = {event: number for number, event in enumerate(dict.fromkeys(events))}
        kinds, kind = np.unique(np.packbits(self.depends(list(numbers)), axis=1), axis=0, return_inverse=True)
        sets = np.unpackbits(kinds, axis=1, count=len(self.starts)).view(np.bool_)
        each = np.array([numbers[event] for event in events], dtype=np.int64)
        return sets, kind.reshape(-1)[each].astype(np.int64)


def event_of(codes: Sequence[int]) -> Event:
    """The conjunction of some codes."""
    return tuple(sorted(set(codes)))
