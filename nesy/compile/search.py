"""The search: conjunctions compiled top-down, component by component, each only once.

A component is decided on a symbol, or on a family of formulas proven to exclude one another (a
carry, a state): one branch for each of its members that matter here, and one in which none holds. In
each branch what follows is propagated, what is left is split, and the parts are compiled in turn. The
circuit is the sum over branches of the product of what got its value and of the parts.
"""

from __future__ import annotations

from typing import Any

from nesy.compile import arena, board, components
from nesy.compile.arena import ZERO, Arena
from nesy.compile.board import ASSERTED, Board
from nesy.compile.complement import LOG_COLUMN, LOG_COUNT, LOG_RESULTS
from nesy.compile.components import Memory, Walk
from nesy.compile.deciding import open_frame
from nesy.compile.frames import (
    ASKED,
    BASE,
    BRANCH,
    BRANCHES,
    COLUMN,
    COMPONENT,
    FACTOR,
    FACTORS,
    FRAME,
    LAST,
    MARK,
    MEMBERS,
    PART,
    PARTS,
    REST,
    RESULTS,
    Search,
)
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed, inner, ints, longer
from nesy.compile.supports import WORD, Supports

DONE, PAUSED, FULL = 0, 1, 2


@inner
def started(gates: Gates, b: Board, w: Walk, m: Memory) -> Any:
    """A search with nothing to do."""
    room = 2 * len(gates.symbol) + len(gates.leaf_start) + 64
    return Search(b, w, m, ints(64 * FRAME, 0), ints(4 * room, 0), ints(1024, 0), ints(4, 0))


@inner
def set_root(search: Search, literal: int) -> None:
    """Let the search begin with a literal. What it has compiled before it remembers."""
    for field in range(FRAME):
        search.frames[field] = 0
    search.stack[0] = literal
    search.frames[COMPONENT] = -1
    search.frames[COLUMN] = -1
    search.frames[BRANCHES] = 1
    search.frames[BRANCH] = -1
    search.frames[RESULTS] = 1
    search.tops[0], search.tops[1] = 1, 2
    search.walk.clock[2] = 0
    search.walk.clock[3] += 1


@inner
def go_on(
    gates: Gates,
    sets: Supports,
    proven: Ints,
    rank: Ints,
    built: Ints,
    search: Search,
    made: Arena,
    effort: int,
    most: int,
) -> Any:
    """Go on with a search for some effort. Returns (state, search, arena, circuit of the root).

    rank: when each symbol, and then each family, is decided: the least first. Behind those, for each
    node, which of what is below it is decided first (see `nesy.compile.order.with_leaders`).
    built: circuits by literal index, as far as structure alone gives them.
    effort: how many disjunctions and nodes may be looked at or told in all, since the search was made.
    most: how many numbers circuits and keys may take; beyond, the state is FULL.
    """
    gates, sets, proven = borrowed(gates), borrowed(sets), borrowed(proven)
    rank, built, here = borrowed(rank), borrowed(built), borrowed(search)
    while here.walk.clock[1] < effort:
        frames, stack, tops = here.frames, here.stack, here.tops
        f = (tops[0] - 1) * FRAME
        if frames[f + BRANCH] >= 0 and frames[f + PART] < frames[f + LAST]:
            part = stack[frames[f + PARTS] + frames[f + PART]]
            circuit = -1 - part if part < 0 else here.memory.circuit[part]
            if circuit >= 0:
                _take_part(here, f, circuit)
            else:
                search = _with_room(gates, search)
                here = borrowed(search)
                open_frame(gates, sets, proven, rank, here, part)
            continue
        if frames[f + BRANCH] >= 0:
            made = _end_branch(gates, here, made, f)
        frames[f + BRANCH] += 1
        if frames[f + BRANCH] < frames[f + BRANCHES]:
            if tops[3] + here.memory.tops[1] + made.tops[1] + 4 * (here.memory.tops[0] + made.tops[0]) > most:
                return FULL, search, made, -1
            tops[2] += 1
            here.walk.clock[1] += 1
            search = _with_room(gates, search)
            here = borrowed(search)
            consistent = _begin_branch(gates, proven, here, f)
            made = _gather(gates, sets, built, here, made, f, consistent)
            continue
        made, circuit = _end_frame(here, made, f)
        if tops[0] == 0:
            return DONE, search, made, circuit
    return PAUSED, search, made, -1


