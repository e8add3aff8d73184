"""From the syntax tree to rules the engine runs.

Disjunctions become predicates of their own, over the variables they mention; so do negated compound
goals and negated goals with variables of their own, over the variables they share with their clause;
integrity constraints become propositions that must not hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import final

from nesy.errors import LanguageError, Span
from nesy.grounding.builtins import BUILTINS
from nesy.grounding.collect.heads import without_aggregates
from nesy.grounding.collecting import COLLECTING, Collecting
from nesy.grounding.control.clauses import clause_builtin
from nesy.grounding.control.conditionals import expanded
from nesy.grounding.control.derived import derived
from nesy.grounding.control.known import known_builtin
from nesy.grounding.control.learnable import initial_probabilities
from nesy.grounding.control.metacalls import MetaCalls
from nesy.grounding.control.negative_heads import split_predicates
from nesy.grounding.control.subqueries import Evaluation
from nesy.grounding.fact_tables import FactRules
from nesy.grounding.foreign import foreign_builtins
from nesy.grounding.ground_facts import ground_fact
from nesy.grounding.library import rules_of
from nesy.grounding.rules import (
    Alternatives,
    AskNetwork,
    Builtin,
    BuiltinCall,
    Choice,
    Instruction,
    MetaCall,
    PickAlternative,
    Predicate,
    Rule,
    UserCall,
)
from nesy.grounding.scope import Scope, names_of
from nesy.grounding.selection import SELECTORS, Selections
from nesy.grounding.syntax_terms import intern
from nesy.grounding.terms import Args, TermStore
from nesy.language.builtins import KNOWN
from nesy.language.checks.unknown import nearest
from nesy.language.facts import FactTable
from nesy.language.malformed import Malformed
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Conditional,
    Conjunction,
    Disjunction,
    Goal,
    Indicator,
    Learnable,
    Negation,
    Neural,
    Program,
    Term,
    Variable,
    indicator,
)
from nesy.language.traversal import statement_terms, variables
from nesy.language.wellformed import MAX_GOAL_DEPTH


@final
class Lowering:
    """The rules of one program, and the predicates they define.

    evaluation: what gives the probabilities of sub-goals.
    """

    def __init__(self, store: TermStore, program: Program, evaluation: Evaluation | None = None) -> None:
        self.evaluation = Evaluation() if evaluation is None else evaluation
        self.store = store
        self.predicates: dict[Indicator, Predicate] = {
            key: Predicate(*key) for key in sorted(program.predicates)
        }
        self.builtins: dict[Indicator, Builtin] = {
            **BUILTINS,
            ("clause", 2): clause_builtin(program),
            ("$known", 2): known_builtin(program),
            ("$sorted", 2): BUILTINS["sort", 2],
            **foreign_builtins(program),
        }
        self._clauses = 0
        self._internal = 0
        self._depth = 0
        """How many goals the one being lowered stands inside."""
        self._collecting = Collecting(self, self.evaluation)
        self._selections = Selections()
        self._split = split_predicates(program.clauses, self.predicates)
        self.metacalls = MetaCalls(self)
        for clause in program.clauses:
            self._add_clause(clause)
        for table in program.facts:
            self._add_facts(table)
        self.constraints = [self._constraint(c.body) for c in program.constraints]

    def _add_facts(self, table: FactTable) -> None:
        predicate = self.predicates[table.name, len(table.columns)]
        predicate.sources.append(FactRules(predicate, table, self._clauses + 1))
        self._clauses += len(table)

    def predicate(self, atom: Callable) -> Predicate:
        """The predicate of an atom. Raises `LanguageError` (unknown-predicate) when no clause defines it."""
        found = self.predicates.get(indicator(atom)) or self._from_library(indicator(atom))
        if found is None and indicator(atom) in SELECTORS:
            return self._selections.predicate(indicator(atom), atom.span)
        if found is None:
            key = indicator(atom)
            raise LanguageError(
                "unknown-predicate",
                f"no clause defines {key[0]}/{key[1]}",
                span=atom.span,
                hint=nearest(key, KNOWN.union(self.predicates)),
            )
        return found

    def _from_library(self, key: Indicator) -> Predicate | None:
        """A predicate of the library, whose rules join the program when it is first called."""
        rules = rules_of(key)
        if not rules:
            return None
        found = self.predicates[key] = Predicate(*key)
        for rule in rules:
            self._add_clause(rule)
        return found

    def _add_clause(self, clause: Clause) -> None:
        fact = ground_fact(self.store, clause, self._clauses + 1, self.predicates)
        if fact is not None:
            self._clauses += 1
            self._file(fact, negated=False)
            return
        clause = without_aggregates(clause, self.predicates)
        names = (v.name for v in variables(*statement_terms(clause)))
        scope = Scope(names, labelled=any(h.label is not None for h in clause.heads))
        heads = [self._args(h.atom, scope) for h in clause.heads]
        body = tuple(self._goals(clause.body, scope)) if clause.body is not None else ()
        choices = self._choices(clause, heads, scope)
        for head, args, choice in zip(clause.heads, heads, choices, strict=True):
            predicate = self.predicates[indicator(head.atom)]
            rule = Rule(predicate, args, len(scope.numbering), body, choice, clause.span)
            self._file(rule, negated=head.negated)

    def _file(self, rule: Rule, *, negated: bool) -> None:
        """Put a rule where it belongs: a predicate with negative heads has two sides."""
        sides = self._split.get((rule.predicate.name, rule.predicate.arity))
        if sides is None:
            rule.predicate.rules.append(rule)
        else:
            side = sides[negated]
            side.rules.append(replace(rule, predicate=side))

    def _choices(self, clause: Clause, heads: list[Args], scope: Scope) -> list[Choice | None]:
        self._clauses += 1
        labels = [h.label for h in clause.heads]
        if len(labels) == 1 and labels[0] is None:
            return [None]
        if isinstance(labels[0], Neural):
            return [self._network(labels[0], scope)]
        probabilities = initial_probabilities(clause.heads)
        alternatives = Alternatives(
            self._clauses,
            tuple((indicator(h.atom)[0], args) for h, args in zip(clause.heads, heads, strict=True)),
            tuple(intern(self.store, p.value, scope.numbering) for p in probabilities),
            tuple(p.span for p in probabilities),
            learnable=any(isinstance(label, Learnable) for label in labels),
        )
        return [PickAlternative(alternatives, i) for i in range(len(heads))]

    def _network(self, label: Neural, scope: Scope) -> AskNetwork:
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

    def _goals(self, goal: Goal, scope: Scope) -> Iterator[Instruction]:
        match goal:
            case Conjunction():
                for part in goal.goals:
                    yield from self._goals(part, scope)
            case Call() if (meant := self._derived(goal)) is not None:
                yield from self._inside(meant, scope)
            case Call():
                yield self._collected(goal, scope) or self._call(goal.atom, scope, positive=True)
            case Conditional():
                yield from self._goals(expanded(self._once_named(goal)), scope)
            case Disjunction():
                names = tuple(dict.fromkeys(names_of(goal)))
                yield self._named(goal, names, scope, positive=True)
            case Negation(goal=Call() as inner) if (meant := self._derived(inner)) is not None:
                yield from self._inside(Negation(meant, goal.span), scope)
            case Negation(goal=inner):
                # What only the negated goal mentions stays inside it: it is no variable of the clause.
                names = scope.shared(Counter(names_of(inner)))
                plain = isinstance(inner, Call) and indicator(inner.atom) not in COLLECTING
                if isinstance(inner, Call) and plain and set(names) == set(names_of(inner)):
                    yield self._call(inner.atom, scope, positive=False)
                else:
                    yield self._named(inner, names, scope, positive=False)

    def _inside(self, goal: Goal, scope: Scope) -> Iterator[Instruction]:
        """A goal that stands inside the one being lowered. Raises `LanguageError` (term-too-deep)."""
        if self._depth == MAX_GOAL_DEPTH:
            raise LanguageError(
                "term-too-deep",
                f"more than {MAX_GOAL_DEPTH} goals stand inside one another",
                span=goal.span,
                hint="give the inner ones a rule of their own",
            )
        self._depth += 1
        yield from self._goals(goal, scope)
        self._depth -= 1

    def _once_named(self, goal: Conditional) -> Conditional:
        """A conditional whose condition is a plain call: both branches mention it, nested ones 2^n times."""
        condition = goal.condition
        if isinstance(condition, Call) and self._derived(condition) is None:
            return goal
        shared = tuple(Variable(n) for n in dict.fromkeys(names_of(condition)))
        predicate = self.define(shared, condition)
        self.predicates[predicate.name, predicate.arity] = predicate
        atom = Compound(predicate.name, shared) if shared else Atom(predicate.name)
        return replace(goal, condition=Call(atom, condition.span))

    def _call(self, atom: Callable, scope: Scope, *, positive: bool) -> Instruction:
        key = indicator(atom)
        args = self._args(atom, scope)
        if key[0] == "call" and args and key not in self.predicates:
            return MetaCall(args, positive, atom.span)
        # A program may define its own member/2 or append/3; its clauses then take the built-in's place.
        if key in self.builtins and key not in self.predicates:
            return BuiltinCall(key, self.builtins[key], args, positive, atom.span)
        return UserCall(self._called(atom), args, positive, atom.span)

    def _derived(self, goal: Call) -> Goal | None:
        """The goal that a call stands for, unless the program defines its predicate itself."""
        try:
            return None if indicator(goal.atom) in self.predicates else derived(goal.atom)
        except Malformed as reason:
            raise reason.error() from None

    def _called(self, atom: Callable) -> Predicate:
        """The predicate of a goal; one that refuses to be reached, where no clause defines it."""
        try:
            return self.predicate(atom)
        except LanguageError as missing:
            name, arity = indicator(atom)
            return Predicate(name, arity, missing=missing)

    def direct(
        self, key: Indicator, args: Args, positive: bool, span: Span | None
    ) -> UserCall | BuiltinCall | None:
        """The call of a predicate or built-in by name; None where it must be lowered as a goal."""
        if key in self.predicates:
            return UserCall(self.predicates[key], args, positive, span)
        if key in self.builtins:
            return BuiltinCall(key, self.builtins[key], args, positive, span)
        return None

    def define(self, head: tuple[Term, ...], body: Goal) -> Predicate:
        """A new predicate with one rule."""
        predicate = self._new_predicate(len(head))
        self.add_rule(predicate, head, body)
        return predicate

    def _collected(self, goal: Call, scope: Scope) -> Instruction | None:
        """The instruction of a goal that collects all solutions of another; None for other goals."""
        if scope.labelled and indicator(goal.atom) in COLLECTING:
            # What it collects is no variable of the clause, whose variables name its symbol.
            return self._named(goal, scope.shared(Counter(names_of(goal))), scope, positive=True)
        return self._collecting.instruction(goal.atom, scope)

    def _named(self, goal: Goal, names: tuple[str, ...], scope: Scope, *, positive: bool) -> UserCall:
        """A call of a new predicate over some variables that holds where the goal does."""
        predicate = self._new_predicate(len(names))
        for branch in goal.goals if isinstance(goal, Disjunction) else (goal,):
            self.add_rule(predicate, tuple(map(Variable, names)), branch)
        args = tuple(intern(self.store, Variable(n), scope.numbering) for n in names)
        return UserCall(predicate, args, positive, goal.span)

    def _constraint(self, body: Goal) -> Predicate:
        predicate = self._new_predicate(0)
        self.add_rule(predicate, (), body)
        return predicate

    def _new_predicate(self, arity: int) -> Predicate:
        self._internal += 1
        return Predicate(f"$goal{self._internal}", arity, internal=True)

    def add_rule(self, predicate: Predicate, head: tuple[Term, ...], body: Goal) -> None:
        """One more rule of a predicate that `define` has made."""
        scope = Scope((*(v.name for v in variables(*head)), *names_of(body)))
        args = tuple(intern(self.store, t, scope.numbering) for t in head)
        goals = tuple(self._inside(body, scope))
        predicate.rules.append(Rule(predicate, args, len(scope.numbering), goals, None, body.span))

    def _args(self, atom: Callable, scope: Scope) -> Args:
        if isinstance(atom, Atom):
            return ()
        return tuple(intern(self.store, a, scope.numbering) for a in atom.args)
