"""The concept maps that no example tells from the truth, as clauses over what each value is read as.

A map is consistent when every combination w that occurs gives what its image f(w) gives. Combinations are
very many, but few of them say all: a solver looks for a map that meets the examples taken so far and fails
on another, which is taken then, until there is none (counterexample-guided synthesis).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import final

from pysat.card import ITotalizer

from nesy.engines.audit.clauses import Clauses
from nesy.engines.audit.occurring import Occurring, World
from nesy.engines.audit.solving import Growing, chosen
from nesy.errors import EngineError

FEW_CONFLICTS = 10_000
"""Conflicts that a step towards fewer changes may take."""

Cell = tuple[int, int]
"""A reader, and a value that its network is shown."""

MOST = 10_000
"""Pairs of a value and what it is read as: 100 values of one network."""

ConceptMap = Mapping[Cell, int]
"""What each value is read as."""


@final
class Maps:
    """The maps that are consistent with what occurs, once `close` has run.

    Raises `EngineError` (audit-too-large) for networks of very many values.
    cells: the values that occur, by reader. examples: combinations that together stand for all.
    maps: a solver for clauses of its own, about maps alone; `occurring` has one about examples.
    """

    def __init__(self, occurring: Occurring, maps: Growing, clauses: Clauses) -> None:
        self.occurring = occurring
        concepts = occurring.behaviour.concepts
        self._readers = [c.reader for c in concepts.concepts]
        seen = occurring.seen()
        self.cells: tuple[Cell, ...] = tuple((r, v) for r, values in enumerate(seen) for v in values)
        _require_few(sum(len(concepts.readers[r].values) for r, _ in self.cells))
        self.sizes = {(r, v): len(concepts.readers[r].values) for r, v in self.cells}
        self.examples: list[World] = []
        self._solver, self._clauses = maps, clauses
        self._encoding = occurring.behaviour.encoded()
        self._images = {cell: clauses.one_of(size) for cell, size in self.sizes.items()}
        self._changed = clauses.any(-self._images[cell][cell[1]] for cell in self.cells)
        self._shown = {cell: occurring.clauses.one_of(size) for cell, size in self.sizes.items()}
        self._failing = self._failure()

    def close(self) -> None:
        """Take examples until they stand for all. Cost: two questions to a solver for each."""
        for world in self._uniform():
            self._take(world)
        while self._solver.model([self._changed]) is not None:
            truths = self.occurring.solver.model([self._failing])
            if truths is None:
                return
            self._take(self.occurring.world(truths))

    @property
    def wrong(self) -> bool:
        """Whether a map other than the truth is consistent."""
        return self._solver.model([self._changed]) is not None

    def images(self) -> dict[Cell, tuple[int, ...]]:
        """What each value may be read as. Cost: a question to the solver for each, at most."""
        found: dict[Cell, set[int]] = {cell: {cell[1]} for cell in self.cells}
        open_ones = [(cell, image) for cell in self.cells for image in range(self.sizes[cell])]
        while open_ones:
            cell, image = open_ones.pop()
            if image in found[cell]:
                continue
            # One model shows something new of as many values as are free.
            self._solver.prefer(self._new(found))
            truths = self._solver.model([self._images[cell][image]])
            if truths is not None:
                for other, value in self._map(truths).items():
                    found[other].add(value)
        return {cell: tuple(sorted(values)) for cell, values in found.items()}

    def _new(self, found: Mapping[Cell, set[int]]) -> Iterator[int]:
        """For each value, what it has not been read as yet; but one, denied, that no model should have."""
        for cell, values in found.items():
            wished = next((i for i in range(self.sizes[cell]) if i not in values), None)
            for image, literal in enumerate(self._images[cell]):
                yield literal if image == wished else -literal

    def fewest(self) -> tuple[ConceptMap, bool]:
        """A wrong map that changes few values, and whether none changes fewer. There must be one.

        Cost: a question to the solver for each step down, of a small bound.
        """
        changes = [-self._images[cell][cell[1]] for cell in self.cells]
        with ITotalizer(lits=changes, ubound=len(changes), top_id=self._clauses.variables) as counter:
            self._clauses.variables = counter.top_id
            self._clauses.clauses += map(tuple, counter.cnf.clauses)
            at_least = list(counter.rhs)
        found = self._map(self._solver.model([self._changed]) or ())
        while (count := sum(cell[1] != image for cell, image in found.items())) > 1:
            try:
                truths = self._solver.model([self._changed, -at_least[count - 1]], conflicts=FEW_CONFLICTS)
            except EngineError:
                return found, False
            if truths is None:
                break
            found = self._map(truths)
        return found, True

    def survived(self, concept_map: ConceptMap) -> World:
        """An example that a consistent map reads wrongly, to no effect."""
        values = self.occurring.values
        changed = [
            values[concept][value]
            for concept, reader in enumerate(self._readers)
            for value in range(len(values[concept]))
            if concept_map.get((reader, value), value) != value
        ]
        world = next(filter(None, (self.occurring.some([literal]) for literal in changed)), None)
        assert world is not None
        return world

    def listed(self, most: int) -> int:
        """How many wrong maps are consistent, counted one by one up to a bound."""
        count = 0
        while count < most:
            truths = self._solver.model([self._changed])
            if truths is None:
                break
            count += 1
            self._clauses.add(*(-self._images[cell][image] for cell, image in self._map(truths).items()))
        return count

    def _map(self, truths: Sequence[bool]) -> ConceptMap:
        return {cell: chosen(truths, self._images[cell]) for cell in self.cells}

    def _failure(self) -> int:
        """A literal that holds only where the image of what occurs gives something else."""
        occurring = self.occurring
        clauses, behaviour = occurring.clauses, occurring.behaviour
        image = clauses.copy(self._encoding)
        read = [[image(x) for x in self._encoding.values[c]] for c in range(len(self._readers))]
        for (reader, value), images in self._shown.items():
            for concept in (c for c, r in enumerate(self._readers) if r == reader):
                for shown, literal in zip(images, read[concept], strict=True):
                    clauses.add(-occurring.values[concept][value], -shown, literal)
        other = {x: image(self._encoding.literal(x)) for x in (*behaviour.observed, *behaviour.possible)}
        differences = [clauses.differ(occurring.literal(x), other[x]) for x in behaviour.observed]
        return clauses.any([*differences, *(-other[x] for x in behaviour.possible)])

    def _uniform(self) -> Iterator[World]:
        """Examples in which all that a network is shown is the same: they say most."""
        for reader, value in self.cells:
            alike = [self.occurring.values[c][value] for c, r in enumerate(self._readers) if r == reader]
            world = self.occurring.some(alike)
            if world is not None:
                yield world

    def _take(self, world: World) -> None:
        """From now on, maps must give on this example what the truth does."""
        self.examples.append(world)
        behaviour = self.occurring.behaviour
        wanted = [*behaviour.holding(behaviour.observed, world), *behaviour.possible]
        for clauses, cells in ((self._clauses, self._images), (self.occurring.clauses, self._shown)):
            image = clauses.copy(self._encoding, {c: cells[self._readers[c], v] for c, v in enumerate(world)})
            for x in wanted:
                clauses.add(image(self._encoding.literal(x)))


def _require_few(readings: int) -> None:
    if readings > MOST:
        raise EngineError(
            "audit-too-large",
            f"the values that occur can be read in {readings:,} ways, one by one",
            hint=f"give labels for fewer values, or audit networks of fewer: {MOST:,} ways at most",
        )
