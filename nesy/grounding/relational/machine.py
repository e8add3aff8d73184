"""The machine: semi-naive evaluation of operators over relations, compiled by numba.

Every pair of a left and a right row is met exactly once: whichever of the two is worked on later finds
the other among the rows already done. So each instance of a rule is made once, and nothing is
compared against the whole of what was known before.

Everything lies in one array of numbers, the memory (see `layout`): relations, indexes and operators are
the places where their fields begin. Functions that may need more room return the memory, which is then
another array.

Cost: O(rows made + rows met that fail a check), amortised; 8 bytes a number, at most twice as many held.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.relational import layout
from nesy.grounding.relational.storage import append, index_slot
from nesy.logic.compiled import compiled

Ints = NDArray[np.int64]

CHUNK = 256
"""Rows of one relation worked on before the next has its turn, and the clock can be looked at."""

MANY = 1 << 21
"""Rows met after which the machine comes back, though they gave nothing: a small part of a second."""

WRONG = -1
"""What a program returns that cannot be run: a value outside the fragment."""


# Programs.


@compiled
def calculated(operation: int, a: int, b: int) -> tuple[bool, int]:
    """Whether an operation on two integers has an integer within bounds as its result, and the result."""
    result = 0
    if operation == layout.ADD:
        result = a + b
    elif operation == layout.SUBTRACT:
        result = a - b
    elif operation == layout.MULTIPLY:
        # In floats first: the product of two integers within bounds may not fit.
        if abs(float(a) * float(b)) >= layout.LARGEST:
            return False, 0
        result = a * b
    elif operation in (layout.DIVIDE, layout.MODULO):
        if b == 0:
            return False, 0
        result = a // b if operation == layout.DIVIDE else a % b
    elif operation == layout.MINIMUM:
        result = min(a, b)
    elif operation == layout.MAXIMUM:
        result = max(a, b)
    elif operation == layout.ABSOLUTE:
        result = abs(a)
    else:
        result = -a
    return -layout.LARGEST < result < layout.LARGEST, result


@compiled
def holds(operation: int, a: int, b: int) -> bool:
    """Whether a comparison of two integers holds."""
    if operation == layout.LESS:
        return a < b
    if operation == layout.AT_MOST:
        return a <= b
    if operation == layout.EQUAL:
        return a == b
    return a != b


@compiled
def run(memory: Ints, start: int, length: int) -> int:
    """Run a program. Returns 1 where its checks hold, 0 where one does not, WRONG where it cannot be run."""
    at = start
    for _ in range(length):
        operation, to, a, b = memory[at], memory[at + 1], memory[at + 2], memory[at + 3]
        at += layout.INSTRUCTION
        if operation == layout.CONSTANT:
            memory[to] = a
        elif operation == layout.SAME:
            if memory[a] != memory[b]:
                return 0
        elif operation == layout.DIFFERENT:
            if memory[a] == memory[b]:
                return 0
        else:
            x, y = memory[a], memory[b]
            if (x | y) & 1:
                return WRONG
            if operation >= layout.LESS:
                if not holds(operation, x >> 1, y >> 1):
                    return 0
            else:
                good, result = calculated(operation, x >> 1, y >> 1)
                if not good:
                    return WRONG
                memory[to] = result << 1
    return 1


# Operators.


@compiled
def load(memory: Ints, r: int, number: int, register: int) -> None:
    """Bring a row into the registers."""
    stride = memory[r + layout.STRIDE]
    at = memory[r + layout.DATA] + number * stride
    for i in range(stride):
        memory[register + i] = memory[at + i]


@compiled
def emit(memory: Ints, o: int, left: int, right: int) -> Ints:
    """Where the rest of the operator's checks hold, give its target a row, and record how it came about."""
    row = memory[layout.ROW]
    memory[layout.MET] += 1
    outcome = run(memory, memory[o + layout.AFTER], memory[o + layout.AFTER_LENGTH])
    if outcome <= 0:
        memory[layout.FAILURE] |= outcome < 0
        return memory
    target, width = memory[o + layout.TARGET], memory[o + layout.VALUE_COUNT]
    origin = (left << 32) | (right + 1)
    for i in range(width):
        memory[row + i] = memory[memory[memory[o + layout.VALUES] + i]]
    if memory[target + layout.STRIDE] > width:
        memory[row + width] = origin
    memory, number = append(memory, target)
    if memory[o + layout.RECORD] >= 0:
        width = 0
        if memory[o + layout.LABEL] >= 0:
            for i in range(memory[o + layout.KEPT_COUNT]):
                memory[row + i] = memory[memory[memory[o + layout.KEPT] + i]]
            memory, label = append(memory, memory[o + layout.LABEL])
            memory[row] = label
            width = 1
        memory[row + width] = origin
        memory[row + width + 1] = number
        memory, _ = append(memory, memory[o + layout.RECORD])
    return memory


