"""The planner's draft of what the machine runs: relations, indexes and operators, then as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

Step = tuple[int, int, int, int]
"""One instruction of a program."""


@final
@dataclass(eq=False)
class Relation:
    """Rows of `width` values; then one more number, the row's origin, where `derived`, and in a
    `record` yet another, the number of the row it is the record of.

    key: how many leading values identify a row; 0 keeps equal rows apart.
    """

    number: int
    width: int
    key: int = 0
    derived: bool = False
    record: bool = False
    indexes: dict[tuple[int, ...], int] = field(default_factory=dict)
    lefts: list[int] = field(default_factory=list)
    rights: list[int] = field(default_factory=list)

    @property
    def stride(self) -> int:
        """Numbers a row takes."""
        return self.width + self.derived + self.record

    @property
    def origin(self) -> int:
        """The column of the origin."""
        assert self.derived
        return self.width


@final
@dataclass(eq=False)
class Operator:
    """One way in which rows of a relation follow from rows of others; see `layout`."""

    kind: int
    left: Relation
    right: Relation | None = None
    right_columns: tuple[int, ...] = ()
    left_columns: tuple[int, ...] | None = None
    """The left columns that must equal the right ones; only where the right relation still grows."""
    before: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    target: Relation | None = None
    values: list[int] = field(default_factory=list)
    record: Relation | None = None
    label: Relation | None = None
    kept: list[int] = field(default_factory=list)


@final
class Draft:
    """A growing plan."""

    def __init__(self) -> None:
        self.relations: list[Relation] = []
        self.operators: list[Operator] = []
        self.indexes: list[tuple[Relation, tuple[int, ...]]] = []

    def relation(self, width: int, key: int = 0, *, derived: bool = False, record: bool = False) -> Relation:
        """A new relation."""
        made = Relation(len(self.relations), width, key, derived, record)
        self.relations.append(made)
        return made

    def add(self, operator: Operator) -> None:
        """One more operator, complete."""
        number = len(self.operators)
        self.operators.append(operator)
        operator.left.lefts.append(number)
        if operator.right is not None:
            self._index(operator.right, operator.right_columns)
            if operator.left_columns is not None:
                operator.right.rights.append(number)
                self._index(operator.left, operator.left_columns)

    def _index(self, relation: Relation, columns: tuple[int, ...]) -> int:
        if columns not in relation.indexes:
            relation.indexes[columns] = len(self.indexes)
            self.indexes.append((relation, columns))
        return relation.indexes[columns]
