"""Compiles literals of a graph to one circuit: structure first, and a search for what it leaves."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from nesy.circuit.circuit import Circuit
from nesy.compile import arena, structure
from nesy.compile.arena import Arena
from nesy.compile.covering import prove_covering
from nesy.compile.exclusive import marks, prove_families
from nesy.compile.families import with_families
from nesy.compile.gates import Gates, Source, gates
from nesy.compile.jit import Ints, borrowed, compiled, ints, sequence
from nesy.compile.literals import TRUE, index
from nesy.compile.supports import supports
from nesy.compile.task import ImpatientError, Limits, Run, Task
from nesy.logic.interrupts import held

SMALL = 400
"""Edges of a program that is compiled without loading numba, if that does not take long."""
TINY = 40
"""Edges below which numba is not used though it is loaded."""
PATIENCE = 10_000
"""Effort (a few microseconds each) of a search in interpreted code before numba is loaded."""
MEMORY = 8 << 30
"""Bytes that a search may fill where nothing else is said."""


def compile_roots(
    sources: Callable[[bool], Source],
    domains: Sequence[int],
    edges: int,
    memory: int | None = None,
    effort: int | None = None,
) -> Circuit:
    """The circuit of a source's roots, by interpreted code where that is quickly done.

    sources: makes the source, of arrays for compiled code if told so. The rest as for `circuit_of`.
    """
    if edges <= (TINY if "numba" in sys.modules else SMALL):
        with suppress(ImpatientError):
            return circuit_of(sources(False), domains, fast=False, memory=memory, effort=PATIENCE)
    return circuit_of(sources(True), domains, fast=True, memory=memory, effort=effort)


def circuit_of(
    source: Source,
    domains: Sequence[int],
    *,
    fast: bool,
    memory: int | None = None,
    effort: int | None = None,
) -> Circuit:
    """The circuit of a source's roots.

    domains: the number of values of each variable, in the order of the input columns.
    fast: whether the source is of arrays, and compiled code works on it.
    memory: bytes that may be filled. Raises `CompilationError` (out-of-memory) beyond.
    effort: of a search; beyond, `ImpatientError`.
    """
    run: Run = compiled if fast else _as_it_is
    if fast:
        from nesy.logic.announcing import announce_compiling  # noqa: PLC0415 - loads numba

        announce_compiling()
    with held(between=True) as interruptible:
        work, sets, proven, made, built, excluding = run(prepare)(source)
        wanted, expanded = run(left_over)(work, built, excluding)
        if len(wanted):
            made, built = run(structure.with_negations)(work, sets, made, built)
            columns = sequence(np.concatenate([[0], np.cumsum(domains, dtype=np.int64)]), fast=fast)
            limits = Limits(memory or MEMORY, effort)
            task = Task(run, work, sets, proven, built, columns, interruptible, limits)
            made = task.found(made, [int(x) for x in wanted])
        parts = run(extracted)(work, made, built, expanded)
    return circuit_from(parts, domains)


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


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


def left_over(work: Gates, built: Ints, excluding: Ints) -> Any:
    """(literals to search for, gates whose negations are sums over their children once those are found)."""
    work, built, excluding = borrowed(work), borrowed(built), borrowed(excluding)
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
    roots = ints(len(work.roots), 0)
    for i in range(len(work.roots)):
        roots[i] = built[index(work.roots[i])]
    return arena.reached(made, roots)


def circuit_from(parts: Sequence[Ints], domains: Sequence[int]) -> Circuit:
    """A circuit of what `nesy.compile.arena.reached` gives."""
    kinds, columns, offsets, children, roots = (np.asarray(p, np.int64) for p in parts)
    return Circuit(kinds.astype(np.int8), columns, offsets, children, roots, np.array(domains, np.int64))
