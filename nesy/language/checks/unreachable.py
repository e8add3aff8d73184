"""Warns of rules that never apply, and of queries and evidence that no rule can reach."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nesy.errors import Diagnostic, Span
from nesy.language.checks.possible import Possible, is_empty
from nesy.language.checks.survey import Survey
from nesy.language.printer import term_text
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Disjunction,
    Evidence,
    Goal,
    Indicator,
    Query,
    Statement,
    indicator,
)
from nesy.language.traversal import body_of


def unreachable_rules(survey: Survey) -> Iterator[Diagnostic]:
    """Warning `unreachable-rule`, at the goal that never holds.

    Where a goal fails because of another rule that is reported, nothing more is said of it.
    """
    possible = Possible(survey)
    yield from _asked(survey, possible)
    explained: list[Indicator] = []
    left: list[tuple[Statement, Goal]] = []
    for statement in survey.program.statements:
        obstacle = possible.obstacle(body_of(statement))
        if obstacle is None or (isinstance(statement, Clause) and is_empty(statement)):
            continue
        if _is_cause(obstacle, possible):
            explained += _defined(statement)
            yield _finding(obstacle, possible)
        elif isinstance(statement, Clause):
            left.append((statement, obstacle))
    yield from (_finding(goal, possible) for goal in _circles(left, explained))


def _circles(left: list[tuple[Statement, Goal]], explained: list[Indicator]) -> Iterator[Goal]:
    """The goal to report for each group of rules that only lead to one another."""
    blocked: dict[Indicator, list[Indicator]] = {}
    for statement, goal in left:
        if isinstance(goal, Call):
            blocked.setdefault(indicator(goal.atom), []).extend(_defined(statement))
    known = _closure(explained, blocked, set())
    for statement, goal in left:
        if known.isdisjoint(_defined(statement)):
            yield goal
            known = _closure(_defined(statement), blocked, known)


def _closure(
    start: list[Indicator], blocked: dict[Indicator, list[Indicator]], known: set[Indicator]
) -> set[Indicator]:
    """The predicates that never hold because some others never do, added to those known."""
    stack = list(start)
    while stack:
        key = stack.pop()
        if key not in known:
            known.add(key)
            stack.extend(blocked.get(key, ()))
    return known


def _is_cause(goal: Goal, possible: Possible) -> bool:
    """Whether a goal never holds by what it says itself, not by what its predicate's rules come to."""
    if not isinstance(goal, Call):
        return True
    key = indicator(goal.atom)
    return key in possible.predicates or not (possible.is_defined(key) and possible.matches(goal.atom))


def _defined(statement: Statement) -> list[Indicator]:
    return [indicator(h.atom) for h in statement.heads] if isinstance(statement, Clause) else []


def _finding(goal: Goal, possible: Possible) -> Diagnostic:
    if isinstance(goal, Call):
        name, arity = indicator(goal.atom)
        message = f"this rule never applies: no clause of {name}/{arity} can give {term_text(goal.atom)}"
        if arity == 0 or not name[0].isalpha():
            message = f"this rule never applies: {term_text(goal.atom)} never holds"
        return _warning("unreachable-rule", message, goal.span, _remedy(goal.atom, possible))
    kind = "none of these alternatives" if isinstance(goal, Disjunction) else "this goal never"
    message = f"this rule never applies: {kind} holds"
    return _warning("unreachable-rule", message, goal.span)


def _asked(survey: Survey, possible: Possible) -> Iterator[Diagnostic]:
    for statement in survey.program.statements:
        if isinstance(statement, (Query, Evidence)) and not possible.may_hold(statement.atom):
            text, hint = term_text(statement.atom), _remedy(statement.atom, possible)
            if isinstance(statement, Query):
                message = f"no rule can give {text}: its probability is 0"
                yield _warning("unreachable-query", message, statement.atom.span, hint)
            elif statement.holds:
                message = f"no rule can give {text}, so it cannot have been observed"
                yield _warning("impossible-evidence", message, statement.atom.span, hint)


def _remedy(atom: Callable, possible: Possible) -> str:
    """The nearest constant where an atom's constant is met nowhere."""
    found = possible.mismatch(atom)
    if found is None:
        return "check the names and constants"
    arg, others = found
    names = sorted(o.name for o in others if isinstance(o, Atom))
    near = get_close_matches(arg.name, names, 1) if isinstance(arg, Atom) else []
    return f"did you mean {near[0]}?" if near else f"no clause has {term_text(arg)} there"


def _warning(code: str, message: str, span: Span | None, hint: str = "check the rule") -> Diagnostic:
    return Diagnostic(code, message, span, hint, "warning")
