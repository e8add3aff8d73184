"""The combinations of concept values that examples may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import final

from nesy.engines.audit.behaviour import Behaviour
from nesy.engines.audit.clauses import Clauses
from nesy.engines.audit.solving import Growing, chosen
from nesy.errors import EngineError, Span
from nesy.logic.cnf import Encoding
from nesy.logic.graph import Lit

World = tuple[int, ...]
"""The index of the value of each concept."""


@final
@dataclass(frozen=True, slots=True)
class Row:
    """What is known of some examples: values of concepts and of outputs, by their places.

    written: says how and where it is written, if that must be said.
    """

    concepts: tuple[tuple[int, int], ...] = ()
    outputs: tuple[tuple[int, int], ...] = ()
    written: Callable[[], tuple[str, Span | None]] = lambda: ("", None)


@final
class Occurring:
    """The combinations that meet the rules' own conditions, give an output a value, and meet one of the rows.

    Raises `EngineError`: impossible-example for a row that no combination meets, no-examples where the
    rules' conditions leave nothing.
    """

    def __init__(self, behaviour: Behaviour, rows: Sequence[Row], solver: Growing, clauses: Clauses) -> None:
        self.behaviour = behaviour
        self.clauses = clauses
        self.solver = solver
        self._encoding = _encoded(behaviour, rows)
        self._image = clauses.copy(self._encoding)
        count = len(behaviour.concepts.concepts)
        self.values = [[self._image(x) for x in self._encoding.values[c]] for c in range(count)]
        for needed in (*behaviour.possible, *behaviour.labelled):
            clauses.add(self.literal(needed))
        self._admit(rows)

    def literal(self, of: Lit) -> int:
        """The literal of a formula of the behaviour, about the true values."""
        return self._image(self._encoding.literal(of))

    def some(self, assumptions: Iterable[int] = ()) -> World | None:
        """A combination in which some literals hold. Cost: one question to the solver."""
        truths = self.solver.model(assumptions)
        return None if truths is None else self.world(truths)

    def world(self, truths: Sequence[bool]) -> World:
        """The combination of a model."""
        return tuple(chosen(truths, values) for values in self.values)

    def seen(self) -> tuple[tuple[int, ...], ...]:
        """For each reader, the values that some example has. Cost: at most one question for each value."""
        concepts = self.behaviour.concepts
        seen: list[set[int]] = [set() for _ in concepts.readers]
        for concept, literals in enumerate(self.values):
            reader = concepts.concepts[concept].reader
            for value, literal in enumerate(literals):
                world = None if value in seen[reader] else self.some([literal])
                for other, found in zip(concepts.concepts, world or (), strict=False):
                    seen[other.reader].add(found)
        return tuple(tuple(sorted(values)) for values in seen)

    def _admit(self, rows: Sequence[Row]) -> None:
        if self.solver.model() is None:
            raise EngineError(
                "no-examples",
                "no combination of concepts gives an output a value and meets the rules' own evidence",
                hint="ask for the template with the concepts as facts, to see where it fails",
            )
        selectors = {}
        for row in rows:
            key = row.concepts, row.outputs
            if key not in selectors:
                selectors[key] = self._selector(row)
        if ((), ()) not in selectors:
            self.clauses.add(*selectors.values())

    def _selector(self, row: Row) -> int:
        """A variable that holds only where a row is met."""
        labels = self.behaviour.labels
        wanted = [self.values[c][v] for c, v in row.concepts]
        wanted += [self.literal(labels[o][v]) for o, v in row.outputs]
        selector = self.clauses.fresh()
        for literal in wanted:
            self.clauses.add(-selector, literal)
        if self.solver.model([selector]) is None:
            text, span = row.written()
            raise EngineError(
                "impossible-example",
                f"{text}: the rules give no such example",
                span=span,
                hint="is the label right for these concepts? Leave out what is not known",
            )
        return selector


def _encoded(behaviour: Behaviour, rows: Sequence[Row]) -> Encoding:
    """What is observed, and the labels that rows speak of."""
    labels = dict.fromkeys(pair for row in rows for pair in row.outputs)
    return behaviour.encoded([*behaviour.labelled, *(behaviour.labels[o][v] for o, v in labels)])
