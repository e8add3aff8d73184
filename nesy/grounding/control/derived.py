r"""Goals that stand for others: `once/1`, `ignore/1`, `forall/2`."""

from __future__ import annotations

from nesy.language.goals import goal
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Conditional,
    Conjunction,
    Goal,
    Indicator,
    Negation,
    indicator,
)


def derived(atom: Callable) -> Goal | None:
    r"""The goal that an atom stands for; None for other atoms.

    Raises `Malformed` for an argument that is no goal. `once(G)` is G, as in ProbLog: among uncertain
    solutions there is no first one. `ignore(G)` is `(G -> true ; true)`, and `forall(C, A)` is
    `\+ (C, \+ A)`.
    """
    if isinstance(atom, Atom) or indicator(atom) not in DERIVED:
        return None
    first, *rest = (goal(argument) for argument in atom.args)
    if atom.functor == "once":
        return first
    if atom.functor == "ignore":
        nothing = Call(Atom("true", atom.span), atom.span)
        return Conditional(first, nothing, nothing, atom.span)
    (action,) = rest
    return Negation(Conjunction((first, Negation(action, atom.span)), atom.span), atom.span)


DERIVED: frozenset[Indicator] = frozenset({("once", 1), ("ignore", 1), ("forall", 2)})
"""The goals that stand for others."""
