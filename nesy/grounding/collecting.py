"""Goals about all solutions of another: lists, aggregates, counts, probabilities.

What is collected becomes a predicate of its own, over what is given and what is to be found.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Protocol, final

from nesy.grounding.cardinality.goals import READERS, cardinality
from nesy.grounding.collect.goals import COLLECTORS, collection
from nesy.grounding.collect.proofs import Proofs
from nesy.grounding.control import subqueries
from nesy.grounding.control.subqueries import SUBQUERY, Evaluation
from nesy.grounding.rules import Collect, Predicate
from nesy.grounding.scope import Scope, names_of
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import TermStore
from nesy.language.malformed import Malformed
from nesy.language.syntax import Callable, Compound, Goal, Indicator, Term, Variable, indicator
from nesy.language.traversal import variables

COLLECTING = frozenset(COLLECTORS) | SUBQUERY | frozenset(READERS)
"""The goals that are about all solutions of another."""


class Definitions(Protocol):
    """What lowering gives: the predicates there are, and new ones for what is collected."""

    store: TermStore
    predicates: dict[Indicator, Predicate]

    def define(self, head: tuple[Term, ...], body: Goal) -> Predicate:
        """A new predicate with one rule."""
        ...

    def add_rule(self, predicate: Predicate, head: tuple[Term, ...], body: Goal) -> None:
        """One more rule of such a predicate."""
        ...


@final
class Collecting:
    """Lowers such goals of one program. evaluation: what gives the probabilities of sub-goals."""

    def __init__(self, definitions: Definitions, evaluation: Evaluation) -> None:
        self._definitions = definitions
        self._store = definitions.store
        self._evaluation = evaluation
        self._proofs = Proofs()

    def instruction(self, atom: Callable, scope: Scope) -> Collect | None:
        """The instruction of a goal that collects all solutions of another; None for other goals.

        Raises `LanguageError`: as the goals' own checks do.
        """
        if indicator(atom) in self._definitions.predicates:
            return None
        if isinstance(atom, Compound) and indicator(atom) in SUBQUERY:
            return self._subquery(atom, scope)
        found = collection(atom)
        if found is None:
            return self._count(atom, scope)
        groups = {v.name for v in variables(*found.groups)}
        inside = Counter((*names_of(found.goal), *(v.name for v in variables(*found.terms))))
        shared = tuple(n for n in scope.shared(inside) if n not in groups)
        given = (*found.groups, *(Variable(n) for n in shared))
        local = () if found.proofs else tuple(Variable(n) for n in inside if n not in (*groups, *shared))
        free = (*found.values, *(local if found.marks is None else found.marks))
        predicate = self._definitions.define((*given, *free), found.goal)
        if found.proofs:
            predicate = self._proofs.variant(predicate)
        args = tuple(intern(self._store, t, scope.numbering) for t in given)
        unbound = tuple(scope.fresh() for _ in range(predicate.arity - len(given)))
        (result,) = (intern(self._store, found.result, scope.numbering),)
        proofs = self._proofs if found.proofs else None
        reduce = replace(found.reducer, skipped=len(shared), proofs=proofs)
        return Collect(predicate, (*args, *unbound), reduce, result, atom.span)

    def _count(self, atom: Callable, scope: Scope) -> Collect | None:
        """The instruction of a goal about how many items of a list hold, and the like; None for others."""
        found = cardinality(atom, self._evaluation.symbols)
        if found is None:
            return None
        predicate = self._definitions.define((*found.head, *found.row), found.body)
        given = tuple(intern(self._store, t, scope.numbering) for t in found.given)
        unbound = tuple(scope.fresh() for _ in found.row)
        result = intern(self._store, found.result, scope.numbering)
        return Collect(predicate, (*given, *unbound), found.reduce, result, atom.span)

    def _subquery(self, atom: Compound, scope: Scope) -> Collect:
        try:
            goal, probability, evidence = subqueries.parts(atom)
        except Malformed as reason:
            raise reason.error() from None
        free = tuple(Variable(n) for n in dict.fromkeys(names_of(goal)))
        predicate = self._definitions.define((*free, subqueries.GOAL), goal)
        if evidence is not None:
            others = tuple(Variable(f"_#other{i}") for i in range(len(free)))
            self._definitions.add_rule(predicate, (*others, subqueries.EVIDENCE), evidence)
        args = tuple(intern(self._store, v, scope.numbering) for v in free)
        result = Compound(subqueries.RESULT, (*free, probability))
        reduce = subqueries.Probability(self._evaluation, evidence is not None, len(free), atom.span)
        return Collect(
            predicate, (*args, scope.fresh()), reduce, intern(self._store, result, scope.numbering), atom.span
        )
