"""The answers to the calls of a plan, and the graph they are in, read from the machine's memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import final, overload

import numpy as np
from numpy.typing import NDArray

from nesy.errors import Span
from nesy.grounding.negative_cycles import NamedAtom
from nesy.grounding.relational.assembly import Assembled, Assembly
from nesy.grounding.relational.evaluation import evaluated
from nesy.grounding.relational.grounder import Call, RelationalPlan
from nesy.grounding.relational.grouping import least
from nesy.grounding.relational.leaves import Leaves
from nesy.grounding.relational.plan import Answers
from nesy.grounding.relational.writer import Ints, Memory
from nesy.grounding.rules import Predicate
from nesy.grounding.syntax_terms import atom_text
from nesy.grounding.tables import Table
from nesy.grounding.terms import Args
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import TRUE, Lit
from nesy.logic.program import Symbol


def evaluate_plan(plan: RelationalPlan, watch: Callable[[Memory], None]) -> RelationalResult:
    """What comes of a plan.

    Raises `OutsideFragmentError`, what `Choices.apply` raises, and what `watch` does.
    """
    asked = [(a, args) for a, (_, args, _) in zip(plan.answers, plan.calls, strict=True)]
    memory, places = evaluated(plan.catalogue, asked, watch)
    leaves = Leaves(plan.store, plan.catalogue.values)
    assembled = Assembly(plan.catalogue, memory, places, leaves).run()
    return RelationalResult(plan, memory, assembled, leaves.symbols)


@final
class RelationalResult:
    """What came of a plan."""

    def __init__(
        self, plan: RelationalPlan, memory: Memory, assembled: Assembled, symbols: list[Symbol]
    ) -> None:
        self._assembled = assembled.graph
        self._added: list[list[Lit]] = []
        self.symbols = symbols
        self._plan = plan
        self._memory = memory
        self._literals = assembled.literals
        denials = assembled.dead or bool((assembled.graph.literals < 0).any())
        self._possible = self._possible_nodes() if denials else None

    def tables(self) -> Sequence[Table]:
        """The answers to each call, made when they are looked at. Cost: O(answers)."""
        return _Tables(self._plan.answers, self._plan.calls, self._table)

    def disjunction(self, literals: Iterable[Lit]) -> Lit:
        """The node of any of some literals, made if need be."""
        unique = sorted(set(literals))
        if TRUE in unique:
            return TRUE
        if len(unique) == 1:
            return unique[0]
        self._added.append(unique)
        return Lit(len(self._assembled) + len(self._added) - 1)

    @property
    def graph(self) -> FlatGraph:
        """The graph with every node made so far."""
        return self._assembled.extended(self._added)

    def families(self) -> Iterator[list[Lit]]:
        """For each call, its answers that differ in one argument alone (see `candidate_families`)."""
        for answers in self._plan.catalogue.answers:
            rows = self._memory.rows(answers.relation)
            fixed = [i for i, bound in enumerate(answers.bound) if bound]
            for position in range(answers.predicate.arity):
                if position not in fixed and len(rows) > 1:
                    yield from _groups(np.delete(rows, position, axis=1), self._literals[answers])

    def atoms(self) -> dict[int, NamedAtom]:
        """What each atom is, by node."""
        found = {}
        for answers in self._plan.catalogue.answers:
            if not answers.predicate.internal:
                rows = self._tuples(answers, self._memory.rows(answers.relation))
                for args, node in zip(rows, self._literals[answers].tolist(), strict=True):
                    if node != TRUE:
                        text = atom_text(self._plan.store, answers.predicate.name, args)
                        found[node] = NamedAtom(text, answers.predicate)
        return found

    def _table(self, answers: Answers, predicate: Predicate, args: Args, span: Span | None) -> Table:
        rows, literals = self._memory.rows(answers.relation), self._literals[answers]
        keep = self._matching(args, rows)
        if self._possible is not None:
            keep &= self._possible[literals]
        table = Table(predicate, args, span=span)
        terms = self._tuples(answers, rows[keep])
        table.answers = dict(zip(terms, map(Lit, literals[keep].tolist()), strict=True))
        return table

    def _matching(self, args: Args, rows: Ints) -> NDArray[np.bool_]:
        """Which rows answer a call: its ground arguments equal, and its repeated variables alike."""
        keep = np.ones(len(rows), np.bool_)
        first: dict[int, int] = {}
        for i, arg in enumerate(args):
            if self._plan.store.is_ground(arg):
                keep &= rows[:, i] == self._plan.catalogue.values.value(arg)
            elif first.setdefault(arg, i) != i:
                keep &= rows[:, i] == rows[:, first[arg]]
        return keep

    def _tuples(self, answers: Answers, rows: Ints) -> list[Args]:
        return self._plan.catalogue.values.tuples(rows[:, : answers.predicate.arity])

    def _possible_nodes(self) -> NDArray[np.bool_]:
        """Which nodes hold in some world, as far as certain truths tell: the alternating fixpoint."""
        graph = (self._assembled.tags, self._assembled.offsets, self._assembled.literals)
        certain = np.zeros(len(self._assembled), np.bool_)
        while True:
            possible = least(*graph, ~certain, leaves=True)
            more = least(*graph, ~possible, leaves=False)
            if (more == certain).all():
                return np.asarray(possible)
            certain = more


def _groups(keys: Ints, literals: Ints) -> Iterator[list[Lit]]:
    """The literals of rows with equal keys, where there are several."""
    if keys.shape[1] == 0:
        yield list(map(Lit, literals.tolist()))
        return
    order = np.lexsort(keys.T[::-1])
    keys, literals = keys[order], literals[order]
    starts = np.flatnonzero(np.append(True, (keys[1:] != keys[:-1]).any(axis=1)))
    for group in np.split(literals, starts[1:]):
        if len(group) > 1:
            yield list(map(Lit, group.tolist()))


@final
class _Tables(Sequence[Table]):
    """The table of each call, made once, on first need."""

    def __init__(self, answers: Sequence[Answers], calls: Sequence[Call], make: Callable[..., Table]) -> None:
        self._answers = answers
        self._calls = calls
        self._make = make
        self._made: dict[int, Table] = {}

    def __len__(self) -> int:
        return len(self._calls)

    @overload
    def __getitem__(self, index: int) -> Table: ...
    @overload
    def __getitem__(self, index: slice) -> list[Table]: ...
    def __getitem__(self, index: int | slice) -> Table | list[Table]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index not in self._made:
            self._made[index] = self._make(self._answers[index], *self._calls[index])
        return self._made[index]
