"""Rules as the engine runs them: arguments interned, variables numbered, goals resolved to predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol, Union, final

from nesy.errors import LanguageError, Span
from nesy.grounding.terms import Args, TermId, TermStore, variable
from nesy.grounding.unification import Env
from nesy.language.syntax import Indicator
from nesy.logic.graph import Graph, Lit

INDEXED_FROM = 8
"""Predicates of fewer rules are scanned: building an index would cost more than it saves."""


class Builtin(Protocol):
    """A built-in predicate: the argument tuples that solve a call.

    They share the call's variables; any other variable in them is a new one.
    """

    def __call__(self, store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        """The solutions of a call with these arguments; raises `GroundingError` on a wrong mode."""
        ...


@final
@dataclass(frozen=True, slots=True, eq=False)
class UserCall:
    """A goal that rules define; with `positive` False, its negation."""

    predicate: Predicate
    args: Args
    positive: bool
    span: Span | None


@final
@dataclass(frozen=True, slots=True, eq=False)
class BuiltinCall:
    """A goal that a built-in solves at once; with `positive` False, its negation."""

    key: Indicator
    run: Builtin
    args: Args
    positive: bool
    span: Span | None


class Reduce(Protocol):
    """Makes the results of a collecting goal from all answers to what it collects."""

    def __call__(
        self, store: TermStore, graph: Graph, answers: list[tuple[Args, Lit]]
    ) -> Iterable[tuple[TermId, Lit]]:
        """The possible results, each with the literal under which it is one."""
        ...


@final
@dataclass(frozen=True, slots=True, eq=False)
class Collect:
    """A goal that is about all answers to a call together: it has a solution for each result.

    The call must be complete first, so it may not depend on what waits for it. `result` is unified
    with each result; the call binds nothing else.
    """

    predicate: Predicate
    args: Args
    reduce: Reduce
    result: TermId
    span: Span | None


@final
@dataclass(frozen=True, slots=True, eq=False)
class MetaCall:
    """A goal known when it is reached: the first argument, called with the others behind its own.

    carry: what to do with the call that it turns out to be, and a last argument that is none of its own.
    """

    args: Args
    positive: bool
    span: Span | None
    carry: Callable[[UserCall | BuiltinCall, TermId], UserCall | BuiltinCall] | None = None


Instruction = Union[UserCall, BuiltinCall, Collect, MetaCall]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
    """The symbol of a probabilistic clause or annotated disjunction, shared by the rules of its heads.

    heads: (functor, args) of every alternative; probabilities: the terms of their labels.
    learnable: some probability is only where learning begins.
    """

    number: int
    heads: tuple[tuple[str, Args], ...]
    probabilities: tuple[TermId, ...]
    spans: tuple[Span | None, ...]
    learnable: bool = False


@final
@dataclass(frozen=True, slots=True, eq=False)
class PickAlternative:
    """The rule holds where the clause's symbol takes the value `position`."""

    alternatives: Alternatives
    position: int


@final
@dataclass(frozen=True, slots=True, eq=False)
class AskNetwork:
    """The rule holds as a network says.

    output, domain: None for nn/2; for nn/3 only `output`, which stands for the network's tensor.
    """

    number: int
    network: str
    inputs: Args
    output: TermId | None
    domain: Args | None
    span: Span | None


Choice = Union[PickAlternative, AskNetwork]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One head of a clause with the clause's body; variables are numbered from 0 to `variables` - 1."""

    predicate: Predicate
    head: Args
    variables: int
    body: tuple[Instruction, ...]
    choice: Choice | None
    span: Span | None

    @property
    def fresh_env(self) -> Env:
        """The environment in which every variable is unbound."""
        return tuple(variable(i) for i in range(self.variables))


class RuleSource(Protocol):
    """Rules of a predicate that are made when a call needs them."""

    def __len__(self) -> int:
        """How many rules there are."""
        ...

    def matching(self, store: TermStore, args: Args) -> Iterable[Rule]:
        """The rules whose heads may match a call, in order."""
        ...


@final
@dataclass(eq=False)
class Predicate:
    """A predicate and its rules, indexed by argument on first need.

    internal: it stands for a part of a body, and has no name that a user would know.
    sources: further rules, behind those of `rules`.
    missing: no clause defines it, which is an error only where a goal of it is reached.
    """

    name: str
    arity: int
    internal: bool = False
    rules: list[Rule] = field(default_factory=list, repr=False)
    sources: list[RuleSource] = field(default_factory=list, repr=False)
    missing: LanguageError | None = field(default=None, repr=False)
    _indexes: dict[int, dict[TermId, list[Rule]]] = field(default_factory=dict, repr=False)

    def candidates(self, store: TermStore, args: Args) -> list[Rule]:
        """The rules whose heads may match a call, in order; a superset of those that do.

        Cost: O(1) dictionary look-ups per bound argument, after one pass over the rules for each
        argument position that is ever called bound.
        """
        best = self._written(store, args)
        if not self.sources:
            return best
        return [*best, *(rule for source in self.sources for rule in source.matching(store, args))]

    def _written(self, store: TermStore, args: Args) -> list[Rule]:
        best = self.rules
        if len(best) < INDEXED_FROM:
            return best
        for position, arg in enumerate(args):
            if store.is_ground(arg):
                found = self._bucket(store, position, arg)
                if len(found) < len(best):
                    best = found
        return best

    def _bucket(self, store: TermStore, position: int, arg: TermId) -> list[Rule]:
        index = self._indexes.get(position)
        if index is None:
            index = self._indexes[position] = self._build_index(store, position)
        return index.get(arg, index[OPEN])

    def _build_index(self, store: TermStore, position: int) -> dict[TermId, list[Rule]]:
        """Rules by their ground argument at a position; open ones (under OPEN) belong to every list."""
        index: dict[TermId, list[Rule]] = {OPEN: []}
        for rule in self.rules:
            key = rule.head[position]
            if store.is_ground(key):
                if key not in index:
                    index[key] = list(index[OPEN])
                index[key].append(rule)
            else:
                for bucket in index.values():
                    bucket.append(rule)
        return index


OPEN = TermId(-1)
"""Stands in an index for the rules whose argument is not ground."""