@inner
def _with_room(gates: Gates, old: Search) -> Any:
    """The search, its sequences grown if need be, with room for one more frame and one more branch."""
    room = 2 * len(gates.symbol) + len(gates.leaf_start) + 64
    m = components.remembering(old.memory, room, 2 * room)
    frames, stack = old.frames, old.stack
    if len(frames) < (old.tops[0] + 1) * FRAME:
        frames = longer(frames, 2 * len(frames))
    if len(stack) < old.tops[1] + 2 * room:
        stack = longer(stack, 2 * (len(stack) + room))
    log = old.log
    # All frames may end before the next branch begins, and their branches stand on the stack.
    ends = old.tops[1] + room + LOG_RESULTS * (old.tops[0] + 1)
    if len(log) < old.tops[3] + ends:
        log = longer(log, 2 * len(log) + ends)
    return Search(old.b, old.walk, m, frames, stack, log, old.tops)


@inner
def _take_part(search: Search, f: int, circuit: int) -> None:
    """A part of the branch at work is compiled. If it is zero, so is the branch."""
    frames, stack = search.frames, search.stack
    if circuit == ZERO:
        frames[f + PART] = frames[f + LAST]
        frames[f + FACTOR] = 1
        stack[frames[f + FACTORS]] = ZERO
        return
    stack[frames[f + FACTORS] + frames[f + FACTOR]] = circuit
    frames[f + FACTOR] += 1
    frames[f + PART] += 1


@inner
def _end_branch(gates: Gates, search: Search, made: Arena, f: int) -> Any:
    frames, stack = search.frames, search.stack
    first = frames[f + FACTORS]
    stop = first + frames[f + FACTOR]
    made = arena.with_room_for(made, stack, first, stop)
    stack[frames[f + RESULTS] + frames[f + BRANCH]] = arena.product(borrowed(made), stack, first, stop)
    board.take_back(gates, search.b, frames[f + MARK])
    search.tops[1] = first
    return made


@inner
def _end_frame(search: Search, made: Arena, f: int) -> Any:
    frames = search.frames
    first = frames[f + RESULTS]
    stop = first + frames[f + BRANCHES]
    logged = search.tops[3]
    if frames[f + COLUMN] >= 0:
        # Adding overwrites the branches.
        for i in range(first, stop):
            search.log[logged + LOG_RESULTS + i - first] = search.stack[i]
    made = arena.with_room_for(made, search.stack, first, stop)
    circuit = arena.total(borrowed(made), search.stack, first, stop)
    if frames[f + COLUMN] >= 0:
        search.log[logged] = circuit
        search.log[logged + LOG_COUNT] = stop - first
        search.log[logged + LOG_COLUMN] = frames[f + COLUMN]
        search.tops[3] = logged + LOG_RESULTS + stop - first
    search.tops[0] -= 1
    search.tops[1] = frames[f + BASE]
    if frames[f + COMPONENT] >= 0:
        search.memory.circuit[frames[f + COMPONENT]] = circuit
    return made, circuit


@inner
def _begin_branch(gates: Gates, proven: Ints, search: Search, f: int) -> bool:
    """Assert what the branch stands for, and what follows; False if it cannot be."""
    b, frames, stack = search.b, search.frames, search.stack
    value, reason, trail, tops = b.value, b.reason, b.trail, b.tops
    frames[f + MARK] = b.tops[0]
    frames[f + ASKED] = b.tops[2]
    frames[f + FACTORS] = search.tops[1]
    first = frames[f + MEMBERS]
    if frames[f + REST] and frames[f + BRANCH] == frames[f + BRANCHES] - 1:
        for i in range(first, frames[f + RESULTS]):
            if not board.put(value, reason, trail, tops, -stack[i], ASSERTED):
                return False
    elif not board.put(value, reason, trail, tops, stack[first + frames[f + BRANCH]], ASSERTED):
        return False
    return board.propagate(gates, proven, b)


@inner
def _gather(
    gates: Gates, sets: Supports, built: Ints, search: Search, made: Arena, f: int, consistent: bool
) -> Any:
    """Write down the factors of a branch that are known, and the components that are left."""
    frames, stack, tops = search.frames, search.stack, search.tops
    search.walk.clock[1] += search.b.tops[0] - frames[f + MARK]
    top = tops[1]
    frames[f + PART] = 0
    if not consistent:
        stack[top] = ZERO
        frames[f + FACTOR], frames[f + LAST], tops[1] = 1, 0, top + 1
        return made
    if f == 0:
        search.walk.clock[2] = search.b.tops[2]
    opens, count = _open_gates(gates, sets, search, f)
    parts = ints(count, 0)
    last = components.split(gates, sets, search.b, search.walk, search.memory, built, opens, count, parts)
    trail, symbol, leaf_start = search.b.trail, gates.symbol, gates.leaf_start
    for i in range(frames[f + MARK], search.b.tops[0]):
        x = trail[i]
        s = symbol[abs(x)]
        # The negation of a leaf is a value too where it is the only one of its symbol.
        if s >= 0 and (x > 0 or leaf_start[s + 1] - leaf_start[s] == 1):
            stack[top] = built[2 * x] if x > 0 else built[1 - 2 * x]
            top += 1
    made, top = _restricted(gates, built, search, made, f, top)
    frames[f + FACTOR] = top - tops[1]
    # Behind the factors there is room for those that the parts will give.
    frames[f + PARTS] = top + last
    for i in range(last):
        stack[top + last + i] = parts[i]
    frames[f + LAST] = last
    tops[1] = top + 2 * last
    return made


