"""One module as a learner sees it: inputs with the values that matter, and what it makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.surrogate.exclusive import exclusive, possible
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output

IntArray = NDArray[np.int64]


@final
@dataclass(frozen=True, slots=True)
class Read:
    """Where a target is among a module's dimensions.

    dimension: of an output whose values exclude one another; or that of its first value, each value being
    a dimension of two values, where they do not.
    """

    dimension: int
    exclusive: bool


@final
@dataclass(frozen=True, eq=False)
class Local:
    """A module: what it depends on, and its *dimensions*, variables of one value in each world.

    classes: (V,) for each value of each symbol its class. Values that no rule tells apart are one.
    sizes: how many classes each symbol has. dimensions: for each the literals of its values.
    reads: for each output of the program its dimension. met: that of the condition, if there is one.
    """

    program: GroundProgram
    classes: IntArray
    sizes: tuple[int, ...]
    dimensions: tuple[tuple[Lit, ...], ...]
    reads: tuple[Read, ...]
    met: int | None

    @property
    def width(self) -> int:
        """How many classes there are in all."""
        return sum(self.sizes)

    @property
    def worlds(self) -> int:
        """How many worlds of classes there are."""
        found = 1
        for size in self.sizes:
            found *= size
        return found

    @cached_property
    def starts(self) -> IntArray:
        """Where the classes of each symbol start, and their number."""
        return np.cumsum([0, *self.sizes], dtype=np.int64)

    @cached_property
    def domains(self) -> tuple[int, ...]:
        """How many values each dimension has."""
        return tuple(map(len, self.dimensions))

    @cached_property
    def values(self) -> list[IntArray]:
        """For each symbol a value of each of its classes."""
        offsets = self.program.offsets
        return [np.unique(self.classes[a:b], return_index=True)[1] for a, b in pairwise(offsets)]

    def outcomes(self, worlds: IntArray) -> IntArray:
        """(S, dimensions): what holds in worlds (S, n) of classes. Cost: O(edges * S)."""
        chosen = [v[worlds[:, n]] for n, v in enumerate(self.values)]
        # A program without symbols is asked about worlds of one that it does not mention.
        rows = np.stack(chosen, axis=1) if chosen else np.zeros((len(worlds), 1), dtype=np.int64)
        found: IntArray = self._evaluator.evaluate(rows[None]).values[0]
        return found

    def all_worlds(self) -> IntArray:
        """(worlds, n): every one, the last symbol's class changing fastest."""
        if not self.sizes:
            return np.zeros((1, 0), dtype=np.int64)
        return np.ascontiguousarray(np.indices(self.sizes).reshape(len(self.sizes), -1).T)

    @cached_property
    def _evaluator(self) -> OutputEvaluator:
        outputs = [Output(str(n), tuple(range(len(x))), x) for n, x in enumerate(self.dimensions)]
        return OutputEvaluator(GroundProgram(self.program.symbols, self.program.graph, tuple(outputs)))


def localised(program: GroundProgram) -> Local:
    """A module made ready. Cost: O(nodes and edges), and two calls of a SAT solver for each output."""
    graph = program.graph
    dimensions: list[tuple[Lit, ...]] = []
    reads = []
    # The condition comes first: dimensions are predicted given those before them.
    met = 0 if program.condition else None
    if program.condition:
        condition = graph.conjunction(program.condition)
        dimensions.append((Lit(-condition), condition))
    for output in program.outputs:
        alone = exclusive(program, output.literals)
        reads.append(Read(len(dimensions), alone))
        if alone:
            dimensions.append(_complete(program, output.literals))
        else:
            dimensions += [(Lit(-x), x) for x in output.literals]
    classes, sizes = _classes(program, [x for d in dimensions for x in d])
    return Local(program, classes, sizes, tuple(dimensions), tuple(reads), met)


def _complete(program: GroundProgram, literals: Sequence[Lit]) -> tuple[Lit, ...]:
    """Literals of which one holds in every world: one that none of them does is added, if it can be."""
    none = program.graph.conjunction(-x for x in literals)
    if none == FALSE or not possible(program, none):
        return tuple(literals)
    return (*literals, none)


def _classes(program: GroundProgram, roots: Sequence[Lit]) -> tuple[IntArray, tuple[int, ...]]:
    """Each value's class, counted through, and how many classes each symbol has."""
    graph, offsets = program.graph, program.offsets
    used = np.zeros(program.width, dtype=np.bool_)
    for node in graph.reachable(roots):
        if graph.kinds[node] == Kind.LEAF:
            symbol, value = graph.args[node]
            used[offsets[symbol] + value] = True
    classes = np.zeros(program.width, dtype=np.int64)
    sizes, start = [], 0
    for a, b in pairwise(offsets):
        own = used[a:b]
        # The unused values of a symbol are one class, the last.
        within = np.where(own, np.cumsum(own) - 1, own.sum())
        classes[a:b] = start + within
        sizes.append(int(within.max(initial=-1)) + 1)
        start += sizes[-1]
    return classes, tuple(sizes)


Key = tuple[object, ...]


@final
class Shapes:
    """Tells isomorphic modules: those that differ only in the names of symbols and the numbers of nodes."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}

    def key(self, local: Local) -> Key:
        """Equal for modules that make the same of their inputs, taken in order. Cost: O(nodes and edges)."""
        graph, starts = local.program.graph, local.program.offsets
        images: dict[int, int] = {}
        for node in graph.reachable(x for d in local.dimensions for x in d):
            images[node] = self._number(graph, node, images, local, starts)
        dimensions = tuple(tuple(_signed(images, x) for x in d) for d in local.dimensions)
        return (local.sizes, dimensions, local.reads, local.met)

    def _number(
        self, graph: Graph, node: int, images: dict[int, int], local: Local, starts: Sequence[int]
    ) -> int:
        kind = graph.kinds[node]
        if node == TRUE:
            content: tuple[object, ...] = ()
        elif kind == Kind.LEAF:
            symbol, value = graph.args[node]
            content = (int(local.classes[starts[symbol] + value]),)
        else:
            content = tuple(sorted(_signed(images, x) for x in graph.args[node]))
        return self._numbers.setdefault((kind, content), len(self._numbers) + 1)


def _signed(images: dict[int, int], literal: int) -> int:
    return images[abs(literal)] if literal > 0 else -images[abs(literal)]
