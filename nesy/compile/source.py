"""What is asked of a ground program, as the compiler takes it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import final

from nesy.compile.gates import Source
from nesy.compile.jit import sequence
from nesy.logic.graph import FALSE, TRUE, Kind
from nesy.logic.program import GroundProgram


@final
class Draft:
    """A program's graph, to which gates and variables are added; then the roots are compiled."""

    def __init__(self, program: GroundProgram) -> None:
        graph = program.graph
        self.sizes = [len(s.values) for s in program.symbols]
        # That a formula excludes its own negation is no news.
        outputs = (o.literals for o in program.outputs if len(set(map(abs, o.literals))) > 1)
        self.families: list[Sequence[int]] = [*program.families, *outputs]
        self._graph = graph
        self._kinds: list[int] = []
        self._args: list[Sequence[int]] = []

    @property
    def edges(self) -> int:
        """How many children all gates have."""
        graph = self._graph
        return sum(map(len, graph.args)) + sum(map(len, self._args))

    def variable(self, size: int) -> int:
        """A further variable of so many values, whose input columns come after all others."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def leaf(self, variable: int, value: int) -> int:
        """The literal that a variable takes a value."""
        return self._add(Kind.LEAF, (variable, value))

    def conjunction(self, literals: Sequence[int]) -> int:
        """All of the literals."""
        given = [x for x in literals if x != TRUE]
        if FALSE in given:
            return FALSE
        return self._add(Kind.AND, given) if len(given) > 1 else (given or [TRUE])[0]

    def disjunction(self, literals: Sequence[int]) -> int:
        """Any of the literals."""
        return -self.conjunction([-x for x in literals])

    def source(self, roots: Sequence[int], *, fast: bool) -> Source:
        """The roots over all this, as arrays if `fast`, else as lists."""
        graph = self._graph
        columns = [0]
        for size in self.sizes:
            columns.append(columns[-1] + size)
        args = [*graph.args, *self._args]
        return Source(
            *(
                sequence(values, fast=fast)
                for values in (
                    [*map(int, graph.kinds), *self._kinds],
                    _ends(args),
                    list(chain.from_iterable(args)),
                    roots,
                    self.sizes,
                    columns[:-1],
                    _ends(self.families),
                    list(chain.from_iterable(self.families)),
                )
            )
        )

    def _add(self, kind: Kind, args: Sequence[int]) -> int:
        self._kinds.append(kind)
        self._args.append(args)
        return len(self._graph) + len(self._args) - 1


def _ends(rows: Sequence[Sequence[int]]) -> list[int]:
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    return ends
