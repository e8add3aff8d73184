"""A ground program as clauses, once for all targets: what a search needs of it, and what travels.

Every value of every output has a literal, so targets are assumptions and no target needs clauses of
its own. Plain arrays, so that another process gets it cheaply.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.outputs import value_slices
from nesy.engines.sat.units import without_units
from nesy.logic.cnf import encode
from nesy.logic.program import GroundProgram

IntArray = NDArray[np.int64]

IRRELEVANT = -1
"""Stands for the value of a symbol that nothing asked for depends on."""

ABSENT = 0
"""Stands for the literal of a symbol's value that nothing depends on."""


@final
@dataclass(frozen=True, eq=False)
class Encoded:
    """Clauses over variables 1 to `variables`, the condition asserted among them.

    members, ends: the clauses' literals one after the other, and where each clause ends.
    values: (V,) the literal of each value of each symbol; `ABSENT` where it was not encoded.
    offsets: (n + 1,) where the values of each symbol start.
    outputs: the literal of each value of each output; to be assumed, never read from a model.
    possible: whether any world meets the condition.
    """

    members: IntArray
    ends: IntArray
    variables: int
    values: IntArray
    offsets: IntArray
    outputs: tuple[tuple[int, ...], ...]
    possible: bool

    @cached_property
    def key(self) -> str:
        """What tells this encoding from others. Cost: one hash of the arrays."""
        digest = hashlib.sha256(repr((self.variables, self.outputs, self.possible)).encode())
        for array in (self.members, self.ends, self.values, self.offsets):
            digest.update(array.tobytes())
        return digest.hexdigest()

    def clauses(self) -> list[list[int]]:
        """The clauses as lists, as solvers take them. Cost: O(literals)."""
        members = self.members.tolist()
        found, start = [], 0
        for end in self.ends.tolist():
            found.append(members[start:end])
            start = end
        return found

    def read(self, model: Sequence[int]) -> IntArray:
        """(n,): the value of each symbol in a model, the literals that hold; `IRRELEVANT` where not encoded.

        A variable that the model lacks is free, and read as false.
        """
        truth = np.zeros(self.variables + 1, dtype=np.bool_)
        shown = np.asarray(model[: self.variables], dtype=np.int64)
        truth[1 : len(shown) + 1] = shown > 0
        columns = np.flatnonzero((truth[np.abs(self.values)] == (self.values > 0)) & (self.values != ABSENT))
        world = np.full(len(self.offsets) - 1, IRRELEVANT, dtype=np.int64)
        symbols = self.owners[columns]
        world[symbols] = columns - self.offsets[symbols]
        return world

    @cached_property
    def owners(self) -> IntArray:
        """(V,): the symbol that each value belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def assumed(self, target: Iterable[int]) -> list[int]:
        """The literals of a target: for each output the index of a value, or -1."""
        return [literals[value] for literals, value in zip(self.outputs, target, strict=True) if value >= 0]


def encoded(program: GroundProgram) -> Encoded:
    """Encode all outputs, each in the directions that assuming its values asks for, and the condition.

    What follows from the condition by unit propagation is taken out of the clauses.
    Cost: O(nodes and edges of the graph, symbols' values).
    """
    literals = [lit for output in program.outputs for lit in output.literals]
    encoding = encode(program, [*literals, *program.condition])
    wanted = [encoding.literal(lit) for lit in literals]
    values = _values(program, encoding.values)
    asserted = [(encoding.literal(lit),) for lit in program.condition]
    kept = without_units([*encoding.clauses, *asserted], encoding.variables, [*values, *wanted])
    where = kept.literals[len(values) :]
    outputs = tuple(tuple(where[part]) for part in value_slices(program.outputs))
    return Encoded(
        members=_array([literal for clause in kept.clauses for literal in clause]),
        ends=np.cumsum(_array([len(clause) for clause in kept.clauses])),
        variables=kept.variables,
        values=_array(kept.literals[: len(values)]),
        offsets=_array(program.offsets),
        outputs=outputs,
        possible=kept.consistent,
    )


def _values(program: GroundProgram, found: Mapping[int, Sequence[int]]) -> list[int]:
    """(V,): the literals of all values of all symbols, one after the other."""
    return [
        literal
        for number, symbol in enumerate(program.symbols)
        for literal in found.get(number, [ABSENT] * len(symbol.values))
    ]


def _array(numbers: Sequence[int]) -> IntArray:
    return np.asarray(numbers, dtype=np.int64)
