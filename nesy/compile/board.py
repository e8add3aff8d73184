"""What is known while formulas are searched: a value for some nodes, and what follows from them.

Whatever is known of a literal has been asserted, follows from what has, or is told by the values of
its children. What is asserted, or follows, has to be met; it is met once its children tell it. As they
stand below it, nothing can be met by what it implies itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, inner, ints
from nesy.compile.literals import index
from nesy.compile.supports import WORD, Supports

TOLD, ASSERTED = 0, 1
"""Why a node is known: its children tell, or it has to be met."""


class Board(NamedTuple):
    """value: 1 or -1 for a node that is known, else 0. reason: why it is.

    holding, failing: for each gate, how many children are known to hold, and not to.
    left: for each symbol with a leaf per class, the number of leaves not denied.
    trail: the literals known, in order. asked: of those looked at, the gates that their children do not tell.
    newest: for each height the place in `asked` of the last gate that high, -1 if there is none; older:
    for each place the one before of the same height.
    tops: [literals known, how many have been looked at, gates asked].
    bit: for each symbol its bit; known: for each bit how many known leaves it stands for; touched: the
    bits of symbols with a known leaf.
    """

    value: Ints
    reason: Ints
    holding: Ints
    failing: Ints
    left: Ints
    trail: Ints
    asked: Ints
    newest: Ints
    older: Ints
    tops: Ints
    bit: Ints
    known: Ints
    touched: Ints


@inner
def board(gates: Gates, sets: Supports) -> Any:
    """A board on which nothing is known."""
    nodes, symbols = len(gates.symbol), len(gates.leaf_start) - 1
    left = ints(symbols, 0)
    for s in range(symbols):
        left[s] = gates.leaf_start[s + 1] - gates.leaf_start[s]
    words = sets.shape[0]
    highest = 0
    for node in range(nodes):
        highest = max(highest, gates.height[node])
    return Board(
        ints(nodes, 0),
        ints(nodes, 0),
        ints(nodes, 0),
        ints(nodes, 0),
        left,
        ints(nodes, 0),
        ints(nodes, 0),
        ints(highest + 1, -1),
        ints(nodes, -1),
        ints(3, 0),
        sets.place,
        ints(words * WORD, 0),
        ints(words, 0),
    )


@inner
def put(value: Ints, reason: Ints, trail: Ints, tops: Ints, literal: int, why: int) -> bool:
    """Let a literal be known; False if its negation is. Takes a board's parts: it is called very often."""
    node = abs(literal)
    sign = 1 if literal > 0 else -1
    if value[node]:
        return bool(value[node] == sign)
    value[node] = sign
    reason[node] = why
    trail[tops[0]] = literal
    tops[0] += 1
    return True


@inner
def propagate(gates: Gates, proven: Ints, b: Board) -> bool:
    """Find all that follows; False if something cannot be."""
    trail, tops, symbol, reason, asked = b.trail, b.tops, gates.symbol, b.reason, b.asked
    newest, older, height = b.newest, b.older, gates.height
    while tops[1] < tops[0]:
        first = tops[1]
        tops[1] += 1
        x = trail[first]
        # Counts are kept whole even when something fails, so that they can be taken back.
        consistent = _tell_parents(gates, b, x)
        if symbol[abs(x)] >= 0:
            consistent = _tell_symbol(gates, b, x) and consistent
        else:
            if reason[abs(x)] != TOLD:
                asked[tops[2]] = abs(x)
                older[tops[2]] = newest[height[abs(x)]]
                newest[height[abs(x)]] = tops[2]
                tops[2] += 1
            consistent = consistent and _tell_children(gates, b, x)
        if not consistent or not _tell_rivals(gates, proven, b, x):
            return False
    return True


