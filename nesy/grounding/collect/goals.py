"""The goals that collect: what each solves, what it takes of a solution, and what it makes of them all."""

from __future__ import annotations

from collections.abc import Callable as Function
from dataclasses import dataclass
from functools import partial
from typing import final

from nesy.errors import LanguageError
from nesy.grounding.collect.aggregates import (
    AGGREGATES,
    WITNESSED,
    Maker,
    count,
    listing,
    open_listing,
    sorted_set,
)
from nesy.grounding.collect.reducers import RESULT, Reducer
from nesy.language.goals import goal as goal_of
from nesy.language.malformed import Malformed
from nesy.language.syntax import (
    Atom,
    Callable,
    Compound,
    Goal,
    Indicator,
    ListTerm,
    Term,
    indicator,
)
from nesy.language.traversal import variables

HEAD = "$aggregate"
"""The goal that a clause with aggregates in its head comes down to."""


@final
@dataclass(frozen=True, slots=True)
class Collection:
    """A goal that collects.

    groups: terms whose instances have results of their own, where the goal groups; they are bound.
    values: what is taken of each solution. marks: what tells solutions apart besides `groups` and
    `values`; None for everything the goal mentions.
    proofs: whether a solution counts once for each of its proofs.
    result: unified with each result of `reducer`.
    """

    goal: Goal
    values: tuple[Term, ...]
    result: Term
    reducer: Reducer
    groups: tuple[Term, ...] = ()
    marks: tuple[Term, ...] | None = None
    proofs: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms but the goal and the result."""
        return (*self.groups, *self.values, *(self.marks or ()))


def collection(atom: Callable) -> Collection | None:
    """What a goal collects; None where it is no goal that collects.

    Raises `LanguageError` where an argument is not what it should be.
    """
    reader = COLLECTORS.get(indicator(atom))
    return None if reader is None or isinstance(atom, Atom) else reader(atom)


def _list(atom: Compound, *, proofs: bool, empty: bool) -> Collection:
    template, goal, result = atom.args
    return Collection(
        _goal(goal, atom),
        (template,),
        _result((), (result,)),
        Reducer(_name(atom), atom.span, (listing,), empty=empty),
        proofs=proofs,
    )


def _open_list(atom: Compound) -> Collection:
    template, goal, result, tail = atom.args
    reducer = Reducer(_name(atom), atom.span, (open_listing,))
    return Collection(_goal(goal, atom), (template,), _result((), (result, tail)), reducer, proofs=True)


def _of(atom: Compound, *, maker: Maker) -> Collection:
    """`bagof/3` and `setof/3`: one result for each binding of what neither the template nor `^` binds."""
    template, goal, result = atom.args
    bound = {v.name for v in variables(template, *_quantified(goal))}
    free = tuple({v.name: v for v in variables(_unquantified(goal)) if v.name not in bound}.values())
    reducer = Reducer(_name(atom), atom.span, (maker,), group=len(free), grouped=bool(free), empty=False)
    return Collection(_goal(goal, atom), (template,), _result(free, (result,)), reducer, free, proofs=True)


def _aggregate_all(atom: Compound) -> Collection:
    """`aggregate_all(Spec, Goal, R)`, or with a discriminator before the goal."""
    spec, *discriminator, goal, result = atom.args
    maker, values = _spec(spec, atom)
    return Collection(
        _goal(goal, atom),
        values,
        _result((), (result,)),
        Reducer(_name(atom), atom.span, (maker,), width=len(values)),
        marks=tuple(discriminator) or None,
    )


def _spec(spec: Term, atom: Compound) -> tuple[Maker, tuple[Term, ...]]:
    """The aggregate that `count`, `sum(X)`, `max(X, W)` and the like name, and what they take."""
    if spec == Atom("count"):
        return count, ()
    if isinstance(spec, Compound):
        maker = {1: AGGREGATES, 2: WITNESSED}.get(len(spec.args), {}).get(spec.functor)
        if maker is not None:
            return maker, spec.args
    raise LanguageError(
        "unknown-aggregate",
        f"the first argument of {_name(atom)} is no aggregate",
        span=spec.span or atom.span,
        hint="it is count, sum(X), avg(X), min(X), max(X), min(X, W), max(X, W), bag(X) or set(X)",
    )


def _head(atom: Compound) -> Collection:
    """`$aggregate(Head, Names, Values, Groups, Goal, Results)`: of each name, a value and a result."""
    names, values, groups, results = (_items(atom.args[i]) for i in (1, 2, 3, 5))
    makers = tuple(AGGREGATES[n.name] for n in names if isinstance(n, Atom))
    head = atom.args[0].name if isinstance(atom.args[0], Atom) else ""
    reducer = Reducer(head, atom.span, makers, len(groups), width=len(values), grouped=True)
    return Collection(_goal(atom.args[4], atom), values, _result(groups, results), reducer, groups)


def _collect_group(atom: Compound) -> Collection:
    """`collectgroup(Goal, Value, Group, Values)`: the values of each group."""
    goal, value, group, result = atom.args
    reducer = Reducer(_name(atom), atom.span, (listing,), 1, grouped=True)
    return Collection(_goal(goal, atom), (value,), _result((group,), (result,)), reducer, (group,))


def _collect_list(atom: Compound) -> Collection:
    """`collect_list(Goal, Group, Value, Values)`, or without a group."""
    goal, *group, value, result = atom.args
    return _collect_group(
        Compound("collectgroup", (goal, value, *(group or [Atom("none")]), result), atom.span)
    )


COLLECTORS: dict[Indicator, Function[[Compound], Collection]] = {
    ("findall", 3): partial(_list, proofs=True, empty=True),
    ("findall", 4): _open_list,
    ("all", 3): partial(_list, proofs=False, empty=False),
    ("all_or_none", 3): partial(_list, proofs=False, empty=True),
    ("bagof", 3): partial(_of, maker=listing),
    ("setof", 3): partial(_of, maker=sorted_set),
    ("aggregate_all", 3): _aggregate_all,
    ("aggregate_all", 4): _aggregate_all,
    ("collectgroup", 4): _collect_group,
    ("collect_list", 3): _collect_list,
    ("collect_list", 4): _collect_list,
    (HEAD, 6): _head,
}
"""The goals that collect, each with its reader."""


def _result(groups: tuple[Term, ...], results: tuple[Term, ...]) -> Term:
    return Compound(RESULT, (*groups, *results))


def _items(term: Term) -> tuple[Term, ...]:
    return term.items if isinstance(term, ListTerm) else ()


def _goal(term: Term, atom: Compound) -> Goal:
    """The goal that an argument is, without its `^`s."""
    inner = _unquantified(term)
    try:
        return goal_of(inner)
    except Malformed as reason:
        found = reason.diagnostic
        raise LanguageError(found.code, found.message, span=found.span, hint=found.hint) from None


def _quantified(term: Term) -> list[Term]:
    """What stands before the `^`s of a goal."""
    found = []
    while isinstance(term, Compound) and term.functor == "^" and len(term.args) == 2:
        found.append(term.args[0])
        term = term.args[1]
    return found


def _unquantified(term: Term) -> Term:
    while isinstance(term, Compound) and term.functor == "^" and len(term.args) == 2:
        term = term.args[1]
    return term


def _name(atom: Compound) -> str:
    return f"{atom.functor}/{len(atom.args)}"
