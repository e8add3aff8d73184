"""Where things stand in the memory: the one array of int64 that the planner fills in and the machine runs on.

Relations, indexes and operators are runs of fields, known by the place where they begin. Lists of any
length (programs, keys, outputs) lie somewhere, and a field holds their place. What grows lies in
segments that are moved when they are full.
"""

from __future__ import annotations

# The head of the memory: where it is free, whether a program could not be run, where the relations
# begin and how many there are, where the registers are, where the row under construction is, and how
# many rows have been met since the machine last came back.
TOP, FAILURE, RELATIONS, RELATION_COUNT, REGISTERS, ROW, MET = range(7)
HEAD = 7

# Fields of a relation. Rows lie one after the other, `STRIDE` numbers each; the first `KEY` of them
# identify a row (0: every row is kept, even an equal one).
COUNT, CAPACITY, DONE, DATA, STRIDE, KEY, TABLE, TABLE_SIZE = range(8)
# Where stand the lists of its indexes, the operators that read it on their left, and on their right.
INDEXES, INDEX_COUNT, LEFTS, LEFT_COUNT, RIGHTS, RIGHT_COUNT = range(8, 14)
RELATION_FIELDS = 14

# Fields of an index: rows of equal key are chained, newest first.
OF, COLUMNS, COLUMN_COUNT, SLOTS, SLOT_COUNT, USED, NEXT = range(7)
INDEX_FIELDS = 7

# Fields of an operator.
KIND, LEFT, RIGHT, RIGHT_INDEX, LEFT_INDEX = range(5)
BEFORE, BEFORE_LENGTH, AFTER, AFTER_LENGTH = range(5, 9)  # programs, before and after the right row is met
KEYS = 9  # registers that hold the key of the right index (or the bounds of a range)
TARGET, VALUES, VALUE_COUNT = 10, 11, 12  # the relation that gets a row, and the registers it is made of
RECORD = 13  # the relation that records how the row came about, -1 for none
LABEL, KEPT, KEPT_COUNT = 14, 15, 16  # the relation of the rule's labels, -1 for none; its registers
OPERATOR_FIELDS = 17

# Kinds of operator.
EXTEND = 0  # one row from each left row
JOIN = 1  # one from each pair of a left and a right row of equal key
RANGE = 2  # one from each left row and integer of an interval
ABSENT = 3  # one from each left row; the right row, if there is one, is recorded as denied
MISSING = 4  # one from each left row that meets no right row

# Instructions of a program: (operation, destination, a, b), over registers that hold encoded values.
CONSTANT, ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, MINIMUM, MAXIMUM, ABSOLUTE, NEGATE = range(10)
LESS, AT_MOST, EQUAL, UNEQUAL, SAME, DIFFERENT = range(10, 16)
INSTRUCTION = 4

# How the machine comes back.
FINISHED, PAUSED, FAILED = range(3)

CAPACITY_AT_FIRST = 8
"""Rows a fresh relation has room for."""


def encoded(integer: int) -> int:
    """An integer as a value: even. Terms that are no integers are odd (see `Values`)."""
    return integer << 1


LARGEST = 1 << 60
"""Integers at or beyond this leave the fragment: tabled resolution has integers of any size."""
