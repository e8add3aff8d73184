"""The goals that count, add up and compare: what each solves, and what it makes of the solutions."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

from nesy.errors import Span
from nesy.grounding.cardinality.reducers import RESULT, AllDifferent, Counted
from nesy.grounding.rules import Reduce
from nesy.language.library import COUNTING
from nesy.language.syntax import Atom, Call, Callable, Compound, Conjunction, Goal, Indicator, Term, Variable
from nesy.language.syntax import indicator as indicator_of
from nesy.logic.program import Symbol


@final
@dataclass(frozen=True, slots=True)
class Cardinality:
    """A goal about the items of a list.

    given: its arguments. head: the variables that stand for them in `body`, which gives the rows; a row
    begins with them, and goes on with `row`. result: unified with each result of `reduce`.
    """

    given: tuple[Term, ...]
    head: tuple[Term, ...]
    row: tuple[Term, ...]
    body: Goal
    reduce: Reduce
    result: Term


def cardinality(atom: Callable, symbols: Sequence[Symbol]) -> Cardinality | None:
    """What a goal says about the items of a list; None where it is no such goal.

    symbols: those of the grounding, as they are made.
    """
    reader = READERS.get(indicator_of(atom))
    return None if reader is None or isinstance(atom, Atom) else reader(atom, symbols)


def _count(
    atom: Compound, symbols: Sequence[Symbol], *, low: bool, high: bool, bound: int, terms: bool
) -> Cardinality:
    """low, high: whether the bound is one from below, from above; `bound`: which argument it is."""
    number, items = atom.args[bound], atom.args[1 - bound]
    reduce = Counted(_name(atom), atom.span, low=low, high=high, values=terms, symbols=symbols)
    head = (Variable("Bound"), Variable("Items"))
    body, row = _added(atom) if terms else _holding(atom)
    return Cardinality((number, items), head, row, body, reduce, Compound(RESULT, (number,)))


def _all_different(atom: Compound, symbols: Sequence[Symbol]) -> Cardinality:
    name, items, place, term = (Atom(_name(atom)), *map(Variable, ("Items", "Place", "Term")))
    value, shift = Variable("Value"), Variable("Shift")
    listed = Compound("$values", (name, items, place, term, shift))
    body, row = _both(atom.span, listed, Compound("call", (term, value))), (place, value, shift)
    reduce = AllDifferent(_name(atom), atom.span, symbols)
    return Cardinality(atom.args, (Variable("Items"),), row, body, reduce, Atom(RESULT))


def _holding(atom: Compound) -> tuple[Goal, tuple[Term, ...]]:
    """Gives the number of each goal of a list that holds."""
    name, items, place, goal = Atom(_name(atom)), Variable("Items"), Variable("Place"), Variable("Goal")
    return _both(atom.span, Compound("$goals", (name, items, place, goal)), Compound("call", (goal,))), (
        place,
    )


def _added(atom: Compound) -> tuple[Goal, tuple[Term, ...]]:
    """Gives the number of each term of a list, its values, and the factor before it."""
    name, items, place, term = Atom(_name(atom)), Variable("Items"), Variable("Place"), Variable("Term")
    value, factor = Variable("Value"), Variable("Factor")
    listed = Compound("$terms", (name, items, place, term, factor))
    return _both(atom.span, listed, Compound("call", (term, value))), (place, value, factor)


def _both(span: Span | None, first: Compound, second: Compound) -> Goal:
    goals = (Compound(g.functor, g.args, span) for g in (first, second))
    return Conjunction(tuple(Call(g, span) for g in goals), span)


READERS: dict[Indicator, Function[[Compound, Sequence[Symbol]], Cardinality]] = {
    ("exactly", 2): partial(_count, low=True, high=True, bound=0, terms=False),
    ("at_least", 2): partial(_count, low=True, high=False, bound=0, terms=False),
    ("at_most", 2): partial(_count, low=False, high=True, bound=0, terms=False),
    ("sum_equals", 2): partial(_count, low=True, high=True, bound=1, terms=True),
    ("sum_at_least", 2): partial(_count, low=True, high=False, bound=1, terms=True),
    ("sum_at_most", 2): partial(_count, low=False, high=True, bound=1, terms=True),
    ("all_different", 1): _all_different,
}
"""The goals that count, add up and compare, each with its reader."""

assert READERS.keys() == COUNTING.keys()


def _name(atom: Compound) -> str:
    return f"{atom.functor}/{len(atom.args)}"
