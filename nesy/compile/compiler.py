"""Compiles literals of a graph to one circuit: structure first, and a search for what it leaves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, final

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.compile import arena, board, components, elimination, order, search, structure
from nesy.compile.arena import Arena
from nesy.compile.covering import prove_covering
from nesy.compile.exclusive import marks, prove_families
from nesy.compile.families import with_families
from nesy.compile.gates import TRUE, Gates, Source, gates, index
from nesy.compile.jit import Ints, compiled, inner, ints
from nesy.compile.search import Search
from nesy.compile.supports import Supports, supports
from nesy.errors import CompilationError
from nesy.logic.interrupts import held

SMALL = 400
"""Edges of a program that is compiled without loading numba, if that does not take long."""
TINY = 40
"""Edges below which numba is not used though it is loaded."""
PATIENCE = 600
"""Branches (a tenth of a millisecond each) of a search in interpreted code before numba is loaded."""
SLICE = 1 << 12
"""Branches a search takes at most before it comes back, so that it can be interrupted."""
TRIAL = 1 << 8
"""Branches per symbol that an order may take before another is tried; then four times as many."""

BYTES = 8
"""Of one number."""
MEMORY = 8 << 30
"""Bytes that a search may fill where nothing else is said."""

Run = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Gives a function as it is, or compiled."""


def compile_roots(
    sources: Callable[[bool], Source], domains: Sequence[int], edges: int, memory: int | None = None
) -> Circuit:
    """The circuit of a source's roots, by interpreted code where that is quickly done.

    sources: makes the source, of arrays for compiled code if told so. The rest as for `circuit_of`.
    """
    if edges <= (TINY if "numba" in sys.modules else SMALL):
        with suppress(_ImpatientError):
            return circuit_of(sources(False), domains, fast=False, memory=memory, branches=PATIENCE)
    return circuit_of(sources(True), domains, fast=True, memory=memory)


@final
class _ImpatientError(Exception):
    """Interpreted code takes too long."""


