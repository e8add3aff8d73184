"""The concepts that networks are to recognise: one for each call of a network on inputs of an example."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.errors import EngineError, Span
from nesy.logic.program import GroundProgram, InputRef, NetworkCall, Symbol


@final
@dataclass(frozen=True, slots=True)
class Reader:
    """A network, and the numbers the rules give it beside its tensors: what maps concepts to values.

    Calls of a network that differ in their tensors alone share one concept map, and so one reader.
    """

    name: str
    values: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class Concept:
    """What one call of a network is about: it has one true value in each example.

    name: the call's inputs, such as `a` or `a(3)`. call: the network too, `digit_net(a)`.
    reader: its place among the readers. span: the neural predicate.
    """

    name: str
    call: str
    reader: int
    values: tuple[str, ...]
    span: Span | None


@final
@dataclass(frozen=True)
class Concepts:
    """All concepts of a program, in the order of the query and then of their indices.

    of_symbol: the concept of each symbol; None where no network gives its probabilities.
    """

    concepts: tuple[Concept, ...]
    readers: tuple[Reader, ...]
    of_symbol: tuple[int | None, ...]

    def position(self, name: str) -> int | None:
        """The concept of that name, or of that call; None where there is none."""
        for at, concept in enumerate(self.concepts):
            if name in (concept.name, concept.call):
                return at
        return None


def concepts_of(program: GroundProgram, query: str) -> Concepts:
    """The concepts of a ground program that was asked `query`.

    Two predicates over one call are two symbols, but what they are about is one concept.
    Raises `EngineError` (nothing-to-audit) where no network has a part. Cost: O(symbols).
    """
    calls: dict[NetworkCall, Symbol] = {}
    for symbol in program.symbols:
        if symbol.call is not None:
            calls.setdefault(symbol.call, symbol)
    if not calls:
        raise EngineError(
            "nothing-to-audit",
            f"no network has a part in {query}",
            hint="ask for what depends on a neural predicate, nn(...)::p(X, V)",
        )
    leaves = {call: _leaves(call) for call in calls}
    order = sorted(calls, key=lambda call: _place(leaves[call], query))
    names = _names([(call.network, ",".join(map(str, leaves[call]))) for call in order])
    readers: dict[str, Reader] = {}
    for call in order:
        name = _reader(call)
        readers.setdefault(name, Reader(name, calls[call].values))
    numbers = {name: i for i, name in enumerate(readers)}
    found = tuple(
        Concept(name, full, numbers[_reader(call)], calls[call].values, calls[call].span)
        for call, (name, full) in zip(order, names, strict=True)
    )
    places = {call: i for i, call in enumerate(order)}
    return Concepts(
        found,
        tuple(readers.values()),
        tuple(None if s.call is None else places[s.call] for s in program.symbols),
    )


def _reader(call: NetworkCall) -> str:
    if all(ref.number is None for ref in call.inputs):
        return call.network
    return f"{call.network}({','.join('_' if r.number is None else str(r.number) for r in call.inputs)})"


def _leaves(call: NetworkCall) -> list[InputRef]:
    """What a call is about in the end: tensors of the user's, and numbers. Iterative."""
    found: dict[InputRef, None] = {}
    stack = list(reversed(call.inputs))
    seen: set[NetworkCall] = set()
    while stack:
        ref = stack.pop()
        if ref.network is None:
            found[ref] = None
        elif ref.network not in seen:
            seen.add(ref.network)
            stack.extend(reversed(ref.network.inputs))
    return list(found)


def _place(leaves: Sequence[InputRef], query: str) -> tuple[object, ...]:
    """Where concepts stand: as their inputs do in the query, else by name; then by their indices."""
    mentioned = re.findall(r"\w+", query)

    def place(ref: InputRef) -> tuple[object, ...]:
        first = mentioned.index(ref.name) if ref.name in mentioned else len(mentioned)
        indices = tuple((0, i, "") if isinstance(i, (int, float)) else (1, 0, i) for i in ref.index)
        return first, ref.name, indices

    return tuple(map(place, leaves))


def _names(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(name, call) of each concept, no two alike: the inputs, with the network where they do not tell."""
    inputs = Counter(leaves for _, leaves in found)
    seen: Counter[str] = Counter()
    names = []
    for network, leaves in found:
        call = f"{network}({leaves})"
        seen[call] += 1
        if seen[call] > 1:
            call += f"#{seen[call]}"
        names.append((leaves if inputs[leaves] == 1 else call, call))
    return names
