"""What grounding makes first: the rules' AND-OR graph as it is, cycles included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from nesy.errors import SemanticsError, Span
from nesy.logic.cycles import Acyclic
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from nesy.logic.under_way import stage


@final
@dataclass(frozen=True)
class GroundRules:
    """Ground rules over symbols, and what is asked of them.

    graph: each atom an OR over its rules' bodies; it may hold cycles.
    asked: gives the outputs; it may raise `GroundingError` (non-ground-query).
    families: groups of literals that may exclude one another (see `GroundProgram.families`).
    refusal: the error (negative-cycle) that shows a cycle through negation; see `Acyclic`.
    observed: where the condition is written.
    given: see `GroundProgram`.
    atoms: the texts of the nodes that are atoms of the rules; several nodes may be one atom.
    """

    symbols: Sequence[Symbol]
    graph: Graph | FlatGraph
    asked: Callable[[], tuple[Output, ...]]
    condition: tuple[Lit, ...]
    families: Callable[[], Iterable[Sequence[Lit]]]
    refusal: Callable[[Sequence[int]], SemanticsError]
    observed: tuple[Span, ...] = ()
    given: int = 0
    atoms: Callable[[], Mapping[int, str]] = dict

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        """What is asked, made on first need: there may be very many. Raises what `asked` does."""
        return self.asked()

    def acyclic(self, watch: Callable[[int], None] | None = None) -> GroundProgram:
        """The same truths without cycles, of what outputs and condition reach only.

        watch: is told now and then how many nodes there are; it may raise.
        Raises `SemanticsError` (negative-cycle).
        Cost: see `Acyclic`: linear but for positive cycles.
        """
        outputs = self.outputs
        acyclic = Acyclic(self.graph, self.refusal, watch)
        with stage("taking out cycles", lambda: f"{len(acyclic.graph):,} nodes"):
            acyclic.rebuild([*(x for o in outputs for x in o.literals), *self.condition])
        image = acyclic.literal
        return GroundProgram(
            symbols=tuple(self.symbols[s] for s in acyclic.symbols),
            graph=acyclic.graph,
            outputs=tuple(Output(o.name, o.domain, tuple(map(image, o.literals))) for o in outputs),
            condition=tuple(dict.fromkeys(x for x in map(image, self.condition) if x != TRUE)),
            families=_families(self.families(), acyclic),
            observed=self.observed,
            given=self.given,
        )


def _families(groups: Iterable[Sequence[Lit]], acyclic: Acyclic) -> tuple[tuple[Lit, ...], ...]:
    """The images of candidate groups that still have something to tell apart."""
    families: dict[tuple[Lit, ...], None] = {}
    for group in groups:
        nodes = {acyclic.literal(node) for node in group if acyclic.reached(node)}
        members = tuple(sorted(n for n in nodes if n not in (TRUE, FALSE)))
        derived = any(acyclic.graph.kinds[abs(n)] != Kind.LEAF for n in members)
        if len(members) > 1 and derived:
            families[members] = None
    return tuple(families)
