"""Symbols as labelled clauses: where a symbol's values stand in rules of its own, on their heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable as Function
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import final

from nesy.grounding.written.drafts import Body, Choice, Drafts, Item, Name
from nesy.grounding.written.naming import Naming, term
from nesy.grounding.written.networks import Networks
from nesy.language.syntax import (
    Call,
    Callable,
    Clause,
    Compound,
    Conjunction,
    Goal,
    Head,
    Label,
    Learnable,
    Number,
    Probability,
    Term,
    Variable,
)
from nesy.logic.program import Symbol

Place = tuple[Name, int]
"""A rule: the name of its head, and which of its bodies."""
Written = Function[[Body], "Goal | None"]

VALUE = Variable("V")


@final
@dataclass(frozen=True)
class Labelled:
    """A clause that is a symbol: its heads, and the body they share. Without heads: it stands elsewhere."""

    heads: tuple[Head, ...] = ()
    body: Body = ()
    needs: tuple[Callable, ...] = ()

    def clauses(self, written: Written) -> Iterator[Clause]:
        """The clause, if it stands here. written: makes a goal of a body."""
        if self.heads:
            yield Clause(self.heads, conjoined([Call(a) for a in self.needs], written(self.body)))


@final
@dataclass
class Heads:
    """How each symbol is written.

    direct: rules that are labelled clauses. auxiliary: clauses that only say which value a symbol has.
    atoms: for the symbols of those, the atom of each value.
    """

    direct: dict[Place, Labelled] = field(default_factory=dict)
    auxiliary: list[Clause] = field(default_factory=list)
    atoms: dict[tuple[int, int], Callable] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class _Use:
    """A rule, or something else that speaks of a symbol. place: None for anything but a rule."""

    value: int
    positive: bool
    place: Place | None
    rest: Body
    alone: bool


def heads_of(symbols: Sequence[Symbol], drafts: Drafts, naming: Naming) -> Heads:
    """How each symbol that is used is written. Cost: linear in the rules and the symbols' values."""
    found = Heads()
    networks = Networks(naming)
    writer = _Symbols(symbols, naming, networks)
    for number, uses in sorted(_uses(drafts).items()):
        direct = writer.direct(number, uses)
        if direct is None:
            found.auxiliary.append(writer.auxiliary(number, uses, found.atoms))
        else:
            found.direct.update(direct)
    found.auxiliary = [*networks.clauses, *found.auxiliary]
    return found


def conjoined(goals: Sequence[Goal], more: Goal | None) -> Goal | None:
    """Goals, and those of a body, as one body."""
    parts = [*goals, *(more.goals if isinstance(more, Conjunction) else [] if more is None else [more])]
    return None if not parts else parts[0] if len(parts) == 1 else Conjunction(tuple(parts))


def _uses(drafts: Drafts) -> dict[int, list[_Use]]:
    found: dict[int, list[_Use]] = defaultdict(list)

    def add(body: Sequence[Item], place: Place | None) -> None:
        choices = [item for item in body if isinstance(item, Choice)]
        for choice in choices:
            rest = tuple(item for item in body if item != choice)
            use = _Use(choice.value, choice.positive, place, rest, len(choices) == 1)
            found[choice.symbol].append(use)

    for name, bodies in drafts.bodies.items():
        for number, body in enumerate(bodies):
            add(body, (name, number))
    for bodies in drafts.queries.values():
        for body in bodies:
            add(body, None)
    for body in (tuple(drafts.observed), *drafts.broken):
        add(body, None)
    return found