@compiled
def meet_right(memory: Ints, o: int, number: int) -> Ints:
    """Join a left row, in its registers, with the right rows that are done."""
    right, x = memory[o + layout.RIGHT], memory[o + layout.RIGHT_INDEX]
    limit = memory[right + layout.DONE]
    base = memory[layout.REGISTERS] + memory[memory[o + layout.LEFT] + layout.STRIDE]
    other = memory[index_slot(memory, x, 0, memory[o + layout.KEYS])] - 1
    while other >= 0:
        if other < limit:
            load(memory, right, other, base)
            memory = emit(memory, o, number, other)
        other = memory[memory[x + layout.NEXT] + other] - 1
    return memory


@compiled
def meet_integers(memory: Ints, o: int, number: int) -> Ints:
    """Join a left row, in its registers, with the integers between two of them."""
    keys = memory[o + layout.KEYS]
    low, high = memory[memory[keys]], memory[memory[keys + 1]]
    if (low | high) & 1:
        memory[layout.FAILURE] = 1
        return memory
    place = memory[layout.REGISTERS] + memory[memory[o + layout.LEFT] + layout.STRIDE]
    for value in range(low, high + 1, 2):
        memory[place] = value
        memory = emit(memory, o, number, -1)
    return memory


@compiled
def from_left(memory: Ints, o: int, low: int, high: int) -> Ints:
    """Work an operator on new left rows; the right rows it meets are those done."""
    kind = memory[o + layout.KIND]
    for number in range(low, high):
        load(memory, memory[o + layout.LEFT], number, memory[layout.REGISTERS])
        outcome = run(memory, memory[o + layout.BEFORE], memory[o + layout.BEFORE_LENGTH])
        if outcome <= 0:
            memory[layout.FAILURE] |= outcome < 0
        elif kind == layout.JOIN:
            memory = meet_right(memory, o, number)
        elif kind == layout.RANGE:
            memory = meet_integers(memory, o, number)
        else:
            other = -1
            if kind != layout.EXTEND:
                x = memory[o + layout.RIGHT_INDEX]
                other = memory[index_slot(memory, x, 0, memory[o + layout.KEYS])] - 1
            if kind != layout.MISSING or other < 0:
                memory = emit(memory, o, number, other)
    return memory


@compiled
def from_right(memory: Ints, o: int, low: int, high: int) -> Ints:
    """Work a join on new right rows; the left rows it meets are those done."""
    left, right = memory[o + layout.LEFT], memory[o + layout.RIGHT]
    registers, limit = memory[layout.REGISTERS], memory[left + layout.DONE]
    x = memory[o + layout.LEFT_INDEX]
    columns = memory[memory[o + layout.RIGHT_INDEX] + layout.COLUMNS]
    for number in range(low, high):
        at = memory[right + layout.DATA] + number * memory[right + layout.STRIDE]
        other = memory[index_slot(memory, x, at, columns)] - 1
        if other >= 0:
            load(memory, right, number, registers + memory[left + layout.STRIDE])
        while other >= 0:
            if other < limit:
                load(memory, left, other, registers)
                memory = emit(memory, o, other, number)
            other = memory[memory[x + layout.NEXT] + other] - 1
    return memory


@compiled
def work(memory: Ints, r: int) -> Ints:
    """Work every operator that reads a relation on its next rows."""
    low = memory[r + layout.DONE]
    high = min(memory[r + layout.COUNT], low + CHUNK)
    for i in range(memory[r + layout.LEFT_COUNT]):
        memory = from_left(memory, memory[memory[r + layout.LEFTS] + i], low, high)
    for i in range(memory[r + layout.RIGHT_COUNT]):
        memory = from_right(memory, memory[memory[r + layout.RIGHTS] + i], low, high)
    memory[r + layout.DONE] = high
    memory[layout.MET] += high - low
    return memory


@compiled
def evaluate(memory: Ints, pause: int) -> tuple[Ints, int]:
    """Run until no rule gives anything new, until the memory has grown by about `pause` numbers, or
    until MANY rows have been met.

    Returns the memory and FINISHED, PAUSED (call again to go on) or FAILED (a value outside the fragment).
    """
    until = memory[layout.TOP] + pause
    memory[layout.MET] = 0
    start = memory[layout.RELATIONS]
    end = start + memory[layout.RELATION_COUNT] * layout.RELATION_FIELDS
    going = True
    while going:
        going = False
        for r in range(start, end, layout.RELATION_FIELDS):
            if memory[r + layout.LEFT_COUNT] + memory[r + layout.RIGHT_COUNT] == 0:
                memory[r + layout.DONE] = memory[r + layout.COUNT]
            if memory[r + layout.DONE] < memory[r + layout.COUNT]:
                going = True
                memory = work(memory, r)
                if memory[layout.FAILURE] != 0:
                    return memory, layout.FAILED
                if memory[layout.TOP] > until or memory[layout.MET] > MANY:
                    return memory, layout.PAUSED
    return memory, layout.FINISHED
