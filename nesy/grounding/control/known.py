"""`$known(Goal, N)`: whether a goal, with N more arguments, calls nothing that is unknown."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.errors import Span
from nesy.grounding.rules import Builtin
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.builtins import KNOWN
from nesy.language.syntax import Atom, Indicator, Number, Program

_CONTROL = frozenset({(",", 2), (";", 2), ("->", 2), ("\\+", 1)})


def known_builtin(program: Program) -> Builtin:
    """The built-in for a program. Goals known only later count as known."""

    def solve(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        missing = store.heads[args[1]]
        assert isinstance(missing, Number)
        goals = [args[0]]
        while goals:
            goal = goals.pop()
            key = _key(store, goal)
            if key in _CONTROL:
                goals.extend(store.args[goal])
            elif key is not None:
                key = (key[0], key[1] + int(missing.value))
                if key not in program.predicates and key not in KNOWN:
                    return ()
        return (args,)

    return solve


def _key(store: TermStore, goal: TermId) -> Indicator | None:
    functor = store.functor(goal)
    if functor is not None or goal < 0:
        return functor
    head = store.heads[goal]
    return (head.name, 0) if isinstance(head, Atom) else None
