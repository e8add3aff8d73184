"""Rows in the machine's memory: relations that grow, the tables that find equal rows, and indexes.

Functions that may need more room return the memory, which is then another array. numba's cache watches
the file of the function it is asked for: after a change here, touch `machine`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.relational import layout
from nesy.logic.compiled import compiled

Ints = NDArray[np.int64]
Hash = Any
"""An unsigned integer of 64 bits; numpy's types cannot follow it through the arithmetic."""


# Room in the memory.


@compiled
def reserve(memory: Ints, size: int) -> Ints:
    """A memory with room for `size` more numbers: itself, or a copy twice as large."""
    need = memory[layout.TOP] + size
    if need <= memory.size:
        return memory
    grown = np.zeros(max(need, 2 * memory.size), np.int64)
    grown[: memory[layout.TOP]] = memory[: memory[layout.TOP]]
    return grown


@compiled
def moved(memory: Ints, segment: int, used: int, size: int) -> int:
    """The new place of a segment, its first `used` numbers copied; the memory must have room."""
    place = int(memory[layout.TOP])
    memory[place : place + used] = memory[segment : segment + used]
    memory[layout.TOP] = place + size
    return place


@compiled
def grow(memory: Ints, r: int) -> Ints:
    """Twice the room for a relation's rows and its chains."""
    count, stride = memory[r + layout.COUNT], memory[r + layout.STRIDE]
    capacity = 2 * memory[r + layout.CAPACITY]
    memory = reserve(memory, capacity * (stride + memory[r + layout.INDEX_COUNT]))
    memory[r + layout.DATA] = moved(memory, memory[r + layout.DATA], count * stride, capacity * stride)
    for i in range(memory[r + layout.INDEX_COUNT]):
        x = memory[memory[r + layout.INDEXES] + i]
        memory[x + layout.NEXT] = moved(memory, memory[x + layout.NEXT], count, capacity)
    memory[r + layout.CAPACITY] = capacity
    return memory


@compiled
def fresh_table(memory: Ints, size: int) -> int:
    """The place of an empty hash table; the memory must have room."""
    place = int(memory[layout.TOP])
    memory[layout.TOP] += size
    memory[place : place + size] = 0
    return place


# Hash tables: open addressing; a slot holds the number of a row, plus one.


