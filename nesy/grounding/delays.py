"""Frames that wait for a table to be complete: when they may go on, and which one must where none may."""

from __future__ import annotations

from typing import final

from nesy.grounding.rules import Collect
from nesy.grounding.tables import Frame, Table, complete, leads_to, settled
from nesy.logic.graph import Graph

Delay = tuple[Frame, Table]
"""A frame at a negated or collecting goal, and the table of that goal."""


@final
class Delays:
    """The frames of one resolution whose goals' tables could not be completed when they were met."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._waiting: list[Delay] = []

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, frame: Frame, table: Table) -> None:
        """Let a frame wait."""
        self._waiting.append((frame, table))

    def completed(self, table: Table) -> bool:
        """Whether no further answer can come to a table; marks it and all it depends on as complete."""
        found = settled(table)
        for done in found:
            complete(done, self._graph)
        return bool(found)

    def take(self) -> list[Delay]:
        """When nothing else is left to run: those whose tables are complete, else the newest negation."""
        waiting = self._waiting
        self._waiting = [(f, t) for f, t in waiting if not self.completed(t)]
        return [(f, t) for f, t in waiting if t.complete] or [self._waiting.pop(self._forced())]

    def _forced(self) -> int:
        """Which frame goes on though its table is not complete; a negation if there is one."""
        collecting = [isinstance(f.plan.steps[f.position].instruction, Collect) for f, _ in self._waiting]
        if not all(collecting):
            return max(i for i, c in enumerate(collecting) if not c)
        return next(i for i, (frame, table) in enumerate(self._waiting) if leads_to(table, frame.table))