@inner
def take_back(gates: Gates, b: Board, mark: int) -> None:
    """Forget all but the first `mark` literals."""
    up_start, up, symbol = gates.up_start, gates.up, gates.symbol
    value, holding, failing, left, trail = b.value, b.holding, b.failing, b.left, b.trail
    bit, known, touched, reason = b.bit, b.known, b.touched, b.reason
    looked_at, asked = b.tops[1], b.tops[2]
    for place in range(b.tops[0] - 1, mark - 1, -1):
        x = trail[place]
        node = abs(x)
        value[node] = 0
        if place >= looked_at:
            continue
        for i in range(up_start[node], up_start[node + 1]):
            p = up[i]
            if (p > 0) == (x > 0):
                holding[abs(p)] -= 1
            else:
                failing[abs(p)] -= 1
        s = symbol[node]
        if s < 0:
            asked -= 0 if reason[node] == TOLD else 1
            continue
        if x < 0:
            left[s] += 1
        known[bit[s]] -= 1
        if known[bit[s]] == 0:
            touched[bit[s] // WORD] &= ~(1 << (bit[s] % WORD))
    for i in range(b.tops[2] - 1, asked - 1, -1):
        b.newest[gates.height[b.asked[i]]] = b.older[i]
    b.tops[0] = mark
    b.tops[2] = asked
    b.tops[1] = min(looked_at, mark)


@inner
def _tell_parents(gates: Gates, b: Board, x: int) -> bool:
    start, child, up_start, up = gates.start, gates.child, gates.up_start, gates.up
    value, reason, holding, failing = b.value, b.reason, b.holding, b.failing
    trail, tops = b.trail, b.tops
    node = abs(x)
    consistent = True
    for i in range(up_start[node], up_start[node + 1]):
        p = up[i]
        gate = abs(p)
        if (p > 0) == (x > 0):
            holding[gate] += 1
            missing = start[gate + 1] - start[gate] - holding[gate]
            if missing == 0:
                consistent = put(value, reason, trail, tops, gate, TOLD) and consistent
            elif missing == 1 and value[gate] == -1 and reason[gate] == ASSERTED and failing[gate] == 0:
                last = -_missing(start, child, value, gate)
                consistent = put(value, reason, trail, tops, last, ASSERTED) and consistent
        else:
            failing[gate] += 1
            if failing[gate] == 1:
                consistent = put(value, reason, trail, tops, -gate, TOLD) and consistent
    return consistent


@inner
def _missing(start: Ints, child: Ints, value: Ints, gate: int) -> int:
    """The one child that is not counted as holding yet; it may be known, and wait to be looked at."""
    last = 0
    for i in range(start[gate], start[gate + 1]):
        x = child[i]
        v = value[abs(x)]
        if v == 0 or (v > 0) != (x > 0):
            return int(x)
        last = x
    return int(last)


@inner
def _tell_symbol(gates: Gates, b: Board, x: int) -> bool:
    """The other values of a symbol that has one; the last value of one that is denied the others."""
    leaf, value, reason, trail, tops = gates.leaf, b.value, b.reason, b.trail, b.tops
    s = gates.symbol[abs(x)]
    first, stop = gates.leaf_start[s], gates.leaf_start[s + 1]
    b.known[b.bit[s]] += 1
    b.touched[b.bit[s] // WORD] |= 1 << (b.bit[s] % WORD)
    if x > 0:
        for i in range(first, stop):
            if leaf[i] != x and not put(value, reason, trail, tops, -leaf[i], ASSERTED):
                return False
        return True
    b.left[s] -= 1
    if stop - first == 1:
        return True
    if b.left[s] == 0:
        return False
    if b.left[s] == 1:
        for i in range(first, stop):
            # A denial may wait to be looked at; then nothing is left, which that look will tell.
            if value[leaf[i]] == 0:
                return put(value, reason, trail, tops, leaf[i], ASSERTED)
    return True


@inner
def _tell_children(gates: Gates, b: Board, x: int) -> bool:
    start, child, value, reason, trail, tops = gates.start, gates.child, b.value, b.reason, b.trail, b.tops
    gate = abs(x)
    first, stop = start[gate], start[gate + 1]
    if x > 0:
        for i in range(first, stop):
            if not put(value, reason, trail, tops, child[i], reason[gate]):
                return False
        return True
    if reason[gate] == ASSERTED and b.failing[gate] == 0 and b.holding[gate] == stop - first - 1:
        return put(value, reason, trail, tops, -_missing(start, child, value, gate), ASSERTED)
    return True


@inner
def _tell_rivals(gates: Gates, proven: Ints, b: Board, x: int) -> bool:
    """Deny the other members of families that a literal is a member of."""
    at = index(x)
    first, stop = gates.member_start[at], gates.member_start[at + 1]
    if first == stop:
        return True
    family, value, reason, trail, tops = gates.family, b.value, b.reason, b.trail, b.tops
    for i in range(first, stop):
        f = gates.member[i]
        if proven[f]:
            for j in range(gates.family_start[f], gates.family_start[f + 1]):
                if family[j] != x and not put(value, reason, trail, tops, -family[j], ASSERTED):
                    return False
    return True
