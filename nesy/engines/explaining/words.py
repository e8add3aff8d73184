"""Rules, goals and choices in the words of the rule file, with variables filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from nesy.engines.explaining.derivations import Called, Collected, Derivations, Goal, Instance
from nesy.errors import Span
from nesy.grounding.plans import Plan
from nesy.grounding.rules import AskNetwork, Predicate, Rule
from nesy.grounding.syntax_terms import atom_text, text
from nesy.grounding.terms import Args, TermId
from nesy.grounding.unification import Unifier, shifted
from nesy.logic.graph import TRUE, Kind
from nesy.logic.program import Symbol

NOT = "\\+"
TAKEN = "$taken "
"""How the predicates of negative heads begin: what `\\+a :- b.` takes from a."""
NONE = "none"
"""The value of a disjunction none of whose heads holds."""


Chances = Callable[[int], Sequence[float]]
"""Gives the probabilities of a symbol's values, by its place among those recorded."""


@final
class Words:
    """Texts of what was derived."""

    def __init__(self, derivations: Derivations) -> None:
        self._derivations = derivations
        self._store = derivations.store
        self._symbols = derivations.recorded.rules.symbols
        self._graph = derivations.recorded.graph

    def atom(self, predicate: Predicate, args: Args) -> str:
        """An atom; variables are shown as `_`."""
        unbound = self._store.atom("_")
        shown = tuple(self._store.map_variables(a, lambda _: unbound) for a in args)
        return atom_text(self._store, predicate.name, shown).replace("'_'", "_")

    def head(self, instance: Instance, chances: Chances) -> str:
        """The head of a rule's instance, and before it the probability or the network that it depends on."""
        atom = self.atom(instance.rule.predicate, instance.head)
        symbol = self.choice(instance)
        if symbol is None:
            return atom
        if isinstance(instance.rule.choice, AskNetwork):
            return f"{_call(symbol)} :: {atom}"
        return f"{self.probability(instance, chances):.4g}::{atom}"

    def clause(self, instance: Instance, goals: Sequence[str], chances: Chances) -> str:
        """The instance of a rule, with the texts of its goals."""
        head = self.head(instance, chances)
        return f"{head} :- {', '.join(goals)}." if goals else f"{head}."

    def choice(self, instance: Instance) -> Symbol | None:
        """The symbol that an instance's probability or network makes; None where it is certain."""
        if instance.label == TRUE or self._graph.kinds[instance.label] != Kind.LEAF:
            return None
        return self._symbols[self._graph.args[instance.label][0]]

    def probability(self, instance: Instance, chances: Chances) -> float | None:
        """The probability of what an instance depends on; None where it is certain."""
        if self.choice(instance) is None:
            return None
        symbol, value = self._graph.args[instance.label]
        return float(chances(symbol)[value])

    def goal(self, goal: Goal) -> str:
        """A goal."""
        if isinstance(goal, Collected):
            return f"{_written(goal.span)} with result {self._result(goal.result)}"
        if isinstance(goal, Called):
            if goal.predicate.name.startswith(TAKEN):
                denied = self.atom(Predicate(goal.predicate.name.removeprefix(TAKEN), 0), goal.args)
                return f"no clause says {NOT}{denied}"
            if goal.predicate.internal:
                inner = self.inside(goal.predicate, goal.args)
                return inner if goal.positive else f"{NOT}({inner})"
            said = self.atom(goal.predicate, goal.args)
        else:
            said = atom_text(self._store, goal.name, tuple(map(self._closed, goal.args))).replace("'_'", "_")
        return said if goal.positive else NOT + said

    def _result(self, term: TermId) -> str:
        """What a collecting goal comes to: a term, or several side by side."""
        functor = self._store.functor(term)
        if functor is None or not functor[0].startswith("$"):
            return self.term(term)
        return ", ".join(map(self.term, self._store.args[term]))

    def term(self, term: TermId) -> str:
        """A term; variables are shown as `_`."""
        return text(self._store, self._closed(term)).replace("'_'", "_")

    def _closed(self, term: TermId) -> TermId:
        unbound = self._store.atom("_")
        return self._store.map_variables(term, lambda _: unbound)

    def inside(self, predicate: Predicate, args: Args) -> str:
        """What a part of a body says that has no name: its alternatives. Goals nest to a bounded depth."""
        return " ; ".join(self._body(rule, args) for rule in predicate.rules)

    def _body(self, rule: Rule, args: Args) -> str:
        plan = Plan(self._store, rule)
        unifier = Unifier(self._store)
        bound = unifier.unify_all(rule.head, shifted(self._store, args, rule.variables))
        env = [unifier.resolve(t) if bound else t for t in plan.blank]
        return ", ".join(map(self.goal, self._derivations.body(plan, env)))


def value_text(symbol: Symbol, allowed: Sequence[int], name: str | None = None) -> str:
    r"""What a symbol's having one of some values is called: `burglary`, `\+burglary`, `digit(a,_) = 3`.

    name: that of the symbol, where several have its own.
    """
    name = name or symbol.name
    values = [symbol.values[v] for v in allowed]
    if symbol.values == ("false", "true"):
        return name if values == ["true"] else NOT + name
    others = [v for v in symbol.values if v not in values]
    if symbol.call is not None:
        return f"{name} is not {others[0]}" if len(others) == 1 < len(values) else f"{name} = {_any(values)}"
    if len(others) == 1 and others != [NONE] and len(values) > 1:
        return NOT + others[0]
    heads = [v for v in symbol.values if v != NONE]
    return _any([f"none of {', '.join(heads)}" if v == NONE else v for v in values])


def _any(values: Sequence[str]) -> str:
    return " or ".join(values)


def _call(symbol: Symbol) -> str:
    assert symbol.call is not None
    return f"nn({symbol.call.network}, [{', '.join(map(str, symbol.call.inputs))}])"


def _written(span: Span | None) -> str:
    return "a goal about all solutions" if span is None else " ".join(span.text.split())