@inner
def _open_gates(gates: Gates, sets: Supports, search: Search, f: int) -> Any:
    """(gates, count): the asserted disjunctions of the frame's component that nothing known meets.

    Negative where nothing below them is known.
    """
    b, m, frames = search.b, search.memory, search.frames
    c = frames[f + COMPONENT]
    known = b.tops[0] - frames[f + MARK]
    inherited = m.opens[c] if c >= 0 else 0
    opens = ints(known + inherited, 0)
    keys, begin = m.keys, m.start[c] if c >= 0 else 0
    trail, reason, failing, symbol = b.trail, b.reason, b.failing, gates.symbol
    fresh = search.walk.fresh
    _list_freshly_touched(gates, sets, b, frames[f + MARK], fresh)
    count = 0
    for i in range(begin, begin + inherited):
        gate = abs(keys[i])
        if failing[gate] == 0:
            # What nothing was known of is looked at only for what has become known since.
            whole = keys[i] < 0 and components.undisturbed(
                gates, sets, b, search.walk, gate, fresh, frames[f + ASKED]
            )
            opens[count] = -gate if whole else gate
            count += 1
    for i in range(frames[f + MARK], b.tops[0]):
        gate = -trail[i]
        if gate > 0 and symbol[gate] < 0 and reason[gate] == ASSERTED and failing[gate] == 0:
            whole = components.undisturbed(gates, sets, b, search.walk, gate, b.touched, 0)
            opens[count] = -gate if whole else gate
            count += 1
    return opens, count


@inner
def _list_freshly_touched(gates: Gates, sets: Supports, b: Board, mark: int, fresh: Ints) -> None:
    """Write down the bits of the symbols of which something has become known since a mark."""
    for w in range(len(fresh)):
        fresh[w] = 0
    symbol, trail, place = gates.symbol, b.trail, sets.place
    for i in range(mark, b.tops[0]):
        s = symbol[abs(trail[i])]
        if s >= 0:
            fresh[place[s] // WORD] |= 1 << (place[s] % WORD)


@inner
def _restricted(gates: Gates, built: Ints, search: Search, made: Arena, f: int, top: int) -> Any:
    """Factors for symbols that have lost values, and that nothing that is left mentions: what remains."""
    m, frames = search.memory, search.frames
    c = frames[f + COMPONENT]
    first, stop = (m.start[c] + m.opens[c], m.start[c + 1]) if c >= 0 else (0, 0)
    found = ints(16, 0)
    count, found = _losers(gates, search, m.keys, first, stop, found, 0)
    count, found = _losers(gates, search, search.b.trail, frames[f + MARK], search.b.tops[0], found, count)
    for i in range(count):
        made = _remainder(gates, built, search, made, found[i], top + i)
    return made, top + count


@inner
def _losers(gates: Gates, search: Search, nodes: Ints, first: int, stop: int, found: Ints, count: int) -> Any:
    """The symbols among some nodes that have lost values, have several left, and are not stamped yet."""
    symbol, leaf_start, left = gates.symbol, gates.leaf_start, search.b.left
    seen, now = search.walk.symbol_seen, search.walk.clock[0]
    for i in range(first, stop):
        s = symbol[abs(nodes[i])]
        if s < 0 or seen[s] == now:
            continue
        seen[s] = now
        if left[s] > 1 and left[s] < leaf_start[s + 1] - leaf_start[s]:
            if count == len(found):
                found = longer(found, 2 * count)
            found[count] = s
            count += 1
    return count, found


@inner
def _remainder(gates: Gates, built: Ints, search: Search, made: Arena, s: int, top: int) -> Any:
    """Put on the stack the sum of the values that a symbol has left."""
    values = ints(search.b.left[s], 0)
    n = 0
    for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
        if search.b.value[gates.leaf[i]] == 0:
            values[n] = built[2 * gates.leaf[i]]
            n += 1
    made = arena.with_room_for(made, values, 0, n)
    search.stack[top] = arena.total(borrowed(made), values, 0, n)
    return made
