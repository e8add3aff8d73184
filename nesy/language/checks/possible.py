"""Which clauses may apply in some world, as far as names and constants tell."""

from __future__ import annotations

from collections.abc import Hashable
from typing import final

from nesy.language.checks.metacalls import argument_goals
from nesy.language.checks.survey import Survey
from nesy.language.constants import NotConstant, constant_value
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
    ListTerm,
    Negation,
    Number,
    String,
    Term,
    Variable,
    indicator,
)
from nesy.language.wellformed import MAX_GOAL_DEPTH

NEVER = frozenset({("fail", 0), ("false", 0)})
_COMPARISONS = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "=<": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "=:=": lambda a, b: a == b,
    "=\\=": lambda a, b: a != b,
}
_TRANSPARENT = frozenset({("call", 1), ("once", 1)})
_CONSTANTS = (Atom, Number, String)


@final
class Possible:
    """The predicates that may hold for some arguments, by a least fixpoint over the clauses.

    Lenient: a negated goal is taken to hold, and so is a built-in unless its arguments are constants.
    Cost: each clause is looked at once for each goal of its body.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._clauses: dict[Indicator, list[Clause]] = {}
        for clause in survey.program.clauses:
            for head in clause.heads:
                self._clauses.setdefault(indicator(head.atom), []).append(clause)
        given = survey.defined - frozenset(self._clauses)
        self._open = given | {(t.name, len(t.columns)) for t in survey.program.facts}
        self._columns: dict[tuple[Indicator, int], frozenset[Hashable] | None] = {}
        self._depth = 0
        """How many called goals the one being looked at stands inside."""
        self.predicates = set(self._open)
        self._solve()

    def _solve(self) -> None:
        users: dict[Indicator, list[Clause]] = {}
        ready: list[Clause] = []
        for key, clauses in self._clauses.items():
            # An empty predicate says so by its only clause `p(_) :- fail.`, which is no slip.
            if any(c.body is None for c in clauses) or all(is_empty(c) for c in clauses):
                self.predicates.add(key)
            for clause in clauses:
                if clause.body is not None:
                    ready.append(clause)
                    for atom in self._survey.calls(clause):
                        users.setdefault(indicator(atom), []).append(clause)
        while ready:
            clause = ready.pop()
            new = {indicator(h.atom) for h in clause.heads} - self.predicates
            if new and self.obstacle(clause.body) is None:
                self.predicates |= new
                ready.extend(user for key in new for user in users.get(key, ()))

    def is_defined(self, key: Indicator) -> bool:
        """Whether the program has clauses for a predicate."""
        return key in self._clauses

    def obstacle(self, body: Goal | None) -> Goal | None:
        """The first goal of a body without which it cannot hold, and which never holds; None without one."""
        match body:
            case None | Negation():
                return None
            case Call():
                return self._call(body)
            case Conjunction():
                return next((o for g in body.goals if (o := self.obstacle(g)) is not None), None)
            case Disjunction():
                return body if all(self.obstacle(g) is not None for g in body.goals) else None
            case Conditional():
                if self.obstacle(body.otherwise) is None and body.otherwise is not None:
                    return None
                return self.obstacle(body.condition) or self.obstacle(body.then)

    def matches(self, atom: Callable) -> bool:
        """Whether some clause's head has, argument by argument, what an atom's constants ask for."""
        return self.mismatch(atom) is None

    def mismatch(self, atom: Callable) -> tuple[Term, frozenset[Hashable]] | None:
        """The first argument that no clause's head can take, with what the heads have in its place."""
        key = indicator(atom)
        if key in self._open or key not in self._clauses or isinstance(atom, Atom):
            return None
        for position, arg in enumerate(atom.args):
            if not isinstance(arg, Variable):
                column = self._column(key, position)
                if column is not None and _shape(arg) not in column:
                    return arg, column
        return None

    def may_hold(self, atom: Callable) -> bool:
        """Whether an atom of a user's predicate may hold; what is not defined is left to other checks."""
        key = indicator(atom)
        return key not in self._clauses or (key in self.predicates and self.matches(atom))

    def _call(self, goal: Call) -> Goal | None:
        atom = goal.atom
        key = indicator(atom)
        if key in self._clauses:
            return None if self.may_hold(atom) else goal
        if key in _TRANSPARENT:
            return goal if self._is_hindered(atom) else None
        return goal if key in NEVER or _is_false(atom) else None

    def _is_hindered(self, atom: Callable) -> bool:
        """Whether a goal that is called cannot hold; lenient where too many stand inside one another."""
        if self._depth == MAX_GOAL_DEPTH:
            return False
        self._depth += 1
        found = any(self.obstacle(g) is not None for g in argument_goals(atom))
        self._depth -= 1
        return found

    def _column(self, key: Indicator, position: int) -> frozenset[Hashable] | None:
        """The shapes of one argument of a predicate's heads; None where a head takes any term."""
        if (key, position) not in self._columns:
            heads = (h.atom for c in self._clauses[key] for h in c.heads if indicator(h.atom) == key)
            terms = [a.args[position] for a in heads if isinstance(a, Compound)]
            free = any(isinstance(t, Variable) for t in terms)
            self._columns[key, position] = None if free else frozenset(map(_shape, terms))
        return self._columns[key, position]


def is_empty(clause: Clause) -> bool:
    """Whether a clause is `head :- fail.`, which says that its predicate has no instances."""
    return isinstance(clause.body, Call) and indicator(clause.body.atom) in NEVER


def _is_false(atom: Callable) -> bool:
    """Whether a built-in comparison of constants never holds."""
    if isinstance(atom, Atom) or len(atom.args) != 2:
        return False
    left, right = atom.args
    if atom.functor in ("=", "=="):
        return isinstance(left, _CONSTANTS) and isinstance(right, _CONSTANTS) and left != right
    if atom.functor in ("\\=", "\\=="):
        return isinstance(left, _CONSTANTS) and left == right
    compare = _COMPARISONS.get(atom.functor)
    if compare is None:
        return False
    try:
        values = constant_value(left), constant_value(right)
    except NotConstant:
        return False
    return values[0] is not None and values[1] is not None and not compare(values[0], values[1])


def _shape(term: Term) -> Hashable:
    """What two terms must share to unify; equal for lists of every length, for tails may be open."""
    if isinstance(term, Compound):
        return term.functor, len(term.args)
    return "list" if isinstance(term, ListTerm) else term
