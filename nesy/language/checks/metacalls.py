"""Goals that stand as arguments: those of `findall`, `call/N`, `maplist` and their kin.

A closure is a goal that lacks its last arguments; it is read as the goal with fresh variables there, so
every check sees ordinary goals.
"""

from __future__ import annotations

from dataclasses import replace

from nesy.language.goals import goal
from nesy.language.malformed import Malformed
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Compound,
    Goal,
    Indicator,
    ListTerm,
    Term,
    Variable,
    indicator,
)

FRESH = "_#missing"
"""How the variables begin that stand for the arguments a closure lacks."""

_ARGUMENTS: dict[Indicator, dict[int, int]] = {
    ("not", 1): {0: 0},
    ("\\+", 1): {0: 0},
    ("once", 1): {0: 0},
    ("ignore", 1): {0: 0},
    ("forall", 2): {0: 0, 1: 0},
    ("findall", 3): {1: 0},
    ("findall", 4): {1: 0},
    ("all", 3): {1: 0},
    ("all_or_none", 3): {1: 0},
    ("bagof", 3): {1: 0},
    ("setof", 3): {1: 0},
    ("aggregate_all", 3): {1: 0},
    ("aggregate_all", 4): {2: 0},
    ("subquery", 2): {0: 0},
    ("subquery", 3): {0: 0},
    ("clause", 2): {0: 0},
    ("initialization", 1): {0: 0},
    ("on_fail", 2): {0: 0, 1: 0},
    ("include", 3): {0: 1},
    ("exclude", 3): {0: 1},
    ("partition", 4): {0: 1},
    ("partition", 6): {0: 2},
    ("predsort", 3): {0: 3},
    ("foldl", 4): {0: 3},
    ("foldl", 5): {0: 4},
    ("foldl", 6): {0: 5},
    ("foldl", 7): {0: 6},
}
"""Which arguments of a predicate are goals, each with how many arguments the goal lacks."""

_LISTED: dict[Indicator, tuple[int, int]] = {
    ("exactly", 2): (1, 0),
    ("at_least", 2): (1, 0),
    ("at_most", 2): (1, 0),
    ("all_different", 1): (0, 1),
    ("sum_equals", 2): (0, 1),
    ("sum_at_least", 2): (0, 1),
    ("sum_at_most", 2): (0, 1),
}
"""Predicates of a list of goals: which argument it is, and how many arguments each goal lacks."""

_NUMBERED = frozenset({("cut", 1), ("cut", 2), ("cut", 3)})
"""Predicates whose first argument is a goal that lacks its first argument."""

CLOSED: frozenset[Indicator] = frozenset(
    {
        ("not", 1),
        ("\\+", 1),
        ("forall", 2),
        ("findall", 3),
        ("findall", 4),
        ("all", 3),
        ("all_or_none", 3),
        ("include", 3),
        ("exclude", 3),
        ("partition", 4),
        ("partition", 6),
        ("predsort", 3),
    }
)
"""Predicates whose goals leave no variable bound."""

_BINDERS = (">>", "^", "\\")


def goal_arguments(atom: Callable) -> dict[int, int]:
    """Which arguments of a call are goals, each with how many arguments it lacks."""
    name, arity = indicator(atom)
    if name == "call" and arity:
        return {0: arity - 1}
    if name == "maplist" and arity > 1:
        return {0: arity - 1}
    return _ARGUMENTS.get((name, arity), {})


def argument_goals(atom: Callable) -> list[Goal]:
    """The goals that stand as arguments of a call, in order; arguments that can be no goal are left out."""
    if isinstance(atom, Atom) or is_opaque(atom):
        return []
    if indicator(atom) in _NUMBERED:
        return _numbered_goal(atom)
    if indicator(atom) in _LISTED:
        _, lacks = _LISTED[indicator(atom)]
        items = _items(atom) or ()
        listed = (closure_goal(_unscaled(item) if lacks else item, lacks) for item in items)
        return [g for g in listed if g is not None]
    found = (closure_goal(atom.args[i], lacks) for i, lacks in goal_arguments(atom).items())
    return [g for g in found if g is not None]


def _items(atom: Compound) -> tuple[Term, ...] | None:
    """The items of the list of goals that a call has; None where they are known only later."""
    argument = atom.args[_LISTED[indicator(atom)][0]]
    if isinstance(argument, ListTerm) and argument.tail is None:
        return None if any(isinstance(item, Variable) for item in argument.items) else argument.items
    return () if argument == Atom("[]") else None


def _unscaled(item: Term) -> Term:
    """The term of `3 * cost(a)` in sums, and of `queen(a) + 3` where terms are compared."""
    if isinstance(item, Compound) and len(item.args) == 2 and item.functor in ("*", "+", "-"):
        return item.args[1 if item.functor == "*" else 0]
    return item


def _numbered_goal(atom: Compound) -> list[Goal]:
    """The goal of `cut`, with a variable for the number that stands before its arguments."""
    goal_atom = atom.args[0]
    number = Variable(f"{FRESH}0")
    if isinstance(goal_atom, Atom):
        return [Call(Compound(goal_atom.name, (number,), goal_atom.span), goal_atom.span)]
    if isinstance(goal_atom, Compound):
        return [Call(replace(goal_atom, args=(number, *goal_atom.args)), goal_atom.span)]
    return []


def is_opaque(atom: Callable) -> bool:
    """Whether a call is of what a variable is bound to, or of what need not exist."""
    if not isinstance(atom, Compound):
        return False
    if indicator(atom) in _LISTED:
        return _items(atom) is None
    return atom.functor == "try_call" or (atom.functor == "call" and isinstance(atom.args[0], Variable))


def closure_goal(term: Term, lacks: int) -> Goal | None:
    """The goal that a term means once it is given the arguments it lacks; None where it means none."""
    while isinstance(term, Compound) and term.functor in _BINDERS:
        if term.functor == "\\" and len(term.args) == 1:
            term, lacks = term.args[0], max(0, lacks - 1)
        elif len(term.args) == 2:
            lacks = max(0, lacks - len(parameters(term))) if term.functor == ">>" else lacks
            term = term.args[1]
        else:
            break
    fresh = tuple(Variable(f"{FRESH}{i}") for i in range(lacks))
    if isinstance(term, Variable):
        return Call(Compound("call", (term, *fresh), term.span), term.span)
    if fresh and isinstance(term, Atom):
        term = Compound(term.name, fresh, term.span)
    elif fresh and isinstance(term, Compound):
        term = replace(term, args=(*term.args, *fresh))
    if term.span is None:
        return None
    try:
        return goal(term)
    except Malformed:
        return None


def parameters(term: Compound) -> tuple[Term, ...]:
    """The parameters of a lambda `[X, Y]>>Body` or `Free/[X, Y]>>Body`."""
    listed = term.args[0]
    if isinstance(listed, Compound) and listed.functor == "/" and len(listed.args) == 2:
        listed = listed.args[1]
    return listed.items if isinstance(listed, ListTerm) else ()
