"""Worlds drawn and counted for a batch: what is between numpy and compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.program import Event, SampledProgram
from nesy.kernels.threads import Worker, in_parts, threads_for
from nesy.kernels.worlds.bits import TILE, WORD
from nesy.kernels.worlds.guided import Guided, guide, room
from nesy.kernels.worlds.scores import Scores, Weighted, score
from nesy.kernels.worlds.tallies import Draws, Events, Tally, tally, tally_clamped, tally_values

Seeds = NDArray[np.uint64]

BLOCKS = 4
"""Into how many independent parts draws are split, where they are enough, to see how far these differ."""

FILTERS = 8
"""The same of guided draws: particles of one filter compete, those of different filters never do."""


@final
class Counter:
    """Draws worlds of a program. samples: for each example, rounded up to whole words in equal blocks."""

    def __init__(self, program: SampledProgram, samples: int) -> None:
        words = -(-samples // WORD)
        self.program = program
        self.blocks = min(BLOCKS, words)
        self._words = _in_tiles(-(-words // self.blocks), self.blocks)
        self._filters = min(FILTERS, max(2, words // 2))
        self._words_each = -(-words // self._filters)

    @property
    def worlds(self) -> int:
        """How many worlds `tallies` draws for each example."""
        return WORD * self._words * self.blocks

    @property
    def particles(self) -> int:
        """How many worlds `guided` draws for each event, in all of its filters."""
        return WORD * self._words_each * self._filters

    def tallies(
        self,
        probabilities: FloatArray,
        events: Sequence[Event],
        firsts: NDArray[np.int64],
        depends: NDArray[np.bool_],
        seeds: Seeds,
        *,
        clamped: bool = False,
    ) -> Tally:
        """Count events in worlds drawn from beliefs (B, V), in blocks; clamped: for each value given.

        Cost: see `tally` and `tally_clamped`.
        """
        program, width = self.program, probabilities.shape[1]
        found = Tally(
            np.zeros((len(probabilities), self.blocks, width), np.int64),
            np.zeros((len(events), self.blocks), np.int64),
            np.zeros((len(events), self.blocks, width if depends.any() else 0), np.int64),
        )
        layout, words = program.plan.layout, self._words
        asked = Events(*_laid_out(events), firsts, depends)
        draws = Draws(program.symbols, probabilities, seeds, words)

        def worker() -> Worker:
            if clamped:
                above = program.dependence.above
                return lambda first, last: tally_clamped(layout, draws, asked, above, (first, last), found)
            return lambda first, last: tally(layout, draws, asked, (first, last), found)

        work = (program.plan.edges + WORD * len(program.symbols)) * words * self.blocks
        in_parts(worker, len(probabilities), threads_for(work * len(probabilities)))
        return found

    def scores(
        self,
        probabilities: FloatArray,
        events: Sequence[Event],
        firsts: NDArray[np.int64],
        factors: FloatArray,
        seeds: Seeds,
    ) -> Scores:
        """Gradients of weighted sums of events' logarithms in beliefs (B, V), from the worlds of `tallies`.

        Cost: see `score`.
        """
        program, (batch, width) = self.program, probabilities.shape
        found = Scores(
            np.zeros((len(events), self.blocks), np.int64),
            np.zeros((batch, width)),
            np.zeros((batch, self.blocks, width)),
        )
        layout, words = program.plan.layout, self._words
        depends, groups = program.depend_alike(events)
        asked = Weighted(*_laid_out(events), firsts, factors, groups, depends)
        draws = Draws(program.symbols, probabilities, seeds, words)

        def worker() -> Worker:
            return lambda first, last: score(layout, draws, asked, (first, last), found)

        work = (program.plan.edges + WORD * len(program.symbols)) * words * self.blocks
        in_parts(worker, batch, threads_for(work * batch))
        return found

    def guided(
        self, probabilities: FloatArray, events: Sequence[Event], examples: NDArray[np.int64], seeds: Seeds
    ) -> list[Guided]:
        """Guided draws of each event, about the example with that row in the beliefs (B, V)."""
        layout, filters = self.program.plan.layout, self._filters
        stages = [self.program.stages(event) for event in events]
        width = probabilities.shape[1]
        found = [room(way, width, filters, self._words_each) for way in stages]

        def work(first: int, last: int) -> None:
            for e in range(first, last):
                beliefs, seed = probabilities[examples[e]], seeds[e : e + 1]
                guide(layout, stages[e], beliefs, seed, self._words_each, found[e])

        edges = sum(10 * len(s.after) + WORD * len(s.symbols) for s in stages)
        in_parts(lambda: work, len(events), threads_for(edges * filters * self._words_each))
        return found

    def values(self, probabilities: FloatArray, seeds: Seeds) -> NDArray[np.int64]:
        """(B, values of all outputs + 1): worlds that meet the condition, with each value; last, all of them.

        Cost: see `tally_values`.
        """
        program = self.program
        codes = np.concatenate([np.empty(0, np.int32), *program.values])
        found = np.zeros((len(probabilities), len(codes) + 1), np.int64)
        condition = np.array(program.condition, dtype=np.int32)
        layout, words = program.plan.layout, _in_tiles(self._words * self.blocks, 1)
        draws = Draws(program.symbols, probabilities, seeds, words)

        def worker() -> Worker:
            return lambda first, last: tally_values(layout, draws, codes, condition, (first, last), found)

        work = (program.plan.edges + WORD * len(program.symbols)) * words
        in_parts(worker, len(probabilities), threads_for(work * len(probabilities)))
        return found


def _laid_out(events: Sequence[Event]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The codes of all events, and where those of each start."""
    starts = np.cumsum([0, *map(len, events)], dtype=np.int64)
    return np.array([code for event in events for code in event], dtype=np.int32), starts


def _in_tiles(words: int, blocks: int) -> int:
    """So many words in each block, or a few more: as many as equal tiles of all blocks have."""
    tiles = -(-words * blocks // TILE)
    return tiles * -(-words // tiles)
