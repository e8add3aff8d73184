"""Folds over solutions of which some are uncertain: one result for each way they can turn out.

The solutions are decided one after the other, and ways that have come to the same partial result are
one state from there on: what counts or adds is polynomial, though the worlds are exponentially many.
What is built is a decision diagram, whose alternatives exclude one another by a literal and its denial.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, final

from nesy.errors import GroundingError, Span
from nesy.grounding.collect.choices import Choices, Remaining
from nesy.grounding.collect.knowledge import Knowledge, shares
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit

MOST_RESULTS = 2**15
"""How many partial results may stand side by side."""
MOST_STEPS = 2**21
"""How many partial results may be looked at in one fold."""

Value = TypeVar("Value")
State = TypeVar("State", bound=Hashable)
States = dict[tuple[State, Choices], Lit]
"""Partial results, each with what is decided and still matters, and the literal under which it is the one."""


@final
@dataclass(frozen=True, slots=True)
class Solution(Generic[Value]):
    """A solution, and the literal under which it is one."""

    value: Value
    literal: Lit


@final
@dataclass(frozen=True, slots=True)
class Fold(Generic[Value, State]):
    """What a solution that holds does to a partial result, and which results no further one changes."""

    start: State
    step: Callable[[State, Value], State]
    final: Callable[[State], bool] | None = None


@final
class Decisions:
    """Folds over the solutions of one goal.

    name: the goal's, for messages. remedy: what helps where there are too many results.
    """

    def __init__(self, graph: Graph, name: str, remedy: str, span: Span | None) -> None:
        self._graph = graph
        self._name = name
        self._remedy = remedy
        self._span = span

    def fold(
        self, solutions: Iterable[Solution[Value]], fold: Fold[Value, State], *, any_order: bool = False
    ) -> Iterator[tuple[State, Lit]]:
        """Each result with its literal; the literals exclude one another and cover every world.

        any_order: the solutions may be taken in another order, which keeps fewer decisions open.
        Raises `GroundingError` (too-many-worlds). Cost: O(partial results), a few nodes for each.
        """
        known = [Solution(s.value, settled(self._graph, s.literal)) for s in solutions]
        known = [s for s in known if s.literal != FALSE]
        literals = [s.literal for s in known]
        left = Remaining(self._graph, literals)
        knowledge = None if any_order or fold.final else shares(self._graph, literals)
        if any_order:
            first = {left.subject(s.literal): i for i, s in reversed(list(enumerate(known)))}
            known.sort(key=lambda s: first[left.subject(s.literal)])
        states: States[State] = {(fold.start, frozenset()): TRUE}
        results: dict[State, list[Lit]] = {}
        steps = 0
        for solution in known:
            states = self._step(states, solution, fold.step, knowledge or left)
            if len(states) > 1:
                self._graph.families.append(tuple(states.values()))
            if fold.final is not None:
                states = _going(states, fold.final, results)
            steps += len(states)
            if len(states) > MOST_RESULTS or steps > MOST_STEPS:
                raise self._too_many(known)
        for (state, _), literal in states.items():
            results.setdefault(state, []).append(literal)
        for state, literals in results.items():
            yield state, self._graph.disjunction(literals)

    def _step(
        self,
        states: States[State],
        solution: Solution[Value],
        step: Callable[[State, Value], State],
        left: Remaining | Knowledge,
    ) -> States[State]:
        """The partial results after one more solution has been decided."""
        found: dict[tuple[State, Choices], list[Lit]] = {}
        literal = solution.literal
        left.meet(literal)
        for (state, choices), way in states.items():
            verdict = left.verdict(literal, choices)
            if verdict is not None:
                kept = left.decided(choices, None)
                assert kept is not None
                after = (step(state, solution.value) if verdict else state), kept
                found.setdefault(after, []).append(way)
                continue
            taken, denied = left.decided(choices, literal), left.decided(choices, Lit(-literal))
            with_it = None if taken is None else (step(state, solution.value), taken)
            without = None if denied is None else (state, denied)
            certain = with_it is None or without is None or with_it == without
            for turned_out, part in {with_it: literal, without: Lit(-literal)}.items():
                if turned_out is not None:
                    both = way if certain else self._graph.conjunction((way, part))
                    found.setdefault(turned_out, []).append(both)
        merged = {
            after: ways[0] if len(ways) == 1 else self._graph.disjunction(ways)
            for after, ways in found.items()
        }
        return {after: way for after, way in merged.items() if way != FALSE}

    def _too_many(self, solutions: Sequence[Solution[Value]]) -> GroundingError:
        uncertain = sum(s.literal != TRUE for s in solutions)
        return GroundingError(
            "too-many-worlds",
            f"{self._name} collects {len(solutions)} solutions, {uncertain} of them uncertain: "
            "they give too many different results",
            span=self._span,
            hint=self._remedy,
        )


def settled(graph: Graph, literal: Lit) -> Lit:
    """The literal that a node of a single child comes down to: an answer of one proof is that proof."""
    seen: set[int] = set()
    while graph.kinds[abs(literal)] == Kind.OR and abs(literal) not in seen:
        seen.add(abs(literal))
        children = graph.children(abs(literal))
        if len(children) != 1:
            break
        literal = Lit(children[0] if literal > 0 else -children[0])
    return literal


def _going(
    states: States[State], final: Callable[[State], bool], results: dict[State, list[Lit]]
) -> States[State]:
    """The states that further solutions may change; the others are results."""
    going: States[State] = {}
    for (state, choices), literal in states.items():
        if final(state):
            results.setdefault(state, []).append(literal)
        else:
            going[state, choices] = literal
    return going
