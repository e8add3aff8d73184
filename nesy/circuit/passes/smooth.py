"""Smoothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.passes.fold import Fold
from nesy.circuit.passes.passing import EXACT, Property
from nesy.circuit.passes.trimming import trimmed
from nesy.circuit.writer import CircuitWriter


@final
@dataclass(frozen=True, slots=True)
class Smooth:
    """Give every branch of a sum the same variables. Values unchanged where weights sum to 1 per variable.

    Where they do not, a smooth circuit counts a variable that a branch leaves free as the sum of its weights:
    what weighted counting asks for. Constants are folded on the way.

    whole: also make every root that is not zero speak of all variables, so that roots count whole worlds.

    A branch is multiplied with the sums over the variables it lacks. Those sums, and their products over
    runs of variables of lengths 1, 2, 4, ..., are made once for the whole circuit, so that a branch
    that lacks one run of n variables costs O(log n) edges (as Shih, Van den Broeck, Beame and Amarilli, 2019,
    in a simpler form). Cost: O(edges * K / 64) for K variables, and the edges added.
    """

    whole: bool = False

    keeps: ClassVar[frozenset[Property]] = EXACT
    gives: ClassVar[frozenset[Property]] = frozenset({Property.SMOOTH})

    def run(self, circuit: Circuit) -> Circuit:
        """The smooth circuit."""
        circuit = Fold().run(circuit)
        made = _Smoothed(circuit)
        scopes: list[int] = []
        place: list[int] = []
        kinds, columns = circuit.kinds.tolist(), circuit.columns.tolist()
        children, offsets = circuit.children.tolist(), circuit.offsets.tolist()
        for node, kind in enumerate(kinds):
            below = children[offsets[node] : offsets[node + 1]]
            if kind == NodeKind.INPUT:
                scope = 1 << made.position_of_column[columns[node]]
                place.append(made.writer.input(columns[node]))
            else:
                scope = 0
                for child in below:
                    scope |= scopes[child]
                parts = [place[c] for c in below]
                if kind == NodeKind.SUM:
                    parts = [made.filled(p, scope & ~scopes[c]) for p, c in zip(parts, below, strict=True)]
                place.append(made.writer.node(kind, parts))
            scopes.append(scope)
        roots = circuit.roots.tolist()
        everything = (1 << len(circuit.domains)) - 1 if self.whole else 0
        ends = [
            place[r] if kinds[r] == NodeKind.ZERO else made.filled(place[r], everything & ~scopes[r])
            for r in roots
        ]
        return trimmed(made.writer.circuit(ends, circuit.domains))


@final
class _Smoothed:
    """A circuit under construction, and the sums over whole variables and runs of variables in it.

    Variables have positions in the order in which the circuit's nodes mention them: what stands
    together in the circuit stands together there, and what a branch lacks is few runs.
    """

    __slots__ = ("_domains", "_filled", "_runs", "_starts", "_variables", "position_of_column", "writer")

    def __init__(self, circuit: Circuit) -> None:
        mentioned = circuit.variable_of_column[circuit.columns[circuit.kinds == NodeKind.INPUT]].tolist()
        self._variables = list(dict.fromkeys([*mentioned, *range(len(circuit.domains))]))
        position = np.empty(len(self._variables), dtype=np.int64)
        position[self._variables] = np.arange(len(self._variables))
        self.position_of_column: list[int] = position[circuit.variable_of_column].tolist()
        self._domains = circuit.domains
        self._starts: list[int] = (np.cumsum(circuit.domains) - circuit.domains).tolist()
        self.writer = CircuitWriter()
        self._runs: dict[tuple[int, int], int] = {}
        self._filled: dict[tuple[int, int], int] = {}

    def filled(self, node: int, missing: int) -> int:
        """A node times the sums over the variables at the missing positions."""
        if not missing:
            return node
        key = (node, missing)
        found = self._filled.get(key)
        if found is None:
            runs = [self._run(first, length) for first, length in _runs(missing)]
            if self.writer.kinds[node] == NodeKind.ONE:
                found = runs[0] if len(runs) == 1 else self.writer.node(NodeKind.PRODUCT, runs)
            else:
                found = self.writer.node(NodeKind.PRODUCT, [node, *runs])
            self._filled[key] = found
        return found

    def _run(self, first: int, length: int) -> int:
        """The product of the sums over a run of 2^k variables. Depth of recursion: k."""
        key = (first, length)
        found = self._runs.get(key)
        if found is None:
            if length == 1:
                found = self._total(self._variables[first])
            else:
                half = length // 2
                found = self.writer.node(
                    NodeKind.PRODUCT, [self._run(first, half), self._run(first + half, half)]
                )
            self._runs[key] = found
        return found

    def _total(self, variable: int) -> int:
        start, size = self._starts[variable], int(self._domains[variable])
        inputs = [self.writer.input(column) for column in range(start, start + size)]
        return inputs[0] if size == 1 else self.writer.node(NodeKind.SUM, inputs)


def _runs(positions: int) -> Iterator[tuple[int, int]]:
    """A set of positions cut into (first, length), lengths powers of 2 that divide their firsts."""
    at = 0
    while positions:
        skipped = (positions & -positions).bit_length() - 1
        positions >>= skipped
        at += skipped
        ones = (~positions & (positions + 1)).bit_length() - 1
        positions >>= ones
        while ones:
            most = at & -at or 1 << (ones.bit_length() - 1)
            length = min(most, 1 << (ones.bit_length() - 1))
            yield at, length
            at += length
            ones -= length
