"""The literals that structure does not tell, found one after the other: by search, or as negations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, final

from nesy.compile import board, components, elimination, order, search
from nesy.compile.arena import Arena
from nesy.compile.complement import complement
from nesy.compile.gates import Gates, index
from nesy.compile.jit import Ints
from nesy.compile.search import Search
from nesy.compile.supports import Supports
from nesy.errors import CompilationError

SLICE = 1 << 20
"""Effort (disjunctions and nodes looked at) after which a search comes back, so that it can be interrupted."""
TRIAL = 1 << 6
"""Effort per gate that the first order may take before another is tried; then four times as much."""
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
        self._ranks = run(orders)(*self._given)
        self._state = run(begin)(work, sets)
        self._negations = columns[:0]

    def found(self, made: Arena, literals: Sequence[int]) -> Arena:
        """Fill in the circuits of the literals; returns the arena they are in."""
        for literal in literals:
            made, circuit = self._negated(made, literal)
            if circuit < 0:
                made, circuit = self._searched(made, literal)
            self._built[index(literal)] = circuit
        return made

    def _negated(self, made: Arena, literal: int) -> tuple[Arena, int]:
        """(arena, circuit) from that of the literal's negation, or -1 where that does not tell."""
        node = self._built[index(-literal)]
        if node < 0:
            return made, -1
        state = self._state
        made, self._negations, circuit = self._run(complement)(
            made, self._built, self._negations, state.log, state.tops[3], self._columns, node
        )
        return made, int(circuit)

    def _searched(self, made: Arena, literal: int) -> tuple[Arena, int]:
        for rank, effort in _trials(self._ranks, TRIAL * len(self._given[0].symbol)):
            made, circuit = self._attempt(made, literal, rank, effort)
            if circuit >= 0:
                break
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


def _trials(ranks: Sequence[Ints], effort: int) -> Iterator[tuple[Ints, int]]:
    """Each order in turn, the first with the most patience; then all over again with more.

    Components an order has compiled serve the others.
    """
    while True:
        yield ranks[0], effort
        for rank in ranks[1:]:
            yield rank, effort // 4
        effort *= 4


def orders(work: Gates, sets: Supports, proven: Ints) -> Any:
    """The orders of decision that are tried, the most promising first."""
    above, below = order.from_above(work, proven), order.from_below(work, proven)
    tree = elimination.from_decomposition(work, proven)
    return (
        order.with_leaders(work, sets, proven, tree if len(tree) else above),
        order.with_leaders(work, sets, proven, below),
        order.with_leaders(work, sets, proven, above),
    )


def begin(work: Gates, sets: Supports) -> Any:
    """A search with nothing in memory."""
    return search.started(work, board.board(work, sets), components.walk(work), components.memory(64, 1024))


def abandon(work: Gates, state: Search) -> None:
    """Forget where a search is. What it has compiled stays."""
    board.take_back(work, state.b, 0)
