"""Terms of rules against sets of terms: what a pattern may be, and what its variables are then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

from nesy.grounding.cost.domain import ANY, Domain
from nesy.grounding.terms import TermId, TermStore

Env = dict[TermId, Domain]
"""What each bound variable may be; the others are unbound."""

MOST_COMBINATIONS = 5_000
"""Larger products of domains are not written out."""


def possible(store: TermStore, term: TermId, env: Mapping[TermId, Domain]) -> Domain:
    """The terms that a pattern may be; any term where a variable in it is unbound or not listed."""
    if term < 0:
        return env.get(term, ANY)
    if store.is_ground(term):
        return Domain(frozenset((term,)))
    names = list(store.variables((term,)))
    if combinations(names, env) is None:
        return ANY
    return Domain(frozenset(instance(store, term, c) for c in assignments(names, env)))


def combinations(names: Iterable[TermId], env: Mapping[TermId, Domain]) -> int | None:
    """How many ways there are to choose values of variables; None if too many, or not all are listed."""
    domains = [env.get(name, ANY) for name in names]
    if not all(d.listed for d in domains):
        return None
    count = prod(len(d.values) for d in domains)
    return count if count <= MOST_COMBINATIONS else None


def assignments(names: list[TermId], env: Mapping[TermId, Domain]) -> Iterator[dict[TermId, TermId]]:
    """Every way to choose values of variables, in a fixed order."""
    for values in product(*(sorted(env[name].values) for name in names)):
        yield dict(zip(names, values, strict=True))


def instance(store: TermStore, term: TermId, values: Mapping[TermId, TermId]) -> TermId:
    """A pattern with values in the place of some variables."""
    return store.map_variables(term, lambda v: values.get(v, v))


def narrow(store: TermStore, term: TermId, domain: Domain, env: Env) -> bool:
    """Restrict the variables of a pattern to what lets it be in a domain; False where nothing does."""
    if term < 0:
        met = env.get(term, ANY).met(domain)
        env[term] = met
        return not met.empty
    if store.is_ground(term):
        return not domain.listed or term in domain.values
    names = list(store.variables((term,)))
    if not domain.listed:
        for name in names:
            env.setdefault(name, ANY)
        return True
    found: dict[TermId, set[TermId]] = {name: set() for name in names}
    for value in domain.values:
        bindings = matched(store, term, value)
        if bindings is not None and all(_fits(env, n, v) for n, v in bindings.items()):
            for name, bound in bindings.items():
                found[name].add(bound)
    for name, values in found.items():
        env[name] = env.get(name, ANY).met(Domain(frozenset(values)))
    return all(found.values())


def _fits(env: Env, name: TermId, value: TermId) -> bool:
    domain = env.get(name, ANY)
    return not domain.listed or value in domain.values


def matched(store: TermStore, pattern: TermId, value: TermId) -> dict[TermId, TermId] | None:
    """The values of a pattern's variables that make it a given ground term; None where none do."""
    bindings: dict[TermId, TermId] = {}
    stack = [(pattern, value)]
    while stack:
        one, other = stack.pop()
        if one < 0:
            if bindings.setdefault(one, other) != other:
                return None
        elif store.ground[one] or other < 0:
            if one != other:
                return None
        elif store.heads[one] != store.heads[other] or len(store.args[one]) != len(store.args[other]):
            return None
        else:
            stack.extend(zip(store.args[one], store.args[other], strict=True))
    return bindings
