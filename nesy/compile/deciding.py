"""What a component is decided on: a symbol, or a family of formulas that exclude one another."""

from __future__ import annotations

from nesy.compile.covering import COVERING
from nesy.compile.frames import (
    BASE,
    BRANCH,
    BRANCHES,
    COLUMN,
    COMPONENT,
    FRAME,
    LAST,
    MEMBERS,
    PART,
    REST,
    RESULTS,
    Search,
)
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, inner, ints
from nesy.compile.supports import WORD, Supports, unite, within


@inner
def open_frame(
    gates: Gates, sets: Supports, proven: Ints, rank: Ints, search: Search, component: int
) -> None:
    """Start on a component: choose what it is decided on, and list the branches."""
    frames, tops = search.frames, search.tops
    f = tops[0] * FRAME
    tops[0] += 1
    frames[f + COMPONENT] = component
    frames[f + BASE] = tops[1]
    frames[f + MEMBERS] = tops[1]
    frames[f + BRANCH] = -1
    frames[f + PART], frames[f + LAST] = 0, 0
    symbols = len(gates.leaf_start) - 1
    chosen = _chosen(gates, proven, rank, search, component)
    if rank[len(rank) - 1]:
        chosen = _busiest(gates, rank, search, component, chosen)
    all_bits, whole_bits = search.walk.every, search.walk.whole
    _list_bits(gates, sets, search, component, all_bits, whole_bits)
    if chosen < symbols:
        place = sets.place[chosen]
        # Below a gate that stands for all that is below it, every value may matter.
        every = bool((whole_bits[place // WORD] >> (place % WORD)) & 1)
        _list_leaves(gates, search, chosen, every)
        classes = gates.leaf_start[chosen + 1] - gates.leaf_start[chosen]
        listed = tops[1] - frames[f + MEMBERS]
        frames[f + REST] = 1 if classes == 1 or search.b.left[chosen] > listed else 0
        frames[f + COLUMN] = gates.column[gates.class_start[2 * gates.leaf[gates.leaf_start[chosen]]]]
    else:
        family = chosen - symbols
        frames[f + COLUMN] = -1
        _list_members(gates, sets, search, family, all_bits)
        frames[f + REST] = 0 if _all_listed(gates, proven, search, family, f) else 1
    frames[f + BRANCHES] = tops[1] - frames[f + MEMBERS] + frames[f + REST]
    frames[f + RESULTS] = tops[1]
    tops[1] += frames[f + BRANCHES]


@inner
def _list_bits(
    gates: Gates, sets: Supports, search: Search, component: int, every: Ints, whole: Ints
) -> None:
    """Write down the bits of a component's symbols, and of those below gates that stand for all below."""
    m, words = search.memory, sets.shape[0]
    keys, symbol = m.keys, gates.symbol
    for w in range(words):
        every[w], whole[w] = 0, 0
    for i in range(m.start[component], m.start[component + 1]):
        node = abs(keys[i])
        s = symbol[node]
        if keys[i] < 0 and s < 0:
            unite(whole, 0, sets.bits, words * node, words)
        elif s >= 0:
            unite(every, 0, sets.bits, words * node, words)
    unite(every, 0, whole, 0, words)


@inner
def _all_listed(gates: Gates, proven: Ints, search: Search, family: int, f: int) -> bool:
    """Whether one of the members listed must hold: one of the family does, and all others are denied."""
    if proven[family] != COVERING:
        return False
    unknown = 0
    for i in range(gates.family_start[family], gates.family_start[family + 1]):
        if search.b.value[abs(gates.family[i])] == 0:
            unknown += 1
    return bool(unknown == search.tops[1] - search.frames[f + MEMBERS])


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
def _busiest(gates: Gates, rank: Ints, search: Search, component: int, chosen: int) -> int:
    """The symbol that most disjunctions of a component speak of; the one given if none does directly."""
    m, value, symbol = search.memory, search.b.value, gates.symbol
    spoken = ints(len(gates.leaf_start) - 1, 0)
    best = -1
    for i in range(m.start[component], m.start[component] + m.opens[component]):
        gate = abs(m.keys[i])
        for j in range(gates.start[gate], gates.start[gate + 1]):
            node = abs(gates.child[j])
            s = symbol[node]
            if s < 0 or value[node]:
                continue
            spoken[s] += 1
            ahead = best < 0 or spoken[s] > spoken[best]
            if ahead or (spoken[s] == spoken[best] and rank[s] < rank[best]):
                best = s
    return chosen if best < 0 else int(best)


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
