"""The literals that structure does not tell, found one after the other: by search, or as negations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, final

from nesy.compile import arena, board, components, elimination, order, search
from nesy.compile.arena import Arena
from nesy.compile.complement import complement, negations
from nesy.compile.frames import Search
from nesy.compile.gates import Gates
from nesy.compile.jit import Ints, borrowed
from nesy.compile.literals import index
from nesy.compile.supports import Supports
from nesy.errors import CompilationError

SLICE = 1 << 20
"""Effort (disjunctions and nodes looked at or told) after which a search can be interrupted."""
TRIAL = 1 << 5
"""Effort per gate that an order may take before another is tried; then four times as much."""
CLAUSAL = 2
"""The height of a conjunction of clauses."""
CLAUSES, TANGLES = (4.0, 0.5, 0.25, 4.0), (0.5, 0.25, 0.25, 4.0)
FAMILIES, FORMULAS = (16.0, 1.0, 1.0, 0.5), (1.0, 1.0, 0.25, 0.25)
"""The shares of effort that orders have: a decomposition sees what joins clauses, and what families part; it
does not see through other formulas. Where clauses are tangled it is trusted once."""
TANGLED = 4
"""Clauses are tangled where the decomposition is wider than this part of all symbols."""
CHEAP = 1 << 16
"""Effort of a search that is worth doing again in another order, for a smaller circuit."""
BYTES = 8
"""Of one number."""

Run = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Gives a function as it is, or compiled."""


@final
class Limits(NamedTuple):
    """memory: bytes that may be filled. effort: what all searches may take; None for any."""

    memory: int
    effort: int | None


@final
class ImpatientError(Exception):
    """A search takes more effort than it may."""


@final
class Task:
    """A search for several literals: what one finds, the others use."""

    def __init__(
        self,
        run: Run,
        work: Gates,
        sets: Supports,
        proven: Ints,
        built: Ints,
        columns: Ints,
        interruptible: Callable[[], None],
        limits: Limits,
    ) -> None:
        self._run = run
        self._given = (work, sets, proven)
        self._built = built
        self._columns = columns
        self._interruptible = interruptible
        self._limits = limits
        self._ranks, width = run(orders)(*self._given)
        if max(work.height) <= CLAUSAL:
            self._shares = CLAUSES, TANGLES if width * TANGLED > len(work.leaf_start) else CLAUSES
        else:
            self._shares = (FAMILIES, FAMILIES) if any(proven) else (FORMULAS, FORMULAS)
        self._state = run(begin)(work, sets)
        self._negations = run(negations)(built, columns)

    def found(self, made: Arena, literals: Sequence[int]) -> Arena:
        """Fill in the circuits of the literals; returns the arena they are in."""
        alone = len({abs(literal) for literal in literals}) == 1
        for literal in literals:
            made, circuit = self._negated(made, literal)
            if circuit < 0:
                made, circuit = self._searched(made, literal, alone=alone)
            self._built[index(literal)] = circuit
        return made

    def _negated(self, made: Arena, literal: int) -> tuple[Arena, int]:
        """(arena, circuit) from that of the literal's negation, or -1 where that does not tell."""
        node = self._built[index(-literal)]
        if node < 0:
            return made, -1
        state = self._state
        made, self._negations, circuit = self._run(complement)(
            made, self._negations, state.log, state.tops[3], self._columns, node
        )
        if made.tops[1] + 4 * made.tops[0] + state.tops[3] > self._limits.memory // BYTES:
            raise _too_large(self._limits.memory)
        return made, int(circuit)

    def _searched(self, made: Arena, literal: int, *, alone: bool) -> tuple[Arena, int]:
        before = self._effort
        for rank, effort in _trials(self._ranks, self._shares, TRIAL * len(self._given[0].symbol)):
            made, circuit = self._attempt(made, literal, rank, effort)
            if circuit >= 0:
                break
        if alone and self._effort - before < CHEAP:
            return self._smallest(made, literal, circuit, rank, self._effort - before)
        return made, circuit

    def _smallest(
        self, made: Arena, literal: int, circuit: int, taken: Ints, effort: int
    ) -> tuple[Arena, int]:
        """The smaller of a literal's circuit and those that other orders find as fast, from nothing."""
        edges = self._run(arena.edges_below)(made, circuit)
        for rank in self._ranks[:2]:
            if rank is taken:
                continue
            state = self._state
            self._state = self._run(begin)(*self._given[:2])
            made, other = self._attempt(made, literal, rank, effort)
            fewer = self._run(arena.edges_below)(made, other) if other >= 0 else edges
            if fewer < edges:
                circuit, edges = other, fewer
                self._negations = self._run(negations)(self._built, self._columns)
            else:
                self._state = state
        return made, circuit

    def _attempt(self, made: Arena, literal: int, rank: Ints, effort: int) -> tuple[Arena, int]:
        """(arena, circuit), or -1 where that effort does not suffice."""
        search.set_root(self._state, literal)
        last = self._effort + effort
        if self._limits.effort is not None:
            last = min(last, self._limits.effort)
        while self._effort < last:
            result, self._state, made, circuit = self._run(search.go_on)(
                *self._given,
                rank,
                self._built,
                self._state,
                made,
                min(last, self._effort + SLICE),
                self._limits.memory // BYTES,
            )
            if result == search.DONE:
                return made, int(circuit)
            if result == search.FULL:
                raise _too_large(self._limits.memory)
            self._interruptible()
        if last == self._limits.effort:
            raise ImpatientError
        self._run(abandon)(self._given[0], self._state)
        return made, -1

    @property
    def _effort(self) -> int:
        """What the searches have taken so far."""
        return int(self._state.walk.clock[1])


def _too_large(memory: int) -> CompilationError:
    return CompilationError(
        "out-of-memory",
        f"the circuit, and what is remembered to share its parts, takes more than {memory:,} bytes",
        hint="ask for fewer queries at once, allow more memory, or choose an approximate engine",
    )


def _trials(
    ranks: Sequence[Ints], shares: tuple[Sequence[float], Sequence[float]], effort: float
) -> Iterator[tuple[Ints, int]]:
    """Each order in turn, with its share of the effort; then all over again with twice as much.

    shares: the first time, and from then on. Components an order has compiled serve the others.
    """
    at_first, later = shares
    for rank, share in zip(ranks, at_first, strict=True):
        yield rank, int(share * effort)
    while True:
        effort *= 2
        for rank, share in zip(ranks, later, strict=True):
            yield rank, int(share * effort)


def orders(work: Gates, sets: Supports, proven: Ints) -> Any:
    """(orders of decision that are tried, width of the decomposition the first is of)."""
    work, sets, proven = borrowed(work), borrowed(sets), borrowed(proven)
    above, below = order.from_above(work, proven), order.from_below(work, proven)
    tree, width = elimination.from_decomposition(work, proven)
    first = order.with_leaders(work, sets, proven, tree if len(tree) else above)
    second, third = (
        order.with_leaders(work, sets, proven, below),
        order.with_leaders(work, sets, proven, above),
    )
    return (first, second, third, order.busiest_first(first)), width


def begin(work: Gates, sets: Supports) -> Any:
    """A search with nothing in memory."""
    return search.started(
        work, board.board(work, sets), components.walk(work, sets), components.memory(64, 1024)
    )


def abandon(work: Gates, state: Search) -> None:
    """Forget where a search is. What it has compiled stays."""
    board.take_back(work, state.b, 0)
