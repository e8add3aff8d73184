"""From the syntax tree to rules the engine runs.

Disjunctions become predicates of their own, over the variables they mention; so do negated compound
goals and negated goals with variables of their own, over the variables they share with their clause;
integrity constraints become propositions that must not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import final

from nesy.errors import LanguageError
from nesy.grounding.builtins import BUILTINS
from nesy.grounding.rules import (
    Alternatives,
    AskNetwork,
    BuiltinCall,
    Choice,
    Instruction,
    PickAlternative,
    Predicate,
    Rule,
    UserCall,
)
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import Args, TermStore
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Conjunction,
    Disjunction,
    Goal,
    Head,
    Indicator,
    Negation,
    Neural,
    Probability,
    Program,
    Term,
    Variable,
    indicator,
)
from nesy.language.traversal import calls, statement_terms, variables


@final
class Lowering:
    """The rules of one program, and the predicates they define."""

    def __init__(self, store: TermStore, program: Program) -> None:
        self.store = store
        self.predicates: dict[Indicator, Predicate] = {
            key: Predicate(*key) for key in sorted(program.predicates)
        }
        self._clauses = 0
        self._internal = 0
        for clause in program.clauses:
            self._add_clause(clause)
        self.constraints = [self._constraint(c.body) for c in program.constraints]

    def predicate(self, atom: Callable) -> Predicate:
        """The predicate of an atom. Raises `LanguageError` (unknown-predicate) when no clause defines it."""
        found = self.predicates.get(indicator(atom))
        if found is None:
            name, arity = indicator(atom)
            raise LanguageError(
                "unknown-predicate",
                f"no clause defines {name}/{arity}",
                span=atom.span,
                hint="defined are " + ", ".join(f"{n}/{a}" for n, a in sorted(self.predicates)[:10]),
            )
        return found

    def _add_clause(self, clause: Clause) -> None:
        scope = _Scope(v.name for v in variables(*statement_terms(clause)))
        heads = [self._args(h.atom, scope) for h in clause.heads]
        body = tuple(self._goals(clause.body, scope)) if clause.body is not None else ()
        choices = self._choices(clause, heads, scope)
        for head, args, choice in zip(clause.heads, heads, choices, strict=True):
            predicate = self.predicates[indicator(head.atom)]
            predicate.rules.append(Rule(predicate, args, len(scope.numbering), body, choice, clause.span))

    def _choices(self, clause: Clause, heads: list[Args], scope: _Scope) -> list[Choice | None]:
        self._clauses += 1
        labels = [h.label for h in clause.heads]
        if len(labels) == 1 and labels[0] is None:
            return [None]
        if isinstance(labels[0], Neural):
            return [self._network(labels[0], scope)]
        probabilities = [self._probability(h) for h in clause.heads]
        alternatives = Alternatives(
            self._clauses,
            tuple((indicator(h.atom)[0], args) for h, args in zip(clause.heads, heads, strict=True)),
            tuple(intern(self.store, p.value, scope.numbering) for p in probabilities),
            tuple(p.span for p in probabilities),
        )
        return [PickAlternative(alternatives, i) for i in range(len(heads))]

    @staticmethod
    def _probability(head: Head) -> Probability:
        if isinstance(head.label, Probability):
            return head.label
        raise LanguageError(
            "unlabelled-head",
            "every head of an annotated disjunction needs a probability",
            span=head.span,
            hint="write p::head for each alternative, or one clause per head",
        )

    def _network(self, label: Neural, scope: _Scope) -> AskNetwork:
        def interned(term: Term) -> Args:
            return (intern(self.store, term, scope.numbering),)

        return AskNetwork(
            number=self._clauses,
            network=label.network,
            inputs=tuple(t for i in label.inputs for t in interned(i)),
            output=None if label.output is None else interned(label.output)[0],
            domain=None if label.domain is None else tuple(t for v in label.domain for t in interned(v)),
            span=label.span,
        )

    def _goals(self, goal: Goal, scope: _Scope) -> Iterator[Instruction]:
        match goal:
            case Conjunction():
                for part in goal.goals:
                    yield from self._goals(part, scope)
            case Call():
                yield self._call(goal.atom, scope, positive=True)
            case Disjunction():
                names = tuple(dict.fromkeys(_names(goal)))
                yield self._named(goal, names, scope, positive=True)
            case Negation(goal=inner):
                # What only the negated goal mentions stays inside it: it is no variable of the clause.
                names = scope.shared(Counter(_names(inner)))
                if isinstance(inner, Call) and set(names) == set(_names(inner)):
                    yield self._call(inner.atom, scope, positive=False)
                else:
                    yield self._named(inner, names, scope, positive=False)

    def _call(self, atom: Callable, scope: _Scope, *, positive: bool) -> Instruction:
        args = self._args(atom, scope)
        key = indicator(atom)
        # A program may define its own member/2 or append/3; its clauses then take the built-in's place.
        if key in BUILTINS and key not in self.predicates:
            return BuiltinCall(key, BUILTINS[key], args, positive, atom.span)
        return UserCall(self.predicate(atom), args, positive, atom.span)

    def _named(self, goal: Goal, names: tuple[str, ...], scope: _Scope, *, positive: bool) -> UserCall:
        """A call of a new predicate over some variables that holds where the goal does."""
        predicate = self._new_predicate(len(names))
        for branch in goal.goals if isinstance(goal, Disjunction) else (goal,):
            self._add_internal_rule(predicate, names, branch)
        args = tuple(intern(self.store, Variable(n), scope.numbering) for n in names)
        return UserCall(predicate, args, positive, goal.span)

    def _constraint(self, body: Goal) -> Predicate:
        predicate = self._new_predicate(0)
        self._add_internal_rule(predicate, (), body)
        return predicate

    def _new_predicate(self, arity: int) -> Predicate:
        self._internal += 1
        return Predicate(f"$goal{self._internal}", arity, internal=True)

    def _add_internal_rule(self, predicate: Predicate, names: tuple[str, ...], body: Goal) -> None:
        scope = _Scope((*names, *_names(body)))
        head = tuple(intern(self.store, Variable(n), scope.numbering) for n in names)
        goals = tuple(self._goals(body, scope))
        predicate.rules.append(Rule(predicate, head, len(scope.numbering), goals, None, body.span))

    def _args(self, atom: Callable, scope: _Scope) -> Args:
        if isinstance(atom, Atom):
            return ()
        return tuple(intern(self.store, a, scope.numbering) for a in atom.args)


@final
class _Scope:
    """The variables of one rule: their numbers so far, and how often each occurs in all of it."""

    def __init__(self, occurrences: Iterable[str]) -> None:
        self.numbering: dict[str, int] = {}
        self._occurrences = Counter(occurrences)

    def shared(self, within: Counter[str]) -> tuple[str, ...]:
        """Those of a part's variables, with how often each occurs in it, that also occur elsewhere."""
        return tuple(name for name, count in within.items() if count < self._occurrences[name])


def _names(goal: Goal) -> Iterator[str]:
    """The names of a goal's variables, in order of the text, repeats included."""
    return (v.name for atom, _ in calls(goal) for v in variables(atom))
