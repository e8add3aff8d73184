"""The relational path of the grounder: what it takes to plan some calls. Loads no compiled code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.errors import Span
from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.fragment import CallGraph
from nesy.grounding.relational.plan import Answers
from nesy.grounding.relational.planner import planned
from nesy.grounding.rules import Predicate
from nesy.grounding.terms import Args, TermStore

Call = tuple[Predicate, Args, Span | None]


@final
@dataclass(frozen=True)
class RelationalPlan:
    """Some calls, planned, and ready to be evaluated."""

    store: TermStore
    catalogue: Catalogue
    calls: Sequence[Call]
    answers: Sequence[Answers]


def relational_plan(store: TermStore, calls: Sequence[Call]) -> RelationalPlan:
    """A plan for some calls. Raises `OutsideFragmentError`. Cost: that of `planned`."""
    catalogue, answers = planned(
        store, CallGraph([p for p, _, _ in calls]), [(p, args) for p, args, _ in calls]
    )
    return RelationalPlan(store, catalogue, calls, answers)
