"""Rules prepared for running: how to build the arguments of each goal, and how to match the head.

An environment of a rule is a list: first what each variable stands for, then the ground terms that the
rule mentions. So a goal whose arguments are variables and ground terms is built by picking from the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple, final

from nesy.grounding.rules import Instruction, Rule
from nesy.grounding.shortcuts import Shortcut, shortcut
from nesy.grounding.terms import Args, TermId, TermStore, variable

Bindings = list[TermId]
"""What each variable of a rule stands for, then its ground terms; an unbound variable is itself."""

Build = Callable[[Bindings], Args]


class Step(NamedTuple):
    """One goal of a body, what makes its arguments, and the shortcut past it where there is one."""

    instruction: Instruction
    build: Build
    shortcut: Shortcut | None


@final
class Plan:
    """A rule made ready. Cost to make: the size of the rule."""

    __slots__ = ("blank", "build_head", "ground_terms", "length", "rule", "steps", "variables")

    def __init__(self, store: TermStore, rule: Rule) -> None:
        layout = _Layout(store, rule.variables, [rule.head, *(goal.args for goal in rule.body)])
        self.rule = rule
        self.variables = rule.variables
        self.ground_terms: Bindings = layout.ground_terms
        self.blank: Bindings = [*(variable(i) for i in range(rule.variables)), *self.ground_terms]
        self.build_head = layout.build(rule.head)
        self.steps = tuple(Step(g, layout.build(g.args), shortcut(store, g)) for g in rule.body)
        self.length = len(self.steps)


@final
class _Layout:
    """Where the parts of a rule's arguments are found in its environments."""

    def __init__(self, store: TermStore, variables: int, lists: Iterable[Args]) -> None:
        self._store = store
        self.ground_terms: list[TermId] = []
        self._places: dict[TermId, int] = {}
        for term in _parts(store, lists):
            if term < 0:
                self._places[term] = -1 - term
            elif store.ground[term]:
                self._places[term] = variables + len(self.ground_terms)
                self.ground_terms.append(term)
        self._width = variables + len(self.ground_terms)

    def build(self, args: Args) -> Build:
        """What makes some arguments from an environment."""
        places = dict(self._places)
        compounds: list[tuple[str, Build]] = []
        for term in _parts(self._store, [args]):
            if term not in places:
                inner = _picker([places[a] for a in self._store.args[term]])
                compounds.append((str(self._store.heads[term]), inner))
                places[term] = self._width + len(compounds) - 1
        pick = _picker([places[a] for a in args])
        return _constructor(self._store, tuple(compounds), pick) if compounds else pick


def _parts(store: TermStore, lists: Iterable[Args]) -> Iterator[TermId]:
    """The parts of some arguments, each once and after its own; ground terms are not taken apart."""
    seen: set[TermId] = set()
    stack = [term for args in lists for term in args][::-1]
    while stack:
        term = stack[-1]
        below = () if term < 0 or store.ground[term] else store.args[term]
        missing = [a for a in below if a not in seen] if term not in seen else []
        if missing:
            stack.extend(reversed(missing))
            continue
        stack.pop()
        if term not in seen:
            seen.add(term)
            yield term


def _picker(places: Sequence[int]) -> Build:
    if not places:
        return lambda _: ()
    if len(places) == 1:
        place = places[0]
        return lambda env: (env[place],)
    return itemgetter(*places)


def _constructor(store: TermStore, compounds: tuple[tuple[str, Build], ...], pick: Build) -> Build:
    def build(env: Bindings) -> Args:
        work = env[:]
        for functor, inner in compounds:
            work.append(store.compound(functor, inner(work)))
        return pick(work)

    return build
