"""The two paths of the grounder, and the choice between them.

Tabled resolution takes the whole language. The relational path takes a fragment and is far faster on
large programs, but has to load its compiled machine first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Union, final

from nesy.errors import GroundingError, Span
from nesy.grounding.engine import Resolution
from nesy.grounding.families import candidate_families
from nesy.grounding.rules import Predicate, UserCall
from nesy.grounding.syntax_terms import atom_text
from nesy.grounding.tables import Table
from nesy.grounding.terms import Args, TermStore
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import TRUE, Graph, Lit
from nesy.logic.program import Symbol

Path = Literal["auto", "tabled", "relational"]
Call = tuple[Predicate, Args, Union[Span, None]]
"""What is asked: an atom, and its place."""

MANY_RULES = 1_000
"""From this many facts and rules on, loading the machine costs less than resolution would."""


@final
@dataclass(frozen=True)
class Answered:
    """The answers to some calls, one table each, and the graph they are in."""

    tables: Sequence[Table]
    graph: Callable[[], Graph | FlatGraph]
    """Asked last: `disjunction` may add to it."""
    symbols: Sequence[Symbol]
    families: Callable[[], Iterable[Sequence[Lit]]]
    names: Callable[[], Mapping[int, str]]
    disjunction: Callable[[Iterable[Lit]], Lit]
    """Any of some literals: a node, made where there is none yet."""


def answered(store: TermStore, calls: Sequence[Call], path: Path) -> Answered:
    """The answers to some calls. Raises what `ground_rules` says."""
    if path == "tabled" or (path == "auto" and _size([p for p, _, _ in calls]) < MANY_RULES):
        return _tabled(store, calls)
    # numba is loaded here and nowhere else: small programs never pay for it.
    from nesy.grounding.relational.fragment import OutsideFragmentError  # noqa: PLC0415
    from nesy.grounding.relational.grounder import relational_plan  # noqa: PLC0415

    try:
        result = relational_plan(store, calls).run(lambda _: None)
    except OutsideFragmentError as reason:
        if path == "auto":
            return _tabled(store, calls)
        raise GroundingError(
            "outside-fragment",
            f"the program is outside the relational fragment: {reason}",
            hint="let the path be chosen by itself",
        ) from None
    return Answered(
        result.tables(),
        lambda: result.graph,
        result.symbols,
        result.families,
        result.names,
        result.disjunction,
    )


def _tabled(store: TermStore, calls: Sequence[Call]) -> Answered:
    graph = Graph()
    resolution = Resolution(store, graph)
    tables = [resolution.solve(*call) for call in calls]
    resolution.finish()
    every = resolution.tables.values()

    def names() -> dict[int, str]:
        return {
            node: atom_text(store, table.predicate.name, answer)
            for table in every
            if not table.predicate.internal
            for answer, node in table.answers.items()
            if node != TRUE
        }

    return Answered(
        tables,
        lambda: graph,
        resolution.choices.symbols,
        lambda: candidate_families(every),
        names,
        graph.disjunction,
    )


def _size(roots: Iterable[Predicate]) -> int:
    """How many facts and rules some predicates reach."""
    stack = list(roots)
    seen = set(stack)
    size = 0
    while stack:
        predicate = stack.pop()
        size += len(predicate.rules)
        for rule in predicate.rules:
            for goal in rule.body:
                if isinstance(goal, UserCall) and goal.predicate not in seen:
                    seen.add(goal.predicate)
                    stack.append(goal.predicate)
    return size
