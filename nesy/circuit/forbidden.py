"""Which values of which variables a node rules out: sets as Python integers, one bit per value."""

from __future__ import annotations

from typing import final

from nesy.circuit.circuit import Circuit, NodeKind


@final
class Forbidden:
    """For each node, values that none of its models takes. An under-approximation, so always sound.

    An input forbids the other values of its variable; a product what any of its children forbids; a sum
    what all of them forbid. A node that forbids every value of a variable has no models.

    A set is an integer. Each variable has a field of one bit per value with a spare bit on top, so that one
    addition carries into the spare bits of exactly the fields that are full.
    """

    __slots__ = ("_carries", "_fields", "_ones", "_sets", "_spares")

    def __init__(self, circuit: Circuit) -> None:
        self._fields: list[tuple[int, int]] = []
        self._ones = self._spares = 0
        place = 0
        for size in circuit.domains.tolist():
            self._fields.append((place, (1 << size) - 1))
            self._ones |= 1 << place
            self._spares |= 1 << (place + size)
            place += size + 1
        self._carries = {place + mask.bit_length(): v for v, (place, mask) in enumerate(self._fields)}
        self._sets = self._all(circuit)

    def __getitem__(self, node: int) -> int:
        """The set of a node."""
        return self._sets[node]

    def contradicts(self, forbidden: int) -> bool:
        """Whether a set leaves some variable no value."""
        return bool((forbidden + self._ones) & self._spares)

    def contradictions(self, forbidden: int, limit: int) -> list[int]:
        """The first variables, `limit` at most, that a set leaves no value."""
        full = (forbidden + self._ones) & self._spares
        result: list[int] = []
        while full and len(result) < limit:
            lowest = full & -full
            result.append(self._carries[lowest.bit_length() - 1])
            full ^= lowest
        return result

    def allowed(self, node: int, variable: int) -> int:
        """The values of a variable that a node does not forbid, as bits."""
        place, mask = self._fields[variable]
        return ~(self._sets[node] >> place) & mask

    def _all(self, circuit: Circuit) -> list[int]:
        everything = sum(mask << place for place, mask in self._fields)
        starts = (circuit.domains.cumsum() - circuit.domains).tolist()
        variables = circuit.variable_of_column.tolist()
        # Equal sets are one object: most nodes forbid nothing, or what a neighbour forbids.
        shared: dict[int, int] = {}
        result: list[int] = []
        for node, kind in enumerate(circuit.kinds.tolist()):
            forbidden = 0
            if kind == NodeKind.INPUT:
                column = int(circuit.columns[node])
                place, mask = self._fields[variables[column]]
                forbidden = (mask & ~(1 << (column - starts[variables[column]]))) << place
            elif kind == NodeKind.PRODUCT:
                for child in circuit.children_of(node).tolist():
                    forbidden |= result[child]
            elif kind in (NodeKind.SUM, NodeKind.ZERO):
                forbidden = everything
                for child in circuit.children_of(node).tolist():
                    forbidden &= result[child]
            result.append(shared.setdefault(forbidden, forbidden))
        return result
