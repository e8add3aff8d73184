"""The search: conjunctions compiled top-down, component by component, each only once.

A component is decided on a symbol, or on a family of formulas proven to exclude one another (a
carry, a state): one branch for each of its members that matter here, and one in which none holds. In
each branch what follows is propagated, what is left is split, and the parts are compiled in turn. The
circuit is the sum over branches of the product of what got its value and of the parts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from nesy.compile import arena, board, components
from nesy.compile.arena import ZERO, Arena
from nesy.compile.board import ASSERTED, Board
from nesy.compile.complement import BRANCHES, COLUMN, RESULTS
from nesy.compile.components import Memory, Walk
from nesy.compile.covering import COVERING
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, inner, ints
from nesy.compile.supports import WORD, Supports, unite, within

DONE, PAUSED, FULL = 0, 1, 2

# The fields of a frame.
_COMPONENT = 0  # what it compiles; -1 for the root
_BRANCHES = 1  # how many there are
_BRANCH = 2  # the one at work
_MEMBERS = 3  # where the literals decided on stand on the stack
_RESULTS = 4  # where the branches' circuits stand
_FACTORS = 5  # where the circuits of the branch at work stand
_FACTOR = 6  # how many of them there are
_PARTS = 7  # where its components stand
_PART = 8  # the one at work
_LAST = 9  # how many there are
_MARK = 10  # the trail's length before the branch
_REST = 11  # whether the last branch is the one where none holds
_BASE = 12  # the stack's top before the frame
_ASKED = 13  # the number of gates asked for before the branch
_COLUMN = 14  # an input column of the symbol decided on; -1 for a family
_SIZE = 15


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


@inner
def started(gates: Gates, b: Board, w: Walk, m: Memory) -> Any:
    """A search with nothing to do."""
    room = 2 * len(gates.symbol) + len(gates.leaf_start) + 64
    return Search(b, w, m, ints(64 * _SIZE, 0), ints(4 * room, 0), ints(1024, 0), ints(4, 0))


@inner
def set_root(search: Search, literal: int) -> None:
    """Let the search begin with a literal. What it has compiled before it remembers."""
    for field in range(_SIZE):
        search.frames[field] = 0
    search.stack[0] = literal
    search.frames[_COMPONENT] = -1
    search.frames[_COLUMN] = -1
    search.frames[_BRANCHES] = 1
    search.frames[_BRANCH] = -1
    search.frames[_RESULTS] = 1
    search.tops[0], search.tops[1] = 1, 2


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
    """Go on with a search until it has taken that effort. Returns (state, search, arena, circuit of the root).

    rank: when each symbol, and then each family, is decided: the least first. Behind those, for each
    node, which of what is below it is decided first (see `nesy.compile.order.with_leaders`).
    built: circuits by literal index, as far as structure alone gives them.
    effort: how many disjunctions and nodes may be looked at in all, since the search was made.
    most: how many numbers circuits and keys may take; beyond, the state is FULL.
    """
    while search.walk.clock[1] < effort:
        frames, stack, tops = search.frames, search.stack, search.tops
        f = (tops[0] - 1) * _SIZE
        if frames[f + _BRANCH] >= 0 and frames[f + _PART] < frames[f + _LAST]:
            part = stack[frames[f + _PARTS] + frames[f + _PART]]
            circuit = -1 - part if part < 0 else search.memory.circuit[part]
            if circuit >= 0:
                _take_part(search, f, circuit)
            else:
                search = _with_room(gates, search)
                _open_frame(gates, sets, proven, rank, search, part)
            continue
        if frames[f + _BRANCH] >= 0:
            made = _end_branch(gates, search, made, f)
        frames[f + _BRANCH] += 1
        if frames[f + _BRANCH] < frames[f + _BRANCHES]:
            if (
                tops[3] + search.memory.tops[1] + made.tops[1] + 4 * (search.memory.tops[0] + made.tops[0])
                > most
            ):
                return FULL, search, made, -1
            tops[2] += 1
            search.walk.clock[1] += 1
            search = _with_room(gates, search)
            consistent = _begin_branch(gates, proven, search, f)
            made = _gather(gates, sets, built, search, made, f, consistent)
            continue
        made, circuit = _end_frame(search, made, f)
        if tops[0] == 0:
            return DONE, search, made, circuit
    return PAUSED, search, made, -1


@inner
def _with_room(gates: Gates, old: Search) -> Any:
    """The search, its sequences grown if need be, with room for one more frame and one more branch."""
    room = 2 * len(gates.symbol) + len(gates.leaf_start) + 64
    m = components.remembering(old.memory, room, 2 * room)
    frames, stack = old.frames, old.stack
    if len(frames) < (old.tops[0] + 1) * _SIZE:
        frames = _longer(frames, 2 * len(frames))
    if len(stack) < old.tops[1] + 2 * room:
        stack = _longer(stack, 2 * (len(stack) + room))
    log = old.log
    # All frames may end before the next branch begins, and their branches stand on the stack.
    ends = old.tops[1] + room + RESULTS * (old.tops[0] + 1)
    if len(log) < old.tops[3] + ends:
        log = _longer(log, 2 * len(log) + ends)
    return Search(old.b, old.walk, m, frames, stack, log, old.tops)


@inner
def _longer(values: Ints, size: int) -> Ints:
    longer = ints(size, 0)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@inner
def _take_part(search: Search, f: int, circuit: int) -> None:
    """A part of the branch at work is compiled. If it is zero, so is the branch."""
    frames, stack = search.frames, search.stack
    if circuit == ZERO:
        frames[f + _PART] = frames[f + _LAST]
        frames[f + _FACTOR] = 1
        stack[frames[f + _FACTORS]] = ZERO
        return
    stack[frames[f + _FACTORS] + frames[f + _FACTOR]] = circuit
    frames[f + _FACTOR] += 1
    frames[f + _PART] += 1


@inner
def _end_branch(gates: Gates, search: Search, made: Arena, f: int) -> Any:
    frames, stack = search.frames, search.stack
    first = frames[f + _FACTORS]
    stop = first + frames[f + _FACTOR]
    made = arena.with_room_for(made, stack, first, stop)
    stack[frames[f + _RESULTS] + frames[f + _BRANCH]] = arena.product(made, stack, first, stop)
    board.take_back(gates, search.b, frames[f + _MARK])
    search.tops[1] = first
    return made


@inner
def _end_frame(search: Search, made: Arena, f: int) -> Any:
    frames = search.frames
    first = frames[f + _RESULTS]
    stop = first + frames[f + _BRANCHES]
    logged = search.tops[3]
    if frames[f + _COLUMN] >= 0:
        # Adding overwrites the branches.
        for i in range(first, stop):
            search.log[logged + RESULTS + i - first] = search.stack[i]
    made = arena.with_room_for(made, search.stack, first, stop)
    circuit = arena.total(made, search.stack, first, stop)
    if frames[f + _COLUMN] >= 0:
        search.log[logged] = circuit
        search.log[logged + BRANCHES] = stop - first
        search.log[logged + COLUMN] = frames[f + _COLUMN]
        search.tops[3] = logged + RESULTS + stop - first
    search.tops[0] -= 1
    search.tops[1] = frames[f + _BASE]
    if frames[f + _COMPONENT] >= 0:
        search.memory.circuit[frames[f + _COMPONENT]] = circuit
    return made, circuit


@inner
def _begin_branch(gates: Gates, proven: Ints, search: Search, f: int) -> bool:
    """Assert what the branch stands for, and what follows; False if it cannot be."""
    b, frames, stack = search.b, search.frames, search.stack
    value, reason, trail, tops = b.value, b.reason, b.trail, b.tops
    frames[f + _MARK] = b.tops[0]
    frames[f + _ASKED] = b.tops[2]
    frames[f + _FACTORS] = search.tops[1]
    first = frames[f + _MEMBERS]
    if frames[f + _REST] and frames[f + _BRANCH] == frames[f + _BRANCHES] - 1:
        for i in range(first, frames[f + _RESULTS]):
            if not board.put(value, reason, trail, tops, -stack[i], ASSERTED):
                return False
    elif not board.put(value, reason, trail, tops, stack[first + frames[f + _BRANCH]], ASSERTED):
        return False
    return board.propagate(gates, proven, b)


@inner
def _gather(
    gates: Gates, sets: Supports, built: Ints, search: Search, made: Arena, f: int, consistent: bool
) -> Any:
    """Write down the factors of a branch that are known, and the components that are left."""
    frames, stack, tops = search.frames, search.stack, search.tops
    top = tops[1]
    frames[f + _PART] = 0
    if not consistent:
        stack[top] = ZERO
        frames[f + _FACTOR], frames[f + _LAST], tops[1] = 1, 0, top + 1
        return made
    opens, count = _open_gates(gates, sets, search, f)
    parts = ints(count, 0)
    last = components.split(gates, sets, search.b, search.walk, search.memory, built, opens, count, parts)
    trail, symbol, leaf_start = search.b.trail, gates.symbol, gates.leaf_start
    for i in range(frames[f + _MARK], search.b.tops[0]):
        x = trail[i]
        s = symbol[abs(x)]
        # The negation of a leaf is a value too where it is the only one of its symbol.
        if s >= 0 and (x > 0 or leaf_start[s + 1] - leaf_start[s] == 1):
            stack[top] = built[2 * x] if x > 0 else built[1 - 2 * x]
            top += 1
    made, top = _restricted(gates, built, search, made, f, top)
    frames[f + _FACTOR] = top - tops[1]
    # Behind the factors there is room for those that the parts will give.
    frames[f + _PARTS] = top + last
    for i in range(last):
        stack[top + last + i] = parts[i]
    frames[f + _LAST] = last
    tops[1] = top + 2 * last
    return made


@inner
def _open_gates(gates: Gates, sets: Supports, search: Search, f: int) -> Any:
    """(gates, count): the asserted disjunctions of the frame's component that nothing known meets.

    Negative where nothing below them is known.
    """
    b, m, frames = search.b, search.memory, search.frames
    c = frames[f + _COMPONENT]
    known = b.tops[0] - frames[f + _MARK]
    inherited = m.opens[c] if c >= 0 else 0
    opens = ints(known + inherited, 0)
    keys, begin = m.keys, m.start[c] if c >= 0 else 0
    trail, reason, failing, symbol = b.trail, b.reason, b.failing, gates.symbol
    fresh = _freshly_touched(gates, sets, b, frames[f + _MARK])
    count = 0
    for i in range(begin, begin + inherited):
        gate = abs(keys[i])
        if failing[gate] == 0:
            # What nothing was known of is looked at only for what has become known since.
            whole = keys[i] < 0 and components.undisturbed(gates, sets, b, gate, fresh, frames[f + _ASKED])
            opens[count] = -gate if whole else gate
            count += 1
    for i in range(frames[f + _MARK], b.tops[0]):
        gate = -trail[i]
        if gate > 0 and symbol[gate] < 0 and reason[gate] == ASSERTED and failing[gate] == 0:
            whole = components.undisturbed(gates, sets, b, gate, b.touched, 0)
            opens[count] = -gate if whole else gate
            count += 1
    return opens, count


@inner
def _freshly_touched(gates: Gates, sets: Supports, b: Board, mark: int) -> Ints:
    """The bits of the symbols of which something has become known since a mark."""
    fresh = ints(sets.shape[0], 0)
    symbol, trail, place = gates.symbol, b.trail, sets.place
    for i in range(mark, b.tops[0]):
        s = symbol[abs(trail[i])]
        if s >= 0:
            fresh[place[s] // WORD] |= 1 << (place[s] % WORD)
    return fresh


@inner
def _restricted(gates: Gates, built: Ints, search: Search, made: Arena, f: int, top: int) -> Any:
    """Factors for symbols that have lost values, and that nothing that is left mentions: what remains."""
    m, frames = search.memory, search.frames
    c = frames[f + _COMPONENT]
    first, stop = (m.start[c] + m.opens[c], m.start[c + 1]) if c >= 0 else (0, 0)
    found = ints(16, 0)
    count, found = _losers(gates, search, m.keys, first, stop, found, 0)
    count, found = _losers(gates, search, search.b.trail, frames[f + _MARK], search.b.tops[0], found, count)
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
                found = _longer(found, 2 * count)
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
    search.stack[top] = arena.total(made, values, 0, n)
    return made


@inner
def _open_frame(
    gates: Gates, sets: Supports, proven: Ints, rank: Ints, search: Search, component: int
) -> None:
    """Start on a component: choose what it is decided on, and list the branches."""
    frames, tops = search.frames, search.tops
    f = tops[0] * _SIZE
    tops[0] += 1
    frames[f + _COMPONENT] = component
    frames[f + _BASE] = tops[1]
    frames[f + _MEMBERS] = tops[1]
    frames[f + _BRANCH] = -1
    frames[f + _PART], frames[f + _LAST] = 0, 0
    symbols = len(gates.leaf_start) - 1
    chosen = _chosen(gates, proven, rank, search, component)
    all_bits, whole_bits = _component_bits(gates, sets, search, component)
    if chosen < symbols:
        place = sets.place[chosen]
        # Below a gate that stands for all that is below it, every value may matter.
        every = bool((whole_bits[place // WORD] >> (place % WORD)) & 1)
        _list_leaves(gates, search, chosen, every)
        classes = gates.leaf_start[chosen + 1] - gates.leaf_start[chosen]
        listed = tops[1] - frames[f + _MEMBERS]
        frames[f + _REST] = 1 if classes == 1 or search.b.left[chosen] > listed else 0
        frames[f + _COLUMN] = gates.column[gates.class_start[2 * gates.leaf[gates.leaf_start[chosen]]]]
    else:
        family = chosen - symbols
        frames[f + _COLUMN] = -1
        _list_members(gates, sets, search, family, all_bits)
        frames[f + _REST] = 0 if _all_listed(gates, proven, search, family, f) else 1
    frames[f + _BRANCHES] = tops[1] - frames[f + _MEMBERS] + frames[f + _REST]
    frames[f + _RESULTS] = tops[1]
    tops[1] += frames[f + _BRANCHES]


@inner
def _component_bits(gates: Gates, sets: Supports, search: Search, component: int) -> Any:
    """(bits of all symbols of a component, of those below its gates that stand for all below them)."""
    m, words = search.memory, sets.shape[0]
    keys, symbol = m.keys, gates.symbol
    every, whole = ints(words, 0), ints(words, 0)
    for i in range(m.start[component], m.start[component + 1]):
        node = abs(keys[i])
        s = symbol[node]
        if keys[i] < 0 and s < 0:
            unite(whole, 0, sets.bits, words * node, words)
        elif s >= 0:
            unite(every, 0, sets.bits, words * node, words)
    unite(every, 0, whole, 0, words)
    return every, whole


@inner
def _all_listed(gates: Gates, proven: Ints, search: Search, family: int, f: int) -> bool:
    """Whether one of the members listed must hold: one of the family does, and all others are denied."""
    if proven[family] != COVERING:
        return False
    unknown = 0
    for i in range(gates.family_start[family], gates.family_start[family + 1]):
        if search.b.value[abs(gates.family[i])] == 0:
            unknown += 1
    return bool(unknown == search.tops[1] - search.frames[f + _MEMBERS])


@inner
def _chosen(gates: Gates, proven: Ints, rank: Ints, search: Search, component: int) -> int:
    """The symbol, or behind the symbols the family, of least rank that the component speaks of."""
    m, w = search.memory, search.walk
    w.clock[0] += 1
    keys, seen, now = m.keys, w.node_seen, w.clock[0]
    symbol, member_start, member = gates.symbol, gates.member_start, gates.member
    symbols = len(gates.leaf_start) - 1
    decisions = symbols + len(proven)
    walked = m.start[component] + m.opens[component]
    best = -1
    for i in range(m.start[component], m.start[component + 1]):
        node = keys[i]
        if node < 0:
            if symbol[-node] < 0:
                d = rank[decisions - node]
                if best < 0 or rank[d] < rank[best]:
                    best = d
            continue
        if i < walked:
            continue
        seen[node] = now
        s = symbol[node]
        if s >= 0 and (best < 0 or rank[s] < rank[best]):
            best = s
        for j in range(member_start[2 * node], member_start[2 * node + 2]):
            d = symbols + member[j]
            if proven[member[j]] and (best < 0 or rank[d] < rank[best]):
                best = d
    return best


@inner
def _list_leaves(gates: Gates, search: Search, s: int, every: bool) -> None:
    """Put on the stack the unknown leaves of a symbol: all of them, or those that the walk has seen."""
    seen, now, value, tops = search.walk.node_seen, search.walk.clock[0], search.b.value, search.tops
    for i in range(gates.leaf_start[s], gates.leaf_start[s + 1]):
        leaf = gates.leaf[i]
        if value[leaf] == 0 and (every or seen[leaf] == now):
            search.stack[tops[1]] = leaf
            tops[1] += 1


@inner
def _list_members(gates: Gates, sets: Supports, search: Search, family: int, all_bits: Ints) -> None:
    """Put on the stack the unknown members of a family that speak only of the component's symbols."""
    seen, now, value, tops = search.walk.node_seen, search.walk.clock[0], search.b.value, search.tops
    words = sets.shape[0]
    for i in range(gates.family_start[family], gates.family_start[family + 1]):
        node = abs(gates.family[i])
        own = seen[node] == now or (sets.shape[1] and within(sets.bits, words * node, all_bits, 0, words))
        if own and value[node] == 0:
            search.stack[tops[1]] = gates.family[i]
            tops[1] += 1
