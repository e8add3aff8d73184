"""What can be completed, by enumeration of all worlds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from nesy.logic.program import GroundProgram
from tests.unit.engines.problems import gives, holds


def worlds(program: GroundProgram) -> list[tuple[int, ...]]:
    """Every world that meets the condition."""
    every = product(*(range(len(s.values)) for s in program.symbols))
    return [w for w in every if all(holds(program.graph, x, w) for x in program.condition)]


def completions(
    program: GroundProgram, every: Sequence[tuple[int, ...]], row: Sequence[int], target: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The worlds that complete a row and have the target."""
    fitting = (w for w in every if all(a in (-1, v) for a, v in zip(row, w, strict=True)))
    return [w for w in fitting if gives(program, w, target)]
