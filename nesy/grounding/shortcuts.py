"""Arithmetic goals made ready: what they compute is computed from the bindings, without building terms.

A shortcut takes what is common: expressions of moderate size whose variables are bound to numbers. For all
else, and for whatever goes wrong, it says that it cannot tell; the built-in itself then gives the answer or
the error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Literal, Union

from nesy.grounding.arithmetic import CONSTANTS, FUNCTIONS, Numeric
from nesy.grounding.builtins.numbers import TABLE
from nesy.grounding.functions import MOST_BITS
from nesy.grounding.rules import BuiltinCall, Instruction
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.syntax import Atom, Number

Bindings = list[TermId]
Shortcut = Callable[[Bindings], Union[Bindings, Literal[False], None]]
"""The bindings after a goal, False where it fails, or None where only the goal itself can tell."""

Value = Callable[[Bindings], Numeric]

MOST_PARTS = 50
"""Expressions of more parts are left to the built-in: nested functions of that depth would recurse."""

_COMPARISONS: dict[str, Callable[[Numeric, Numeric], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "=<": operator.le,
    ">=": operator.ge,
    "=:=": operator.eq,
    "=\\=": operator.ne,
}
_FAILURES = (KeyError, ArithmeticError, ValueError, TypeError)
_REAL = {key: f for key, f in FUNCTIONS.items() if key not in {("**", 2), ("^", 2)}}
"""Functions that give no complex number, which a function around them could hide."""
_LARGEST = 1 << MOST_BITS


def shortcut(store: TermStore, goal: Instruction) -> Shortcut | None:
    """The shortcut of a goal; None where there is none. Cost: the size of the goal."""
    if not isinstance(goal, BuiltinCall) or not goal.positive or goal.run is not TABLE.get(goal.key):
        return None
    name = goal.key[0]
    if name == "is":
        return _assignment(store, goal.args)
    if name in _COMPARISONS:
        return _comparison(store, _COMPARISONS[name], goal.args)
    return None


def _comparison(store: TermStore, holds: Callable[[Numeric, Numeric], bool], args: Args) -> Shortcut | None:
    left, right = (_value(store, a) for a in args)
    if left is None or right is None:
        return None

    def compare(bindings: Bindings) -> Bindings | Literal[False] | None:
        try:
            return bindings if holds(left(bindings), right(bindings)) else False
        except _FAILURES:
            return None

    return compare


def _assignment(store: TermStore, args: Args) -> Shortcut | None:
    target, expression = args
    value = _value(store, expression)
    if value is None or target >= 0:
        return None
    slot = -1 - target

    def assign(bindings: Bindings) -> Bindings | Literal[False] | None:
        try:
            found = value(bindings)
        except _FAILURES:
            return None
        if not -_LARGEST < found < _LARGEST:
            return None
        number = store.number(found)
        known = bindings[slot]
        if known == number:
            return bindings
        if known != target:
            return False if known >= 0 and store.ground[known] else None
        bindings = bindings[:]
        bindings[slot] = number
        return bindings

    return assign


def _value(store: TermStore, term: TermId) -> Value | None:
    """What computes an expression; None for one that is too large, or holds what is no number."""
    values: dict[TermId, Value] = {}
    stack = [term]
    while stack:
        current = stack[-1]
        below: Sequence[TermId] = () if current < 0 else store.args[current]
        missing = [a for a in below if a not in values]
        if missing:
            stack.extend(missing)
            if len(stack) > MOST_PARTS:
                return None
            continue
        stack.pop()
        made = _part(store, current, [values[a] for a in below])
        if made is None or len(values) > MOST_PARTS:
            return None
        values[current] = made
    return values[term]


def _part(store: TermStore, term: TermId, below: list[Value]) -> Value | None:
    if term < 0:
        return _variable(store.numbers, -1 - term)
    head = store.heads[term]
    if isinstance(head, Number):
        return _constant(head.value)
    if isinstance(head, Atom):
        return _constant(CONSTANTS[head.name]) if head.name in CONSTANTS else None
    function = _REAL.get((head, len(below))) if isinstance(head, str) else None
    return None if function is None else _application(function, below)


def _variable(numbers: dict[TermId, Numeric], slot: int) -> Value:
    return lambda bindings: numbers[bindings[slot]]


def _constant(value: Numeric) -> Value:
    return lambda _: value


def _application(function: Callable[..., Numeric], below: list[Value]) -> Value:
    if len(below) == 1:
        only = below[0]
        return lambda bindings: function(only(bindings))
    left, right = below
    return lambda bindings: function(left(bindings), right(bindings))