@final
class _Symbols:
    def __init__(self, symbols: Sequence[Symbol], naming: Naming, networks: Networks) -> None:
        self._symbols = symbols
        self._naming = naming
        self._networks = networks

    def direct(self, number: int, uses: list[_Use]) -> dict[Place, Labelled] | None:
        """The rules of a symbol as one labelled clause; None where they are not one."""
        symbol = self._symbols[number]
        places = {use.value: use.place for use in uses if use.place is not None}
        plain = all(use.positive and use.alone and use.place is not None for use in uses)
        if not plain or len(places) < len(uses) or len({frozenset(use.rest) for use in uses}) > 1:
            return None
        by_value = {use.value: use for use in sorted(uses, key=lambda use: use.value)}
        atoms = {use.value: self._naming.atom(use.place[0]) for use in uses if use.place is not None}
        if symbol.learnable and not set(by_value) >= set(_own_values(symbol)):
            return None
        heads = self._heads(symbol, {value: atoms[value] for value in by_value})
        if heads is None:
            return None
        needs = self._needs(symbol)
        found = {use.place: Labelled() for use in uses if use.place is not None}
        first = next(iter(found))
        return {**found, first: Labelled(heads, uses[0].rest, needs)}

    def _needs(self, symbol: Symbol) -> tuple[Callable, ...]:
        return () if symbol.call is None else self._networks.needs(symbol.call)

    def _heads(self, symbol: Symbol, atoms: dict[int, Callable]) -> tuple[Head, ...] | None:
        if symbol.call is None:
            return tuple(Head(atom, _label(symbol, value)) for value, atom in atoms.items())
        if _is_binary(symbol):
            return (Head(atoms[1], self._networks.label(symbol.call)),) if set(atoms) == {1} else None
        labels = [term(text) for text in symbol.values]
        pattern = _pattern(term(symbol.name))
        if pattern is None or any(_filled(pattern, labels[v]) != atom for v, atom in atoms.items()):
            return None
        return (Head(_filled(pattern, VALUE), self._networks.label(symbol.call, VALUE, labels)),)

    def auxiliary(self, number: int, uses: list[_Use], atoms: dict[tuple[int, int], Callable]) -> Clause:
        """A clause that says which value a symbol has; the values' atoms are added to `atoms`."""
        symbol = self._symbols[number]
        if _is_binary(symbol):
            atom = atoms[number, 1] = self._naming.choice(number)
            label: Label = _label(symbol, 1) if symbol.call is None else self._networks.label(symbol.call)
            return Clause((Head(atom, label),), self._body(symbol))
        if symbol.call is not None:
            labels = [term(text) for text in symbol.values]
            atoms.update(((number, v), self._naming.choice(number, label)) for v, label in enumerate(labels))
            neural = self._networks.label(symbol.call, VALUE, labels)
            return Clause((Head(self._naming.choice(number, VALUE), neural),), self._body(symbol))
        used = {use.value for use in uses}
        values = sorted(used | set(_own_values(symbol)) if symbol.learnable else used)
        atoms.update(((number, v), self._naming.choice(number, Number(v))) for v in values)
        return Clause(tuple(Head(atoms[number, v], _label(symbol, v)) for v in values))

    def _body(self, symbol: Symbol) -> Goal | None:
        return conjoined([Call(atom) for atom in self._needs(symbol)], None)


def _own_values(symbol: Symbol) -> range:
    """The values that a clause has heads for: not the last, where it is that none of them holds."""
    if _is_binary(symbol):
        return range(1, 2)
    return range(len(symbol.values) - (symbol.values[-1] == "none"))


def _is_binary(symbol: Symbol) -> bool:
    """Whether a symbol holds or not, and its second value is that it does."""
    return symbol.values == ("false", "true")


def _label(symbol: Symbol, value: int) -> Label:
    assert symbol.prior is not None
    probability = Number(symbol.prior[value])
    return Learnable(probability) if symbol.learnable else Probability(probability)


def _pattern(name: Term) -> Compound | None:
    """The head of a neural clause, if one variable is among its arguments."""
    if not isinstance(name, Compound):
        return None
    variables = [arg for arg in name.args if isinstance(arg, Variable)]
    return name if len(variables) == 1 else None


def _filled(pattern: Compound, value: Term) -> Callable:
    return Compound(pattern.functor, tuple(value if isinstance(a, Variable) else a for a in pattern.args))
