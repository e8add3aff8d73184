"""Where a program falls into modules: derived values that all between two of its parts goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import networkx as nx
import numpy as np
from networkx.utils import UnionFind

from nesy.engines.surrogate.cutting import Family, candidates, cut
from nesy.engines.surrogate.exclusive import exclusive, seem_exclusive
from nesy.logic.graph import Lit
from nesy.logic.parts import Part, independent_parts
from nesy.logic.program import GroundProgram

WIDEST = 64
"""The most values of what modules hand to one another."""


def separators(program: GroundProgram) -> list[Family]:
    """Families of derived values, proven exclusive, each of which alone joins two parts of the program.

    Cut at all of them, the program is a forest of modules, none of which hands on more than one of them,
    and each depends on two variables at least.
    Cost: linear in the graph for each proof that fails, and a call of a SAT solver for each family.
    """
    rng = np.random.default_rng(0)
    found = candidates(program, WIDEST)
    seem = seem_exclusive(program, found, rng)
    found = _disjoint([f for f, hopeful in zip(found, seem, strict=True) if hopeful])
    while True:
        found = _joining(program, found)
        parts = _givers(program, found)
        refuted = [n for n, part in parts.items() if not exclusive(part.program, _given(program, part, n))]
        if not refuted:
            return found
        found = [f for number, f in enumerate(found) if number not in refuted]


def _disjoint(families: Sequence[Family]) -> list[Family]:
    taken: set[int] = set()
    found = []
    for family in families:
        if taken.isdisjoint(family):
            taken.update(family)
            found.append(family)
    return found


def _givers(program: GroundProgram, families: Sequence[Family]) -> dict[int, Part]:
    """The part that each family is derived in."""
    first = len(program.outputs)
    parts = independent_parts(cut(program, families)) if families else []
    return {output - first: part for part in parts for output in part.outputs if output >= first}


def _given(program: GroundProgram, part: Part, number: int) -> tuple[Lit, ...]:
    """The literals of a family, without that of none, in the part that derives it."""
    return part.program.outputs[part.outputs.index(len(program.outputs) + number)].literals[:-1]


@final
@dataclass(frozen=True)
class _Edge:
    """A family between parts: derived in one, a symbol of the other."""

    number: int
    giver: int
    taker: int


def _joining(program: GroundProgram, families: Sequence[Family]) -> list[Family]:
    """Those families that are the one connection of two parts, each worth a module."""
    if not families:
        return []
    parts = independent_parts(cut(program, families))
    symbols, outputs = len(program.symbols), len(program.outputs)
    giver = {o - outputs: place for place, part in enumerate(parts) for o in part.outputs if o >= outputs}
    taker = {s - symbols: place for place, part in enumerate(parts) for s in part.symbols if s >= symbols}
    edges = [_Edge(n, giver[n], taker[n]) for n in range(len(families)) if n in giver and n in taker]
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(parts)))
    network.add_edges_from((e.giver, e.taker) for e in edges if e.giver != e.taker)
    several = {(min(e.giver, e.taker), max(e.giver, e.taker)) for e in _repeated(edges)}
    found: list[tuple[int, int]] = list(nx.bridges(network))  # type: ignore[arg-type]
    bridges = {(min(pair), max(pair)) for pair in found} - several
    kept = [e for e in edges if (min(e.giver, e.taker), max(e.giver, e.taker)) in bridges]
    own = [sum(s < symbols for s in part.symbols) for part in parts]
    joined = [(e.giver, e.taker) for e in edges if e not in kept]
    return [families[e.number] for e in _worthwhile(kept, joined, own)]


def _repeated(edges: Sequence[_Edge]) -> list[_Edge]:
    """Those that join parts which another joins, too."""
    pairs = [frozenset((e.giver, e.taker)) for e in edges]
    counts = {pair: pairs.count(pair) for pair in set(pairs)}
    return [e for e, pair in zip(edges, pairs, strict=True) if counts[pair] > 1]


def _worthwhile(edges: Sequence[_Edge], joined: Sequence[tuple[int, int]], own: Sequence[int]) -> list[_Edge]:
    """Edges left once modules of one variable, or that hand on several, are joined with neighbours."""
    groups: UnionFind[int] = UnionFind(range(len(own)))
    for a, b in joined:
        groups.union(a, b)
    left = list(edges)
    while True:
        variables = {groups[place]: 0 for place in range(len(own))}
        for place, count in enumerate(own):
            variables[groups[place]] += count
        for e in left:
            variables[groups[e.taker]] += 1
        gives = [groups[e.giver] for e in left]
        bad = next(
            (
                e
                for place, e in enumerate(left)
                if min(variables[groups[e.giver]], variables[groups[e.taker]]) < 2
                or groups[e.giver] in gives[place + 1 :]
            ),
            None,
        )
        if bad is None:
            return left
        left.remove(bad)
        groups.union(bad.giver, bad.taker)
