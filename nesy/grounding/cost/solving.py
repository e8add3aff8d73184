"""Built-in goals on sets: the built-in itself is run on every combination of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import final

from nesy.errors import GroundingError
from nesy.grounding.builtins import BUILTINS
from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.cost.patterns import MOST_COMBINATIONS, Env, instance, matched
from nesy.grounding.rules import BuiltinCall
from nesy.grounding.terms import TermId, TermStore
from nesy.language.builtins import BOUND_ARGUMENTS

_ACTING = frozenset(
    {"write", "writeln", "print", "nl", "format", "debugprint", "halt", "assertz", "asserta", "retract"}
)
"""Built-ins that do something besides holding: an estimate must not run them."""
_BINDING = frozenset(
    {
        "$goals",
        "$terms",
        "$values",
        "=",
        "append",
        "between",
        "is",
        "last",
        "length",
        "max_list",
        "member",
        "min_list",
        "msort",
        "nth0",
        "nth1",
        "numlist",
        "plus",
        "reverse",
        "select",
        "sort",
        "succ",
        "sum_list",
        "sumlist",
    }
)
"""Built-ins whose solutions for an unbound variable hold all those for a bound one."""


@final
@dataclass(frozen=True, slots=True)
class Solved:
    """What a goal's variables may be where it holds.

    inputs: the variables that are bound before it. solutions: how many there are in all; most: for one
    combination of the inputs, at most. new: how many combinations were run for this answer.
    """

    domains: Env
    inputs: tuple[TermId, ...]
    solutions: int
    most: int
    new: int


@final
class Solver:
    """Runs built-ins on sets of values. Where the sets have only grown, what is new is run."""

    def __init__(self, store: TermStore) -> None:
        self._store = store
        self._known: dict[BuiltinCall, _Found] = {}

    def solve(self, goal: BuiltinCall, env: Env) -> Solved | None:
        """The solutions of a positive goal; None where they cannot be listed, or it must not be run."""
        if BUILTINS.get(goal.key) is not goal.run or goal.key[0] in _ACTING:
            return None
        names = list(self._store.variables(goal.args))
        bound = tuple(n for n in names if n in env)
        if not all(env[n].listed for n in bound):
            return None
        if len(bound) < len(names) and goal.key[0] not in _BINDING:
            return None
        if prod(len(env[n].values) for n in bound) > MOST_COMBINATIONS:
            return None
        sets = tuple(env[n].values for n in bound)
        found = self._known.get(goal)
        if found is None or found.inputs != bound or not all(map(frozenset.issubset, found.sets, sets)):
            found = self._known[goal] = _Found(bound, names)
        return found.answer(self._store, goal, sets)


@final
class _Found:
    """The solutions of one goal so far."""

    def __init__(self, inputs: tuple[TermId, ...], names: list[TermId]) -> None:
        self.inputs = inputs
        self.sets: tuple[frozenset[TermId], ...] = tuple(frozenset() for _ in inputs)
        self._values: dict[TermId, set[TermId]] = {n: set() for n in names}
        self._solutions = self._most = 0
        self._asked = False
        self._open = False
        self._unbound: set[TermId] = set()

    def answer(
        self, store: TermStore, goal: BuiltinCall, sets: tuple[frozenset[TermId], ...]
    ) -> Solved | None:
        """All solutions for larger sets than before; None where an unbound variable is in the way."""
        new = 0
        for chosen in self._unseen(sets):
            new += 1
            self._add(store, goal, chosen)
        self.sets, self._asked = sets, True
        if self._open:
            return None
        # A solution may leave a variable unbound: it may then be anything.
        unbound = self._unbound
        domains = {n: ANY if n in unbound else Domain(frozenset(v)) for n, v in self._values.items()}
        return Solved(domains, self.inputs, self._solutions, self._most, new)

    def _unseen(self, sets: tuple[frozenset[TermId], ...]) -> Iterator[tuple[TermId, ...]]:
        """The combinations that hold a value which was not there before, each once."""
        if not sets and not self._asked:
            yield ()
        for i, (old, now) in enumerate(zip(self.sets, sets, strict=True)):
            yield from product(*map(sorted, self.sets[:i]), sorted(now - old), *map(sorted, sets[i + 1 :]))

    def _add(self, store: TermStore, goal: BuiltinCall, chosen: tuple[TermId, ...]) -> None:
        bindings = dict(zip(self.inputs, chosen, strict=True))
        args = tuple(instance(store, arg, bindings) for arg in goal.args)
        try:
            solutions = list(goal.run(store, args, goal.span))
        except GroundingError:
            # Values that never meet in a world may meet here, and then make a sum of names or the like.
            read = BOUND_ARGUMENTS.get(goal.key, range(len(args)))
            self._open = self._open or not all(store.is_ground(args[i]) for i in read)
            return
        self._solutions += len(solutions)
        self._most = max(self._most, len(solutions))
        for solution in solutions:
            found = dict(bindings)
            for arg, value in zip(args, solution, strict=True):
                found.update(matched(store, arg, value) or {})
            for name, values in self._values.items():
                value = found.get(name, name)
                values.add(value)
                if not store.is_ground(value):
                    self._unbound.add(name)