def circuit_of(
    source: Source,
    domains: Sequence[int],
    *,
    fast: bool,
    memory: int | None = None,
    branches: int | None = None,
) -> Circuit:
    """The circuit of a source's roots.

    domains: the number of values of each variable, in the order of the input columns.
    fast: whether the source is of arrays, and compiled code works on it.
    memory: bytes that may be filled. Raises `CompilationError` (out-of-memory) beyond.
    branches: of a search; beyond, `_ImpatientError`.
    """
    run: Run = compiled if fast else _as_it_is
    with held() as interruptible:
        work, sets, proven, made, built, excluding = run(prepare)(source)
        wanted, expanded = run(left_over)(work, built, excluding)
        if len(wanted):
            task = _Task(run, work, sets, proven, built, interruptible, memory or MEMORY, branches)
            made = task.found(made, [int(x) for x in wanted])
        parts = run(extracted)(work, made, built, expanded)
    kinds, columns, offsets, children, roots = (np.asarray(p, np.int64) for p in parts)
    return Circuit(kinds.astype(np.int8), columns, offsets, children, roots, np.array(domains, np.int64))


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@final
class _Task:
    """A search for several literals: what one finds, the others use."""

    def __init__(
        self,
        run: Run,
        work: Gates,
        sets: Supports,
        proven: Ints,
        built: Ints,
        interruptible: Callable[[], None],
        memory: int,
        branches: int | None,
    ) -> None:
        self._run = run
        self._given = (work, sets, proven)
        self._built = built
        self._interruptible = interruptible
        self._memory = memory
        self._branches = branches
        self._ranks = run(orders)(*self._given)
        self._state = run(begin)(work, sets)

    def found(self, made: Arena, literals: Sequence[int]) -> Arena:
        """Fill in the circuits of the literals; returns the arena they are in."""
        for literal in literals:
            for rank, steps in _trials(self._ranks, TRIAL * (len(self._given[0].leaf_start) + 32)):
                made, circuit = self._attempt(made, literal, rank, steps)
                if circuit >= 0:
                    self._built[index(literal)] = circuit
                    break
        return made

    def _attempt(self, made: Arena, literal: int, rank: Ints, steps: int) -> tuple[Arena, int]:
        """(arena, circuit), or -1 where so many branches do not suffice."""
        search.set_root(self._state, literal)
        while steps > 0:
            slice_ = min(steps, SLICE if self._branches is None else 1 + self._branches // 4)
            steps -= slice_
            result, self._state, made, circuit = self._run(search.go_on)(
                *self._given, rank, self._built, self._state, made, slice_, self._memory // BYTES
            )
            if result == search.DONE:
                return made, int(circuit)
            if result == search.FULL:
                raise _too_large(self._memory)
            self._interruptible()
            if self._branches is not None and self._state.tops[2] > self._branches:
                raise _ImpatientError
        self._run(abandon)(self._given[0], self._state)
        return made, -1


def _too_large(memory: int) -> CompilationError:
    return CompilationError(
        "out-of-memory",
        f"the circuit, and what is remembered to share its parts, takes more than {memory:,} bytes",
        hint="ask for fewer queries at once, allow more memory, or choose an approximate engine",
    )


def _trials(ranks: Sequence[Ints], steps: int) -> Iterator[tuple[Ints, int]]:
    """Each order in turn, with ever more patience. Components an order has compiled serve the others."""
    while True:
        for rank in ranks:
            yield rank, steps
        steps *= 4


def prepare(source: Source) -> Any:
    """(gates, supports, proven, arena, built, excluding): all that structure alone can tell."""
    work = gates(source)
    sets = supports(work)
    work = with_families(work, sets)
    room = marks(work)
    proven = prove_families(work, room)
    prove_covering(work, proven, room)
    made, built = structure.leaf_circuits(work, arena.arena(1024))
    built[2 * TRUE], built[2 * TRUE + 1] = arena.ONE, arena.ZERO
    made, excluding = structure.build(work, sets, proven, room, made, built)
    return work, sets, proven, made, built, excluding


def orders(work: Gates, sets: Supports, proven: Ints) -> Any:
    """The orders of decision that are tried."""
    above, below = order.from_above(work, proven), order.from_below(work, proven)
    tree = elimination.from_decomposition(work, proven)
    if len(tree) == 0:
        tree = above
    # Where formulas are known to be the values of one thing, what stands below tells them.
    first, second = (below, tree) if _some(proven) else (tree, below)
    return (
        order.with_leaders(work, sets, proven, first),
        order.with_leaders(work, sets, proven, second),
        order.with_leaders(work, sets, proven, above),
    )


@inner
def _some(flags: Ints) -> bool:
    found = False
    for i in range(len(flags)):
        found = found or flags[i] > 0
    return found


def begin(work: Gates, sets: Supports) -> Any:
    """A search with nothing in memory."""
    return search.started(work, board.board(work, sets), components.walk(work), components.memory(64, 1024))


def abandon(work: Gates, state: Search) -> None:
    """Forget where a search is. What it has compiled stays."""
    board.take_back(work, state.b, 0)


def left_over(work: Gates, built: Ints, excluding: Ints) -> Any:
    """(literals to search for, gates whose negations are sums over their children once those are found)."""
    nodes = len(work.symbol)
    wanted = ints(2 * nodes, 0)
    expanded = ints(nodes, 0)
    needed = ints(2 * nodes, 0)
    for i in range(len(work.roots)):
        needed[index(work.roots[i])] = 1
    count = 0
    for at in range(2 * nodes - 1, 3, -1):
        if not needed[at] or built[at] >= 0:
            continue
        gate = at // 2
        if at % 2 == 1 and excluding[gate] == 1:
            expanded[gate] = 1
            for i in range(work.start[gate], work.start[gate + 1]):
                needed[index(-work.child[i])] = 1
        else:
            wanted[count] = gate if at % 2 == 0 else -gate
            count += 1
    # From the leaves up: what is below is found first.
    wanted = wanted[:count]
    for i in range(count // 2):
        wanted[i], wanted[count - 1 - i] = wanted[count - 1 - i], wanted[i]
    return wanted, expanded


def extracted(work: Gates, made: Arena, built: Ints, expanded: Ints) -> Any:
    """(kinds, columns, offsets, children, roots) of the circuit that the roots reach."""
    for gate in range(2, len(work.symbol)):
        if expanded[gate]:
            made = structure.alternatives(work, made, built, gate)
    live = ints(made.tops[0], 0)
    for i in range(len(work.roots)):
        live[built[index(work.roots[i])]] = 1
    edges = 0
    count = 0
    for node in range(made.tops[0] - 1, -1, -1):
        if live[node]:
            count += 1
            if made.kind[node] > 2:
                edges += made.start[node + 1] - made.start[node]
                for i in range(made.start[node], made.start[node + 1]):
                    live[made.child[i]] = 1
    kinds, columns, offsets = ints(count, 0), ints(count, -1), ints(count + 1, 0)
    children, roots = ints(edges, 0), ints(len(work.roots), 0)
    place = ints(made.tops[0], 0)
    top = 0
    for node in range(made.tops[0]):
        if not live[node]:
            continue
        place[node] = top
        kinds[top] = made.kind[node]
        offsets[top + 1] = offsets[top]
        if made.kind[node] == 2:
            columns[top] = made.child[made.start[node]]
        elif made.kind[node] > 2:
            for i in range(made.start[node], made.start[node + 1]):
                children[offsets[top + 1]] = place[made.child[i]]
                offsets[top + 1] += 1
        top += 1
    for i in range(len(work.roots)):
        roots[i] = place[built[index(work.roots[i])]]
    return kinds, columns, offsets, children, roots
