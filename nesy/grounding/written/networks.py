"""Calls of networks as labels of heads, and the tensors that networks give to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from nesy.grounding.written.naming import Naming
from nesy.language.syntax import (
    Atom,
    Call,
    Callable,
    Clause,
    Compound,
    Conjunction,
    Head,
    Neural,
    Number,
    Term,
    Variable,
)
from nesy.logic.program import InputRef, NetworkCall, Value


@final
class Networks:
    """Labels for calls. clauses: those of networks that only feed others, each after what feeds it."""

    def __init__(self, naming: Naming) -> None:
        self.clauses: list[Clause] = []
        self._naming = naming
        self._numbers: dict[NetworkCall, int] = {}

    def label(
        self, call: NetworkCall, output: Variable | None = None, domain: Sequence[Term] | None = None
    ) -> Neural:
        """The label of a call. Its body has to hold `needs(call)`."""
        self._define(call)
        inputs = tuple(map(self._term, call.inputs))
        return Neural(call.network, inputs, output, None if domain is None else tuple(domain))

    def needs(self, call: NetworkCall) -> tuple[Callable, ...]:
        """The goals that bind the tensors a call takes."""
        self._define(call)
        return tuple(dict.fromkeys(map(self._features, _feeding(call))))

    def _define(self, call: NetworkCall) -> None:
        """Write the clauses of all that feeds a call. Iterative, for that may be many levels deep."""
        stack = [(fed, False) for fed in reversed(_feeding(call))]
        while stack:
            current, ready = stack.pop()
            if current in self._numbers:
                continue
            if not ready:
                stack.append((current, True))
                stack.extend((fed, False) for fed in reversed(_feeding(current)))
                continue
            self._numbers[current] = len(self._numbers) + 1
            goals = tuple(Call(atom) for atom in dict.fromkeys(map(self._features, _feeding(current))))
            body = None if not goals else goals[0] if len(goals) == 1 else Conjunction(goals)
            tensor = Variable(f"T{self._numbers[current]}")
            label = Neural(current.network, tuple(map(self._term, current.inputs)), tensor)
            self.clauses.append(Clause((Head(self._features(current), label),), body))

    def _features(self, call: NetworkCall) -> Callable:
        number = self._numbers[call]
        return self._naming.features(number, Variable(f"T{number}"))

    def _term(self, reference: InputRef) -> Term:
        if reference.network is not None:
            return Variable(f"T{self._numbers[reference.network]}")
        if reference.number is not None:
            return Number(reference.number)
        if not reference.index:
            return Atom(reference.name)
        return Compound(reference.name, tuple(map(_constant, reference.index)))


def _feeding(call: NetworkCall) -> list[NetworkCall]:
    return [reference.network for reference in call.inputs if reference.network is not None]


def _constant(value: Value) -> Term:
    """A term that names the same: one that is no number is known by its text alone."""
    return Atom(value) if isinstance(value, str) else Number(value)