@compiled
def mixed(hashed: Hash, value: int) -> Hash:
    """One more number in a hash."""
    hashed = (hashed ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
    return hashed ^ (hashed >> np.uint64(29))


@compiled
def hash_row(memory: Ints, at: int, width: int) -> Hash:
    """The hash of `width` numbers that follow one another."""
    hashed: Hash = np.uint64(width)
    for i in range(width):
        hashed = mixed(hashed, memory[at + i])
    return hashed


@compiled
def hash_columns(memory: Ints, at: int, columns: int, width: int) -> Hash:
    """The hash of some of the numbers behind a place; which ones, a list at `columns` says."""
    hashed: Hash = np.uint64(width)
    for i in range(width):
        hashed = mixed(hashed, memory[at + memory[columns + i]])
    return hashed


@compiled
def rehash_rows(memory: Ints, r: int) -> Ints:
    """Twice the room in the table that finds equal rows."""
    size = 2 * memory[r + layout.TABLE_SIZE]
    memory = reserve(memory, size)
    table = fresh_table(memory, size)
    mask = np.uint64(size - 1)
    for row in range(memory[r + layout.COUNT]):
        at = memory[r + layout.DATA] + row * memory[r + layout.STRIDE]
        slot = hash_row(memory, at, memory[r + layout.KEY]) & mask
        while memory[table + np.int64(slot)] != 0:
            slot = (slot + np.uint64(1)) & mask
        memory[table + np.int64(slot)] = row + 1
    memory[r + layout.TABLE], memory[r + layout.TABLE_SIZE] = table, size
    return memory


@compiled
def rehash_index(memory: Ints, x: int) -> Ints:
    """Twice the room in an index; the chains stay as they are."""
    r = memory[x + layout.OF]
    old, old_size = memory[x + layout.SLOTS], memory[x + layout.SLOT_COUNT]
    memory = reserve(memory, 2 * old_size)
    table = fresh_table(memory, 2 * old_size)
    mask = np.uint64(2 * old_size - 1)
    for i in range(old_size):
        head = memory[old + i]
        if head != 0:
            at = memory[r + layout.DATA] + (head - 1) * memory[r + layout.STRIDE]
            hashed = hash_columns(memory, at, memory[x + layout.COLUMNS], memory[x + layout.COLUMN_COUNT])
            slot = hashed & mask
            while memory[table + np.int64(slot)] != 0:
                slot = (slot + np.uint64(1)) & mask
            memory[table + np.int64(slot)] = head
    memory[x + layout.SLOTS], memory[x + layout.SLOT_COUNT] = table, 2 * old_size
    return memory


@compiled
def index_slot(memory: Ints, x: int, at: int, columns: int) -> int:
    """The slot of an index for a key: its chain's, or an empty one.

    at, columns: the key's numbers stand behind the place `at`, as far as the list at `columns` says.
    """
    r = memory[x + layout.OF]
    width, own = memory[x + layout.COLUMN_COUNT], memory[x + layout.COLUMNS]
    mask = np.uint64(memory[x + layout.SLOT_COUNT] - 1)
    slot = hash_columns(memory, at, columns, width) & mask
    while True:
        place = memory[x + layout.SLOTS] + np.int64(slot)
        head = memory[place]
        if head == 0:
            return int(place)
        row = memory[r + layout.DATA] + (head - 1) * memory[r + layout.STRIDE]
        equal = True
        for i in range(width):
            if memory[row + memory[own + i]] != memory[at + memory[columns + i]]:
                equal = False
                break
        if equal:
            return int(place)
        slot = (slot + np.uint64(1)) & mask


@compiled
def link(memory: Ints, r: int, row: int) -> Ints:
    """Enter a new row into its relation's indexes."""
    for i in range(memory[r + layout.INDEX_COUNT]):
        x = memory[memory[r + layout.INDEXES] + i]
        if 2 * memory[x + layout.USED] >= memory[x + layout.SLOT_COUNT]:
            memory = rehash_index(memory, x)
        at = memory[r + layout.DATA] + row * memory[r + layout.STRIDE]
        place = index_slot(memory, x, at, memory[x + layout.COLUMNS])
        if memory[place] == 0:
            memory[x + layout.USED] += 1
        memory[memory[x + layout.NEXT] + row] = memory[place]
        memory[place] = row + 1
    return memory


@compiled
def row_slot(memory: Ints, r: int, row: int) -> int:
    """The slot of the row whose key is that of the numbers at `row`: that row's, or an empty one."""
    key = memory[r + layout.KEY]
    mask = np.uint64(memory[r + layout.TABLE_SIZE] - 1)
    slot = hash_row(memory, row, key) & mask
    while True:
        place = memory[r + layout.TABLE] + np.int64(slot)
        known = memory[place]
        if known == 0:
            return int(place)
        at = memory[r + layout.DATA] + (known - 1) * memory[r + layout.STRIDE]
        equal = True
        for i in range(key):
            if memory[at + i] != memory[row + i]:
                equal = False
                break
        if equal:
            return int(place)
        slot = (slot + np.uint64(1)) & mask


# Rows.


@compiled
def append(memory: Ints, r: int) -> tuple[Ints, int]:
    """Add the row under construction to a relation, unless its key is there already.

    Returns the memory and the row's number.
    """
    row = memory[layout.ROW]
    keyed = memory[r + layout.KEY] > 0
    count = memory[r + layout.COUNT]
    place = 0
    if keyed:
        if 2 * count >= memory[r + layout.TABLE_SIZE]:
            memory = rehash_rows(memory, r)
        place = row_slot(memory, r, row)
        if memory[place] != 0:
            return memory, memory[place] - 1
    if count == memory[r + layout.CAPACITY]:
        memory = grow(memory, r)
    stride = memory[r + layout.STRIDE]
    at = memory[r + layout.DATA] + count * stride
    for i in range(stride):
        memory[at + i] = memory[row + i]
    memory[r + layout.COUNT] = count + 1
    if keyed:
        memory[place] = count + 1
    if memory[r + layout.INDEX_COUNT] > 0:
        memory = link(memory, r, count)
    return memory, count


@compiled
def construct(memory: Ints, row: Ints) -> None:
    """Make numbers the row under construction."""
    for i in range(row.size):
        memory[memory[layout.ROW] + i] = row[i]


@compiled
def append_all(memory: Ints, r: int, rows: Ints) -> tuple[Ints, Ints]:
    """Add rows, one by one. Returns the memory and the number of each row."""
    numbers = np.empty(rows.shape[0], np.int64)
    for i in range(rows.shape[0]):
        construct(memory, rows[i])
        memory, numbers[i] = append(memory, r)
    return memory, numbers


@compiled
def row_numbers(memory: Ints, r: int, keys: Ints) -> Ints:
    """The number of the row of each key, or -1. keys: (n, key width)."""
    numbers = np.empty(keys.shape[0], np.int64)
    for i in range(keys.shape[0]):
        construct(memory, keys[i])
        numbers[i] = memory[row_slot(memory, r, memory[layout.ROW])] - 1
    return numbers
