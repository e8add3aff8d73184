"""The state of a search: its frames, one for each component at work, and what it remembers."""

from __future__ import annotations

from typing import NamedTuple

from nesy.compile.board import Board
from nesy.compile.components import Memory, Walk
from nesy.compile.jit import Ints

# The fields of a frame.
COMPONENT = 0  # what it compiles; -1 for the root
BRANCHES = 1  # how many there are
BRANCH = 2  # the one at work
MEMBERS = 3  # where the literals decided on stand on the stack
RESULTS = 4  # where the branches' circuits stand
FACTORS = 5  # where the circuits of the branch at work stand
FACTOR = 6  # how many of them there are
PARTS = 7  # where its components stand
PART = 8  # the one at work
LAST = 9  # how many there are
MARK = 10  # the trail's length before the branch
REST = 11  # whether the last branch is the one where none holds
BASE = 12  # the stack's top before the frame
ASKED = 13  # the number of gates asked for before the branch
COLUMN = 14  # an input column of the symbol decided on; -1 for a family
FRAME = 15


class Search(NamedTuple):
    """A search that can be gone on with. tops: [frames, stack's top, branches taken, log used].

    log: the decisions on symbols so far, as `nesy.compile.complement` reads them.
    """

    b: Board
    walk: Walk
    memory: Memory
    frames: Ints
    stack: Ints
    log: Ints
    tops: Ints
