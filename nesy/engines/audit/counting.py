"""How many concept maps are consistent, by model counting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from nesy.circuit.exact_values import exact_values
from nesy.circuit.passes.smooth import Smooth
from nesy.compile.compiler import compile_roots
from nesy.compile.source import Draft
from nesy.compile.task import ImpatientError
from nesy.engines.audit.behaviour import literal, substituted
from nesy.engines.audit.maps import Cell, Maps
from nesy.logic.graph import FALSE, TRUE, Graph, Lit
from nesy.logic.program import GroundProgram, Symbol

EFFORT = 1 << 22
"""What compiling may take, in the compiler's own measure: about half a minute."""


def counted(maps: Maps, images: Mapping[Cell, tuple[int, ...]]) -> int | None:
    """The number of consistent maps, the truth among them; None where compiling takes too much.

    images: what each value may be read as. Cost: that of compiling the constraints of all examples.
    """
    open_cells = [cell for cell in maps.cells if len(images[cell]) > 1]
    symbols = tuple(Symbol(f"{r}:{v}", tuple(map(str, images[r, v]))) for r, v in open_cells)
    graph = Graph()
    leaves = _Leaves(graph, images, open_cells)
    condition = tuple(dict.fromkeys(x for world in maps.examples for x in _alike(maps, world, graph, leaves)))
    draft = Draft(GroundProgram(symbols, graph, condition=condition))
    root = draft.conjunction(condition)
    try:
        circuit = compile_roots(
            lambda fast: draft.source([root], fast=fast), draft.sizes, draft.edges, None, EFFORT
        )
    except ImpatientError:
        return None
    return exact_values(Smooth(whole=True).run(circuit), [1] * sum(draft.sizes))[0]


@final
class _Leaves:
    """What becomes of a leaf (concept, value) where a concept is known to be read from a cell."""

    def __init__(self, graph: Graph, images: Mapping[Cell, tuple[int, ...]], cells: list[Cell]) -> None:
        self._graph = graph
        self._images = images
        self._symbols = {cell: i for i, cell in enumerate(cells)}

    def __call__(self, cell: Cell, value: int) -> Lit:
        images = self._images[cell]
        if value not in images:
            return FALSE
        return TRUE if len(images) == 1 else self._graph.leaf(self._symbols[cell], images.index(value))


def _alike(maps: Maps, world: tuple[int, ...], graph: Graph, leaves: _Leaves) -> list[Lit]:
    """What must hold of a map for one example to give what it gives."""
    behaviour = maps.occurring.behaviour
    readers = [c.reader for c in behaviour.concepts.concepts]
    roots = [*behaviour.observed, *behaviour.possible]
    read = substituted(behaviour.graph, roots, graph, lambda c, v: leaves((readers[c], world[c]), v))
    wanted = [*behaviour.holding(behaviour.observed, world), *behaviour.possible]
    return [x for x in (literal(read, x) for x in wanted) if x != TRUE]
