"""Variables that nothing can have bound where a value is needed.

A clause may hold unbound variables (`member(X, [X|_]).`), and a caller may bind those of a head. An
error is only what no call can mend: a variable of a probability, of a network's input or of arithmetic
that stands in no head and in no goal before. Goals that test a variable count as well, for what
stands behind `nonvar(X)` is never reached with X unbound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import final

from nesy.errors import Diagnostic, Severity
from nesy.language.builtins import BOUND_ARGUMENTS
from nesy.language.checks.metacalls import CLOSED, FRESH, argument_goals, goal_arguments, parameters
from nesy.language.checks.survey import Survey
from nesy.language.syntax import (
    Call,
    Callable,
    Clause,
    Compound,
    Conditional,
    Conjunction,
    Disjunction,
    Goal,
    Learnable,
    Negation,
    Neural,
    Number,
    Probability,
    Program,
    Statement,
    Term,
    Variable,
    indicator,
)
from nesy.language.traversal import body_of, calls, label_terms, variables

_DEEPEST = 200
"""How deep goals are followed into one another; arguments that are goals may nest without limit."""
_TESTS = frozenset({("var", 1), ("nonvar", 1), ("ground", 1)})

Names = frozenset[str]


def unsafe_variables(survey: Survey) -> Iterator[Diagnostic]:
    """Code `unsafe-variable`, at the first occurrence that needs a value.

    An error where something asked may come to it, a warning elsewhere.
    """
    for statement in survey.program.statements:
        if isinstance(statement, Clause) and statement.body is None and _plain(statement):
            continue
        found = _Flow(survey.program).follow(statement)
        if found:
            severity: Severity = "error" if survey.relevant(statement) else "warning"
            for variable, role, hint in found:
                yield _finding(variable, role, hint, severity)


def _plain(fact: Clause) -> bool:
    """Whether the labels of a fact are numbers, if there are any: most facts are looked at no closer."""
    labels = (h.label for h in fact.heads)
    return all(x is None or (isinstance(x, Probability) and isinstance(x.value, Number)) for x in labels)


def _finding(variable: Variable, role: str, hint: str | None, severity: Severity) -> Diagnostic:
    name = "_" if variable.anonymous else variable.name
    remedy = hint or f"bind {name} in the body by a goal that is not negated, or in the head"
    message = f"nothing binds {name}, which {role} needs"
    return Diagnostic("unsafe-variable", message, variable.span, remedy, severity)


@final
class _Flow:
    """One statement's variables, followed through its body from left to right."""

    def __init__(self, program: Program) -> None:
        self._defined = program.predicates
        self._found: dict[str, tuple[Variable, str, str | None]] = {}
        self._body: Goal | None = None

    def follow(self, statement: Statement) -> list[tuple[Variable, str, str | None]]:
        """The variables that are unbound where a value is needed, each with what needs it and a remedy."""
        self._body = body_of(statement)
        heads = statement.heads if isinstance(statement, Clause) else ()
        bound = _named(*(h.atom for h in heads))
        if self._body is not None:
            bound = self._after(self._body, bound, 0)
        for head in heads:
            match head.label:
                case Probability() | Learnable():
                    self._need(label_terms(head.label), bound, "the probability")
                case Neural():
                    self._need(head.label.inputs, bound, "the network's input")
                case None:
                    pass
        return list(self._found.values())

    def _after(self, goal: Goal, bound: Names, depth: int) -> Names:
        """The names that may be bound once a goal has succeeded; notes what it needs and has not."""
        if depth > _DEEPEST:
            return bound | _mentions(goal)
        match goal:
            case Call():
                return self._call(goal.atom, bound, depth)
            case Conjunction():
                for part in goal.goals:
                    bound = self._after(part, bound, depth + 1)
                return bound
            case Disjunction():
                return bound.union(*(self._after(part, bound, depth + 1) for part in goal.goals))
            case Conditional():
                return self._conditional(goal, bound, depth)
            case Negation():
                self._after(goal.goal, bound, depth + 1)
                return bound | _tested(goal.goal)

    def _conditional(self, goal: Conditional, bound: Names, depth: int) -> Names:
        # What the condition tests also guards the alternative: (var(X) -> a ; X > 3).
        bound = self._after(goal.condition, bound, depth + 1)
        after = self._after(goal.then, bound, depth + 1)
        return after if goal.otherwise is None else after | self._after(goal.otherwise, bound, depth + 1)

    def _call(self, atom: Callable, bound: Names, depth: int) -> Names:
        key = indicator(atom)
        args = atom.args if isinstance(atom, Compound) else ()
        read = () if key in self._defined else BOUND_ARGUMENTS.get(key, ())
        self._need([args[i] for i in read if i < len(args)], bound, f"`{key[0]}`")
        goals = goal_arguments(atom)
        inner = bound | _parameters(args[i] for i in goals if i < len(args))
        for part in () if key in self._defined else argument_goals(atom):
            reached = self._after(part, inner, depth + 1)
            if key == ("forall", 2) or key not in CLOSED:
                inner = reached
        given = (a for i, a in enumerate(args) if i not in goals)
        bound |= _named(*given)
        return bound if key in CLOSED else bound | inner

    def _need(self, terms: Iterable[Term], bound: Names, role: str) -> None:
        for variable in variables(*terms):
            name = variable.name
            if name not in bound and name not in self._found and not name.startswith(FRESH):
                self._found[name] = (variable, role, self._later(variable))

    def _later(self, variable: Variable) -> str | None:
        """The remedy where a goal further on would bind a variable."""
        for atom, positive in calls(self._body):
            read = BOUND_ARGUMENTS.get(indicator(atom), ())
            args = atom.args if isinstance(atom, Compound) else ()
            binding = _named(*(a for i, a in enumerate(args) if i not in read))
            if positive and variable.name in binding and _behind(atom, variable):
                return f"goals run from left to right: put the goal that binds {variable.name} first"
        return None


def _behind(atom: Callable, variable: Variable) -> bool:
    return atom.span is not None and variable.span is not None and atom.span.start > variable.span.start


def _named(*terms: Term) -> Names:
    return frozenset(v.name for v in variables(*terms))


def _mentions(goal: Goal) -> Names:
    return _named(*(atom for atom, _ in calls(goal)))


def _tested(goal: Goal) -> Names:
    r"""What a negated goal is a test of: behind `\+ var(X)`, X is bound."""
    return _named(*(atom for atom, _ in calls(goal) if indicator(atom) in _TESTS))


def _parameters(terms: Iterable[Term]) -> Names:
    r"""What is bound inside arguments that are goals: the parameters of lambdas, as `X` in `[X]>>p(X)`."""
    found: Names = frozenset()
    for argument in terms:
        term = argument
        while isinstance(term, Compound) and term.functor in (">>", "^", "\\"):
            if term.functor == ">>":
                found |= _named(*parameters(term))
            elif term.functor == "^":
                found |= _named(term.args[0])
            term = term.args[-1]
    return found
