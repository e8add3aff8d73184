"""The two paths of the grounder, and the choice between them.

Tabled resolution takes the whole language. The relational path takes a fragment and is far faster on
large programs, but has to load its compiled machine first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, Union, final

from nesy.errors import GroundingError, Span
from nesy.grounding.engine import Resolution
from nesy.grounding.families import candidate_families
from nesy.grounding.lowering import Lowering
from nesy.grounding.meter import Meter, Watch
from nesy.grounding.negative_cycles import NamedAtom, named_atoms
from nesy.grounding.rules import Predicate, Rule, UserCall
from nesy.grounding.tables import Frame, Table
from nesy.grounding.terms import Args, TermStore
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import Symbol
from nesy.logic.under_way import stage

if TYPE_CHECKING:
    from nesy.grounding.relational.grounder import RelationalPlan
    from nesy.grounding.relational.writer import Memory

Path = Literal["auto", "tabled", "relational"]
Call = tuple[Predicate, Args, Union[Span, None]]
"""What is asked: an atom, and its place."""

MANY_RULES = 1_000
"""From this many facts and rules on, loading the machine costs less than resolution would."""

PATIENCE = 50_000
"""After so many frames of resolution, loading the machine costs less than going on may."""
PATIENCE_LOADED = 300
"""The same where numba is loaded already."""


@final
@dataclass(frozen=True)
class Answered:
    """The answers to some calls, one table each, and the graph they are in."""

    tables: Sequence[Table]
    graph: Callable[[], Graph | FlatGraph]
    """Asked last: `disjunction` may add to it."""
    symbols: Sequence[Symbol]
    families: Callable[[], Iterable[Sequence[Lit]]]
    atoms: Callable[[], Mapping[int, NamedAtom]]
    """What the nodes of atoms are, asked only when one must be named to the user."""
    disjunction: Callable[[Iterable[Lit]], Lit]
    """Any of some literals: a node, made where there is none yet."""


def answered(lowering: Lowering, calls: Sequence[Call], path: Path, meter: Meter | None = None) -> Answered:
    """The answers to some calls. Raises what `ground_rules` says, and budget-exceeded as the meter does."""
    if path == "tabled":
        return _tabled(lowering, calls, meter)
    if path == "auto" and _size([p for p, _, _ in calls]) < MANY_RULES:
        return _patiently(lowering, calls, meter)
    # What the relational path needs is loaded where it is taken: small programs never pay for it.
    from nesy.grounding.relational.fragment import OutsideFragmentError  # noqa: PLC0415
    from nesy.grounding.relational.grounder import relational_plan  # noqa: PLC0415

    try:
        return _relational(relational_plan(lowering.store, calls), meter)
    except OutsideFragmentError as reason:
        if path == "auto":
            return _tabled(lowering, calls, meter)
        raise GroundingError(
            "outside-fragment",
            f"the program is outside the relational fragment: {reason}",
            hint="let the path be chosen by itself",
        ) from None


def _relational(plan: RelationalPlan, meter: Meter | None) -> Answered:
    """Evaluates a plan. Raises `OutsideFragmentError`."""
    from nesy.grounding.relational.work import rows_made, work_of  # noqa: PLC0415
    from nesy.logic.interrupts import held  # noqa: PLC0415

    with held(between=True) as interruptible:
        # numba is loaded here and nowhere else.
        from nesy.grounding.relational.result import evaluate_plan  # noqa: PLC0415
        from nesy.logic.announcing import announce_compiling  # noqa: PLC0415

        announce_compiling()

        rows = 0

        def watch(memory: Memory) -> None:
            nonlocal rows
            interruptible()
            rows = rows_made(plan.catalogue, memory)
            if meter is not None:
                meter.look(rows, lambda: work_of(plan.catalogue, memory))

        with stage("grounding", lambda: f"{rows:,} rows"):
            result = evaluate_plan(plan, watch)
    return Answered(
        result.tables(),
        lambda: result.graph,
        result.symbols,
        result.families,
        result.atoms,
        result.disjunction,
    )


def _patiently(lowering: Lowering, calls: Sequence[Call], meter: Meter | None) -> Answered:
    """By resolution, unless that takes long and the relational path can be had."""
    resolution = _resolution(lowering, _Patience(lowering, calls, meter))
    try:
        return _resolved(resolution, lowering.store, calls)
    except _ImpatientError as impatient:
        from nesy.grounding.relational.fragment import OutsideFragmentError  # noqa: PLC0415

        try:
            return _relational(impatient.plan, meter)
        except OutsideFragmentError:
            # A value was outside. Resolution goes on from where it stopped.
            return _resolved(resolution, lowering.store, calls)


class _ImpatientError(Exception):
    """Stops resolution, which has taken long, for a plan that is ready. Never shown."""

    def __init__(self, plan: RelationalPlan) -> None:
        self.plan = plan
        super().__init__()


@final
class _Patience:
    """Watches resolution, and stops it once where it takes long and the program is in the fragment."""

    def __init__(self, lowering: Lowering, calls: Sequence[Call], meter: Meter | None) -> None:
        self._lowering = lowering
        self._calls = calls
        self._meter = meter
        self._left = PATIENCE_LOADED if "numba" in sys.modules else PATIENCE

    def frame(self, frame: Frame) -> None:
        """A frame is about to run. Raises `_ImpatientError`, and budget-exceeded as the meter does."""
        self._left -= 1
        if self._left == 0:
            self._stop()
        if self._meter is not None:
            self._meter.frame(frame)

    def solutions(self, frame: Frame, count: int) -> None:
        """A built-in gives many solutions. Raises budget-exceeded as the meter does."""
        if self._meter is not None:
            self._meter.solutions(frame, count)

    def facts(self, rule: Rule, count: int) -> None:
        """Many facts have answered a call. Raises budget-exceeded as the meter does."""
        if self._meter is not None:
            self._meter.facts(rule, count)

    def _stop(self) -> None:
        from nesy.grounding.relational.fragment import OutsideFragmentError  # noqa: PLC0415
        from nesy.grounding.relational.grounder import relational_plan  # noqa: PLC0415

        try:
            plan = relational_plan(self._lowering.store, self._calls)
        except OutsideFragmentError:
            return
        raise _ImpatientError(plan)


def _tabled(lowering: Lowering, calls: Sequence[Call], meter: Meter | None) -> Answered:
    return _resolved(_resolution(lowering, meter), lowering.store, calls)


def _resolution(lowering: Lowering, watch: Watch | None) -> Resolution:
    resolve, symbols = lowering.metacalls.resolve, lowering.evaluation.symbols
    return Resolution(lowering.store, Graph(), resolve, symbols, watch)


def _resolved(resolution: Resolution, store: TermStore, calls: Sequence[Call]) -> Answered:
    graph = resolution.graph
    with stage("grounding", resolution.size):
        tables = [resolution.solve(*call) for call in calls]
        resolution.finish()
    every = resolution.tables.values()
    return Answered(
        tables,
        lambda: graph,
        resolution.choices.symbols,
        lambda: chain(graph.families, candidate_families(every)),
        lambda: named_atoms(store, every),
        graph.disjunction,
    )


def _size(roots: Iterable[Predicate]) -> int:
    """How many facts and rules some predicates reach."""
    stack = list(roots)
    seen = set(stack)
    size = 0
    while stack:
        predicate = stack.pop()
        size += len(predicate.rules) + sum(map(len, predicate.sources))
        for rule in predicate.rules:
            for goal in rule.body:
                if isinstance(goal, UserCall) and goal.predicate not in seen:
                    seen.add(goal.predicate)
                    stack.append(goal.predicate)
    return size
