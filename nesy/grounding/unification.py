"""Unification of run-time terms, and its application to a frame's environment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from nesy.grounding.terms import Args, TermId, TermStore, variable

Env = tuple[TermId, ...]
"""What each variable of a clause stands for; an unbound variable stands for itself."""


@final
class Unifier:
    """A growing set of bindings. Cost of `unify`: the size of the terms met; iterative."""

    __slots__ = ("_bindings", "_store")

    def __init__(self, store: TermStore) -> None:
        self._store = store
        self._bindings: dict[TermId, TermId] = {}

    def unify(self, left: TermId, right: TermId) -> bool:
        """Make two terms equal, or return False (the bindings are then of no use)."""
        store, bindings = self._store, self._bindings
        work = [(left, right)]
        met: set[tuple[TermId, TermId]] = set()
        while work:
            a, b = work.pop()
            while a < 0 and a in bindings:
                a = bindings[a]
            while b < 0 and b in bindings:
                b = bindings[b]
            if a == b:
                continue
            if a < 0 or b < 0:
                if a >= 0:
                    a, b = b, a
                if self._occurs(a, b):
                    return False
                bindings[a] = b
            elif not self._comparable(a, b):
                return False
            elif (a, b) not in met:
                # Terms share parts: each pair is looked at once, however many ways lead to it.
                met.add((a, b))
                work.extend(zip(store.args[a], store.args[b], strict=True))
        return True

    def _comparable(self, a: TermId, b: TermId) -> bool:
        """Whether two different terms, no variables, may become equal by what is below them."""
        store = self._store
        if store.ground[a] and store.ground[b]:
            return False
        return store.functor(a) is not None and store.functor(a) == store.functor(b)

    def unify_all(self, lefts: Args, rights: Args) -> bool:
        """Make two argument tuples equal, pair by pair."""
        return all(self.unify(a, b) for a, b in zip(lefts, rights, strict=True))

    def resolve(self, term: TermId) -> TermId:
        """A term with all bindings applied. Cost: O(distinct subterms reached); iterative."""
        if self._store.is_ground(term):
            return term
        values: dict[TermId, TermId] = {}
        stack = [term]
        while stack:
            current = stack[-1]
            bound = self._bindings.get(current) if current < 0 else current
            below = [] if bound is None else [v for v in self._store.variables([bound]) if v not in values]
            if current in values or not below:
                if current < 0:
                    image = current if bound is None else self._store.map_variables(bound, values.__getitem__)
                    values[current] = image
                stack.pop()
            else:
                stack.extend(below)
        return self._store.map_variables(term, values.__getitem__)

    def apply(self, env: Env) -> Env:
        """An environment with all bindings applied."""
        return tuple(self.resolve(t) for t in env) if self._bindings else env

    def _occurs(self, var: TermId, term: TermId) -> bool:
        """Whether a variable occurs in a term: binding it would make an infinite term."""
        if self._store.is_ground(term) or term < 0:
            return False
        stack, seen = [term], set[TermId]()
        while stack:
            for found in self._store.variables([stack.pop()]):
                if found == var:
                    return True
                if found in self._bindings and found not in seen:
                    seen.add(found)
                    stack.append(self._bindings[found])
        return False


def instantiate(store: TermStore, args: Args, env: Env) -> Args:
    """The arguments of a goal under an environment."""
    ground = store.ground
    return tuple(
        env[-1 - a] if a < 0 else a if ground[a] else store.map_variables(a, lambda v: env[-1 - v])
        for a in args
    )


def canonical(store: TermStore, args: Args) -> Args:
    """Arguments with their variables renumbered from 0 in order of appearance: equal for variants."""
    ground = store.ground
    if all(a >= 0 and ground[a] for a in args):
        return args
    names: dict[TermId, TermId] = {}
    return tuple(store.map_variables(a, lambda v: names.setdefault(v, variable(len(names)))) for a in args)


def shifted(store: TermStore, args: Args, by: int) -> Args:
    """Arguments with every variable's number raised, to keep them apart from a frame's own."""
    if all(store.is_ground(a) for a in args):
        return args
    return tuple(store.map_variables(a, lambda v: TermId(v - by)) for a in args)


def fresh_number(store: TermStore, terms: Iterable[TermId]) -> int:
    """A number above those of all variables in the terms."""
    return max((-v for v in store.variables(terms)), default=0)
