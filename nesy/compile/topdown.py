"""The top-down compiler: from formulas to a decomposable, deterministic circuit.

A conjunction is simplified by propagation and split into components that share no variable; each
component is compiled once, whatever the number of ways that lead to it. Within a component:

1. a disjunction whose disjuncts are proven exclusive is expanded, disjunct by disjunct, the one that
   stands highest first. Where the program is deterministic and decomposable by itself, this is all
   that happens, and the circuit is the program's own graph;
2. a lone disjunction of independent parts becomes A + not A * B;
3. else a variable is decided, one branch per value.

Branches that leave the same rest are summed before they are multiplied by it.
Cost: at worst exponential in the treewidth; linear for chains. Iterative.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Any, NamedTuple, final

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.compile.exclusion import Exclusion
from nesy.compile.formulas import Formulas
from nesy.compile.propagation import Conjunction, Group, Propagation
from nesy.logic.graph import Kind


class Branches(NamedTuple):
    """A component as the exclusive conjunctions of `rest` with each of the `cases`."""

    rest: Group
    cases: Sequence[Sequence[int]]


class Factors(NamedTuple):
    """A compiled conjunction: its assigned variables, and the circuits of its components."""

    leaves: tuple[int, ...]
    components: tuple[int, ...]


Compiling = Generator[Group, int, Factors]
"""Asks for components, is sent their circuit nodes, and returns what it compiled."""


@final
class TopDown:
    """Compiles any number of roots over one set of formulas into one builder, sharing all work.

    columns: for each variable, the input column of its first value.
    """

    def __init__(
        self, formulas: Formulas, exclusion: Exclusion, builder: CircuitBuilder, columns: Sequence[int]
    ) -> None:
        self._formulas = formulas
        self._exclusion = exclusion
        self._propagation = Propagation(formulas, exclusion)
        self._builder = builder
        self._columns = columns
        self._compiled: dict[Group, int] = {}

    def compile(self, root: int) -> int:
        """The circuit node of a formula."""
        factors = self._drive(self._conjunction(self._propagation.conjoin((), [root])))
        return self._builder.product((*factors.leaves, *factors.components))

    def _drive(self, root: Compiling) -> Factors:
        """Run generators that wait for components, on a stack of our own."""
        stack: list[tuple[Group, Generator[Group, int, Any]]] = [((), root)]
        answer: int | None = None
        while True:
            group, task = stack[-1]
            try:
                wanted = next(task) if answer is None else task.send(answer)
            except StopIteration as stop:
                stack.pop()
                if not stack:
                    result: Factors = stop.value
                    return result
                answer = self._compiled[group] = stop.value
                continue
            answer = self._compiled.get(wanted)
            if answer is None:
                stack.append((wanted, self._component(wanted)))

    def _conjunction(self, conjunction: Conjunction | None) -> Compiling:
        if conjunction is None:
            return Factors((), (ZERO,))
        components = []
        for component in self._split(conjunction.group):
            node = yield component
            if node == ZERO:
                return Factors((), (ZERO,))
            if node != ONE:
                components.append(node)
        leaves = tuple(self._input(leaf) for leaf in conjunction.leaves)
        return Factors(leaves, tuple(sorted(components)))

    def _component(self, group: Group) -> Generator[Group, int, int]:
        branches = self._branches(group)
        by_rest: dict[tuple[int, ...], list[int]] = {}
        for case in branches.cases:
            found = yield from self._conjunction(self._propagation.conjoin(branches.rest, case))
            by_rest.setdefault(found.components, []).append(self._builder.product(found.leaves))
        build = self._builder
        return build.sum(
            build.product((build.sum(heads), *components)) for components, heads in by_rest.items()
        )

    def _branches(self, group: Group) -> Branches:
        formulas = self._formulas
        chosen = self._exclusive(group)
        if chosen is not None:
            rest = tuple(x for x in group if x != chosen)
            return Branches(rest, [(d,) for d in formulas.disjuncts(chosen)])
        if len(group) == 1 and formulas.graph.kinds[abs(group[0])] != Kind.LEAF:
            disjuncts = formulas.disjuncts(group[0])
            parts = self._split(disjuncts)
            if len(parts) > 1:
                first = formulas.disjunction(parts[0])
                others = formulas.disjunction(x for part in parts[1:] for x in part)
                return Branches((), [(first,), (formulas.negated(first), others)])
        return self._decision(group)

    def _exclusive(self, group: Group) -> int | None:
        """The highest disjunction of the group whose disjuncts are proven exclusive."""
        graph, heights = self._formulas.graph, self._formulas.heights
        ors = (x for x in group if x > 0 and graph.kinds[x] == Kind.OR)
        for node in sorted(ors, key=lambda n: (-heights[n], n)):
            if self._exclusion.deterministic(node):
                return node
        return None

    def _decision(self, group: Group) -> Branches:
        support = 0
        for literal in group:
            support |= self._formulas.support(literal)
        variable = (support & -support).bit_length() - 1
        values = range(self._formulas.domains[variable])
        return Branches(group, [(self._formulas.leaf(variable, v),) for v in values])

    def _split(self, literals: Iterable[int]) -> list[Group]:
        """The parts of some literals that share no variable."""
        parts: list[tuple[int, list[int]]] = []
        for literal in literals:
            support, members = self._formulas.support(literal), [literal]
            apart = []
            for mask, others in parts:
                if mask & support:
                    support |= mask
                    members += others
                else:
                    apart.append((mask, others))
            parts = [*apart, (support, members)]
        return [tuple(sorted(members)) for _, members in parts]

    def _input(self, leaf: int) -> int:
        variable, value = self._formulas.graph.args[leaf]
        return self._builder.input(self._columns[variable] + value)
