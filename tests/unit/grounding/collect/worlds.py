"""Answers over a few symbols, and what reducers make of them in each world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from nesy.grounding.collect.reducers import Reducer
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import Args, TermStore
from nesy.logic.graph import TRUE, Graph, Kind, Lit

World = tuple[int, ...]


class Answers:
    """Answers to be, over symbols of the given sizes."""

    def __init__(self, *sizes: int) -> None:
        self.sizes = sizes
        self.store = TermStore()
        self.graph = Graph()
        self.found: list[tuple[Args, Lit]] = []

    def add(self, literal: Lit, *values: int | float | str) -> Answers:
        """One more answer: atoms and numbers, under a literal."""
        store = self.store
        terms = [store.atom(v) if isinstance(v, str) else store.number(v) for v in values]
        self.found.append((tuple(terms), literal))
        return self

    def fact(self, symbol: int, *values: int | float | str) -> Answers:
        """One more answer: under the second value of a two-valued symbol."""
        return self.add(self.graph.leaf(symbol, 1), *values)

    def sure(self, *values: int | float | str) -> Answers:
        """One more answer, in every world."""
        return self.add(TRUE, *values)

    def worlds(self) -> Iterator[World]:
        """Every assignment of the symbols."""
        return product(*(range(size) for size in self.sizes))

    def held(self, world: World) -> list[tuple[str, ...]]:
        """The answers of a world, in order."""
        return [
            tuple(text(self.store, t) for t in args)
            for args, literal in self.found
            if holds(self.graph, literal, world)
        ]

    def results(self, reducer: Reducer) -> Callable[[World], list[str]]:
        """Which results a world has."""
        made = list(reducer(self.store, self.graph, self.found))

        def of(world: World) -> list[str]:
            return sorted(
                text(self.store, term).removeprefix("'$result'")
                for term, literal in made
                if holds(self.graph, literal, world)
            )

        return of


def holds(graph: Graph, literal: int, world: Sequence[int]) -> bool:
    """Whether a literal holds in a world, by plain recursion."""
    if literal < 0:
        return not holds(graph, -literal, world)
    match graph.kinds[literal]:
        case Kind.TRUE:
            return True
        case Kind.LEAF:
            symbol, value = graph.args[literal]
            return world[symbol] == value
        case Kind.AND:
            return all(holds(graph, child, world) for child in graph.args[literal])
        case Kind.OR:
            return any(holds(graph, child, world) for child in graph.args[literal])
