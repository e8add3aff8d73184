"""`subquery/2,3`: the probability of a goal as a number that rules can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import final

from nesy.errors import GroundingError, SemanticsError, Span
from nesy.grounding.negative_cycles import negative_cycle
from nesy.grounding.syntax_terms import atom_text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.goals import goal
from nesy.language.syntax import Atom, Compound, Conjunction, Goal, Indicator, ListTerm, Term
from nesy.logic.graph import TRUE, Graph, Lit
from nesy.logic.ground_rules import GroundRules
from nesy.logic.program import GroundProgram, Output, Symbol

Evaluate = Callable[[GroundProgram], Sequence[float]]
"""The probability of each output's being true, given the condition. Raises what the engine raises."""

SUBQUERY: frozenset[Indicator] = frozenset({("subquery", 2), ("subquery", 3)})
RESULT = "$subquery"
GOAL, EVIDENCE = Atom("goal"), Atom("evidence")
"""What tells the answers of the goal from those of the evidence."""


@final
@dataclass(eq=False)
class Evaluation:
    """What evaluates the sub-goals of one grounding. symbols: those made so far."""

    evaluate: Evaluate | None = None
    symbols: list[Symbol] = field(default_factory=list)


def parts(atom: Compound) -> tuple[Goal, Term, Goal | None]:
    """The goal of a subquery, its probability, and its evidence. Raises `Malformed`."""
    first, probability, *rest = atom.args
    if not rest or rest[0] == Atom("[]"):
        return goal(first), probability, None
    items = rest[0].items if isinstance(rest[0], ListTerm) and rest[0].tail is None else (rest[0],)
    goals = tuple(goal(item) for item in items)
    return goal(first), probability, goals[0] if len(goals) == 1 else Conjunction(goals, atom.span)


@final
@dataclass(frozen=True, slots=True)
class Probability:
    """Gives each answer of the goal with its probability; without variables, also a goal without answers.

    The answers' last argument tells those of the goal from those of the evidence.
    """

    evaluation: Evaluation
    given: bool
    variables: int
    span: Span | None

    def __call__(
        self, store: TermStore, graph: Graph, answers: list[tuple[Args, Lit]]
    ) -> Iterator[tuple[TermId, Lit]]:
        """The results. Raises `GroundingError` (no-evaluator, non-ground-query), inconsistent-evidence."""
        asked = [(args[:-1], x) for args, x in answers if store.is_atom(args[-1], GOAL.name)]
        observed = tuple(x for args, x in answers if store.is_atom(args[-1], EVIDENCE.name))
        if self.given and not observed:
            raise SemanticsError(
                "inconsistent-evidence", "the evidence of a subquery cannot hold", span=self.span
            )
        if not asked and not self.variables:
            yield store.compound(RESULT, (store.number(0.0),)), TRUE
            return
        for (args, _), probability in zip(
            asked, self._probabilities(store, graph, asked, observed), strict=True
        ):
            yield store.compound(RESULT, (*args, store.number(probability))), TRUE

    def _probabilities(
        self, store: TermStore, graph: Graph, asked: list[tuple[Args, Lit]], observed: tuple[Lit, ...]
    ) -> Sequence[float]:
        if self.evaluation.evaluate is None:
            raise GroundingError(
                "no-evaluator",
                "subquery needs the probabilities of the rules alone, which networks would change",
                span=self.span,
                hint="use nesy.solve or `nesy run`",
            )
        for args, _ in asked:
            if not all(map(store.is_ground, args)):
                raise GroundingError(
                    "non-ground-query",
                    f"the answer {atom_text(store, 'subquery', args)} holds a variable",
                    span=self.span,
                    hint="bind every variable of the goal in its rules",
                )
        condition = graph.disjunction(observed) if self.given else TRUE
        outputs = tuple(Output(str(i), ("false", "true"), (Lit(-x), x)) for i, (_, x) in enumerate(asked))
        rules = GroundRules(
            self.evaluation.symbols, graph, lambda: outputs, (condition,), tuple, partial(negative_cycle, {})
        )
        return self.evaluation.evaluate(rules.acyclic())
