"""Writes a plan into the machine's memory, and reads the rows back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.relational import layout
from nesy.grounding.relational.draft import Draft, Operator, Relation, Step

Ints = NDArray[np.int64]


@final
@dataclass
class Memory:
    """The machine's memory; `numbers` is replaced when it grows. places: where each relation begins."""

    numbers: Ints
    places: dict[Relation, int]

    def rows(self, relation: Relation) -> Ints:
        """(count, stride): a view of a relation's rows, good until the machine runs again."""
        start = self.places[relation]
        fields = self.numbers[start : start + layout.RELATION_FIELDS].tolist()
        count, stride, data = fields[layout.COUNT], fields[layout.STRIDE], fields[layout.DATA]
        return self.numbers[data : data + count * stride].reshape(count, stride)


def written(draft: Draft) -> Memory:
    """The plan as the machine reads it, with every relation empty. Cost: O(size of the plan)."""
    return _Writer(draft).write()


@final
class _Writer:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._numbers = [0] * layout.HEAD
        self._relations = self._table(draft.relations, layout.RELATION_FIELDS)
        self._indexes = self._table(draft.indexes, layout.INDEX_FIELDS)
        self._operators = self._table(draft.operators, layout.OPERATOR_FIELDS)

    def write(self) -> Memory:
        draft, numbers = self._draft, self._numbers
        widest = max((r.stride for r in draft.relations), default=0)
        longest = max((len(o.before) + len(o.after) for o in draft.operators), default=0)
        numbers[layout.RELATIONS] = layout.HEAD
        numbers[layout.RELATION_COUNT] = len(draft.relations)
        # Two rows and every result; a row under construction holds no more.
        numbers[layout.REGISTERS] = self._room(2 * widest + longest + 4)
        numbers[layout.ROW] = self._room(2 * widest + longest + 4)
        for relation in draft.relations:
            self._write_relation(relation)
        for relation, columns in draft.indexes:
            self._write_index(relation, columns)
        for number, operator in enumerate(draft.operators):
            self._write_operator(self._operators[number], operator)
        numbers[layout.TOP] = len(numbers)
        memory = np.zeros(2 * len(numbers) + 1024, np.int64)
        memory[: len(numbers)] = numbers
        return Memory(memory, dict(zip(draft.relations, self._relations, strict=True)))

    def _table(self, items: Sequence[object], fields: int) -> list[int]:
        """Room for the fields of some things; the place of each."""
        start = self._room(len(items) * fields)
        return [start + i * fields for i in range(len(items))]

    def _room(self, size: int) -> int:
        self._numbers.extend([0] * size)
        return len(self._numbers) - size

    def _list(self, numbers: Sequence[int]) -> int:
        self._numbers.extend(numbers)
        return len(self._numbers) - len(numbers)

    def _put(self, place: int, fields: dict[int, int]) -> None:
        for field, number in fields.items():
            self._numbers[place + field] = number

    def _write_relation(self, relation: Relation) -> None:
        indexes = [self._indexes[x] for x in relation.indexes.values()]
        lefts, rights = ([self._operators[o] for o in os] for os in (relation.lefts, relation.rights))
        self._put(
            self._relations[relation.number],
            {
                layout.CAPACITY: layout.CAPACITY_AT_FIRST,
                layout.STRIDE: relation.stride,
                layout.KEY: relation.key,
                layout.DATA: self._room(layout.CAPACITY_AT_FIRST * relation.stride),
                layout.TABLE: self._room(2 * layout.CAPACITY_AT_FIRST),
                layout.TABLE_SIZE: 2 * layout.CAPACITY_AT_FIRST,
                layout.INDEXES: self._list(indexes),
                layout.INDEX_COUNT: len(indexes),
                layout.LEFTS: self._list(lefts),
                layout.LEFT_COUNT: len(lefts),
                layout.RIGHTS: self._list(rights),
                layout.RIGHT_COUNT: len(rights),
            },
        )

    def _write_index(self, relation: Relation, columns: tuple[int, ...]) -> None:
        self._put(
            self._indexes[relation.indexes[columns]],
            {
                layout.OF: self._relations[relation.number],
                layout.COLUMNS: self._list(columns),
                layout.COLUMN_COUNT: len(columns),
                layout.SLOTS: self._room(2 * layout.CAPACITY_AT_FIRST),
                layout.SLOT_COUNT: 2 * layout.CAPACITY_AT_FIRST,
                layout.NEXT: self._room(layout.CAPACITY_AT_FIRST),
            },
        )

    def _write_operator(self, place: int, operator: Operator) -> None:
        right, columns = operator.right, operator.left_columns
        right_index = -1 if right is None else self._indexes[right.indexes[operator.right_columns]]
        assert operator.target is not None
        self._put(
            place,
            {
                layout.KIND: operator.kind,
                layout.LEFT: self._relations[operator.left.number],
                layout.RIGHT: self._place(right),
                layout.RIGHT_INDEX: right_index,
                layout.LEFT_INDEX: -1 if columns is None else self._indexes[operator.left.indexes[columns]],
                layout.BEFORE: self._program(operator.before),
                layout.BEFORE_LENGTH: len(operator.before),
                layout.AFTER: self._program(operator.after),
                layout.AFTER_LENGTH: len(operator.after),
                layout.KEYS: self._registers(operator.keys),
                layout.TARGET: self._place(operator.target),
                layout.VALUES: self._registers(operator.values),
                layout.VALUE_COUNT: len(operator.values),
                layout.RECORD: self._place(operator.record),
                layout.LABEL: self._place(operator.label),
                layout.KEPT: self._registers(operator.kept),
                layout.KEPT_COUNT: len(operator.kept),
            },
        )

    def _place(self, relation: Relation | None) -> int:
        return -1 if relation is None else self._relations[relation.number]

    def _registers(self, registers: Sequence[int]) -> int:
        return self._list([self._numbers[layout.REGISTERS] + r for r in registers])

    def _program(self, steps: Sequence[Step]) -> int:
        """Registers are written as their places; a constant is what it is."""
        base = self._numbers[layout.REGISTERS]
        numbers: list[int] = []
        for operation, to, a, b in steps:
            numbers += (operation, base + to, a if operation == layout.CONSTANT else base + a, base + b)
        return self._list(numbers)
