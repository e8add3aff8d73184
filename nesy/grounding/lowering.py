"""From the syntax tree to rules the engine runs.

Disjunctions and negated compound goals become predicates of their own, over the variables they
mention; integrity constraints become propositions that must not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from nesy.errors import LanguageError, Span
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
    Compound,
    Conjunction,
    Disjunction,
    Goal,
    Head,
    Indicator,
    ListTerm,
    Negation,
    Neural,
    Probability,
    Program,
    Term,
    Variable,
    indicator,
)


@final
class Lowering:
    """The rules of one program, and the predicates they define."""

    def __init__(self, store: TermStore, program: Program) -> None:
        self.store = store
        self.predicates: dict[Indicator, Predicate] = {
            key: Predicate(*key) for key in sorted(program.predicates)
        }
        self._clauses = 0
        for clause in program.clauses:
            self._add_clause(clause)
        self.constraints = [self._constraint(c.body, c.span) for c in program.constraints]

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
        numbering: dict[str, int] = {}
        heads = [self._args(h.atom, numbering) for h in clause.heads]
        body = tuple(self._goals(clause.body, numbering)) if clause.body is not None else ()
        choices = self._choices(clause, heads, numbering)
        for head, args, choice in zip(clause.heads, heads, choices, strict=True):
            predicate = self.predicates[indicator(head.atom)]
            predicate.rules.append(Rule(predicate, args, len(numbering), body, choice, clause.span))

    def _choices(self, clause: Clause, heads: list[Args], numbering: dict[str, int]) -> list[Choice | None]:
        self._clauses += 1
        labels = [h.label for h in clause.heads]
        if len(labels) == 1 and labels[0] is None:
            return [None]
        if isinstance(labels[0], Neural):
            return [self._network(labels[0], numbering)]
        probabilities = [self._probability(h) for h in clause.heads]
        alternatives = Alternatives(
            self._clauses,
            tuple((indicator(h.atom)[0], args) for h, args in zip(clause.heads, heads, strict=True)),
            tuple(intern(self.store, p.value, numbering) for p in probabilities),
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

    def _network(self, label: Neural, numbering: dict[str, int]) -> AskNetwork:
        def interned(term: Term) -> Args:
            return (intern(self.store, term, numbering),)

        return AskNetwork(
            number=self._clauses,
            network=label.network,
            inputs=tuple(t for i in label.inputs for t in interned(i)),
            output=None if label.output is None else interned(label.output)[0],
            domain=None if label.domain is None else tuple(t for v in label.domain for t in interned(v)),
            span=label.span,
        )

    def _goals(self, goal: Goal, numbering: dict[str, int]) -> Iterator[Instruction]:
        match goal:
            case Conjunction():
                for part in goal.goals:
                    yield from self._goals(part, numbering)
            case Call():
                yield self._call(goal.atom, numbering, positive=True)
            case Negation(goal=Call(atom=atom)):
                yield self._call(atom, numbering, positive=False)
            case Negation():
                yield self._call(self._named(goal.goal), numbering, positive=False)
            case Disjunction():
                yield self._call(self._named(goal), numbering, positive=True)

    def _call(self, atom: Callable, numbering: dict[str, int], *, positive: bool) -> Instruction:
        args = self._args(atom, numbering)
        key = indicator(atom)
        # A program may define its own member/2 or append/3; its clauses then take the built-in's place.
        if key in BUILTINS and key not in self.predicates:
            return BuiltinCall(BUILTINS[key], args, positive, atom.span)
        return UserCall(self.predicate(atom), args, positive, atom.span)

    def _named(self, goal: Goal) -> Callable:
        """An atom of a new predicate that holds where the goal does."""
        variables = tuple(dict.fromkeys(_variables(goal)))
        name = f"${'or' if isinstance(goal, Disjunction) else 'and'}{len(self.predicates)}"
        args = tuple(Variable(v) for v in variables)
        atom: Callable = Compound(name, args, goal.span) if args else Atom(name, goal.span)
        self.predicates[indicator(atom)] = Predicate(*indicator(atom))
        for branch in goal.goals if isinstance(goal, Disjunction) else (goal,):
            self._add_clause(Clause((Head(atom),), branch, goal.span))
        return atom

    def _constraint(self, body: Goal, span: Span | None) -> Predicate:
        atom = Atom(f"$constraint{len(self.predicates)}", span)
        predicate = self.predicates[indicator(atom)] = Predicate(*indicator(atom))
        self._add_clause(Clause((Head(atom),), body, span))
        return predicate

    def _args(self, atom: Callable, numbering: dict[str, int]) -> Args:
        return () if isinstance(atom, Atom) else tuple(intern(self.store, a, numbering) for a in atom.args)


def _variables(goal: Goal) -> Iterator[str]:
    match goal:
        case Call():
            yield from _term_variables(goal.atom)
        case Negation():
            yield from _variables(goal.goal)
        case Conjunction() | Disjunction():
            for part in goal.goals:
                yield from _variables(part)


def _term_variables(term: Term) -> Iterator[str]:
    stack: list[Term] = [term]
    while stack:
        current = stack.pop()
        if isinstance(current, Variable):
            yield current.name
        elif isinstance(current, Compound):
            stack.extend(reversed(current.args))
        elif isinstance(current, ListTerm):
            if current.tail is not None:
                stack.append(current.tail)
            stack.extend(reversed(current.items))
