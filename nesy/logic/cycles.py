"""From a graph with cycles to one without: the same truth in every world.

A strongly connected component whose cycles are all positive means a least fixpoint. Where its rules are
linear it is a system of Boolean equations, solved by elimination (`cycles_linear`). Else, and where
elimination would give more nodes, it is unrolled: a proof that repeats an atom on one of its branches
can be shortened, so with a set F of nodes that cuts every cycle it is enough to go through nodes of F
at most |F| times on any branch. Both are polynomial, where listing proofs is exponential. A cycle
through a negation has no meaning here and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import final

from nesy.errors import SemanticsError
from nesy.logic.components import components, on_cycle, shortest_path
from nesy.logic.cut import cut_order
from nesy.logic.cycles_linear import CLOSED_WIDTH, Elimination, Equation
from nesy.logic.elimination_order import Order, elimination_order
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit


@final
class Acyclic:
    """Rebuilds what some roots reach of a graph, without cycles, in a new graph.

    Cost: O(nodes and edges), and for n nodes on cycles the lesser of O(n * the squared width of an
    elimination), where their rules are linear, and O(n * the size of a cut); iterative.
    """

    def __init__(
        self,
        source: Graph | FlatGraph,
        refusal: Callable[[Sequence[int]], SemanticsError],
        watch: Callable[[int], None] | None = None,
    ) -> None:
        """refusal: the error for nodes that each depend on the next, the last on the first's negation.

        watch: told now and then, where cycles are taken out, how many nodes there are; it may raise.
        """
        self._watch = watch
        self.graph = Graph()
        self._source = source
        self._refusal = refusal
        self._image: dict[int, Lit] = {1: TRUE}
        self._symbols: dict[int, int] = {}

    def rebuild(self, roots: Sequence[Lit]) -> list[Lit]:
        """The roots in the new graph. Raises the refusal where a cycle goes through a negation.

        Symbols are renumbered from 0, in the order they are met; `symbols` says how.
        """
        found = list(components(self._source, [abs(r) for r in roots]))
        cyclic = [c for c in found if on_cycle(self._source, c)]
        asked = self._asked(found, cyclic, roots) if cyclic else {}
        for component in found:
            if component[0] in asked:
                self._open(component, asked[component[0]])
            else:
                self._image[component[0]] = self._built(component[0], self._image)
                self._keep_count(component[0])
        return [self.literal(r) for r in roots]

    @property
    def symbols(self) -> tuple[int, ...]:
        """The old numbers of the symbols that some reached leaf mentions, by their new numbers."""
        return tuple(self._symbols)

    def literal(self, source: int) -> Lit:
        """The image of a literal that `rebuild` reached."""
        node = self._image[abs(source)]
        return node if source > 0 else Lit(-node)

    def reached(self, source: int) -> bool:
        """Whether `rebuild` gave a literal's node an image.

        Nodes on cycles have one where something outside of their component depends on them.
        """
        return abs(source) in self._image

    def _asked(
        self, found: list[list[int]], cyclic: list[list[int]], roots: Sequence[int]
    ) -> dict[int, dict[int, None]]:
        """By the first node of each component on cycles: those of its nodes that are used outside of it."""
        owner = {node: c[0] for c in cyclic for node in c}
        asked: dict[int, dict[int, None]] = {c[0]: {} for c in cyclic}
        for node in map(abs, roots):
            if node in owner:
                asked[owner[node]][node] = None
        for component in found:
            for node in component:
                for child in map(abs, self._source.children(node)):
                    above = owner.get(child)
                    if above is not None and above != owner.get(node):
                        asked[above][child] = None
        return asked

    def _built(self, node: int, image: Mapping[int, Lit] | _Local) -> Lit:
        kind, args = self._source.kinds[node], self._source.args[node]
        match kind:
            case Kind.TRUE:
                return TRUE
            case Kind.LEAF:
                return self.graph.leaf(self._symbols.setdefault(args[0], len(self._symbols)), args[1])
            case Kind.AND | Kind.OR:
                images = [image[a] if a > 0 else Lit(-image[-a]) for a in args]
                return self.graph.conjunction(images) if kind == Kind.AND else self.graph.disjunction(images)

    def _keep_count(self, node: int) -> None:
        """What a node says as a count, it says in the new graph, where all that is counted is there too."""
        count = self._source.counts.get(node)
        if count is not None and all(abs(x) in self._image for _, x in count.terms):
            self.graph.note(self._image[node], count.mapped(self.literal))

    def _open(self, component: list[int], asked: Mapping[int, None]) -> None:
        """Give the asked nodes of a component on cycles their images."""
        inside = set(component)
        self._refuse_negation(component, inside)
        order, cut = cut_order(self._source, component, inside)
        equations = self._equations(component, inside, asked)
        edges = sum(len(self._source.children(n)) for n in component)
        solving = None if equations is None else _narrow(equations, asked, len(cut) * edges)
        if equations is None or solving is None:
            self._unroll(order, cut, asked)
        else:
            self._solve(equations, solving, asked)

    def _equations(
        self, component: list[int], inside: set[int], asked: Mapping[int, None]
    ) -> dict[int, Equation] | None:
        """The component as linear equations; None where a conjunction has two children in it.

        A conjunction that nothing outside asks for is put in the place where it is used.
        """
        kinds = self._source.kinds
        equations: dict[int, Equation] = {}
        replaced: dict[int, tuple[int, Lit]] = {}
        for node in component:
            if kinds[node] == Kind.AND:
                within, images = self._parted(node, inside)
                if len(within) != 1:
                    return None
                step = self.graph.conjunction(images)
                if node in asked or kinds[within[0]] == Kind.AND:
                    equations[node] = Equation(FALSE, {within[0]: step})
                else:
                    replaced[node] = within[0], step
        for node in component:
            if kinds[node] == Kind.OR:
                within, images = self._parted(node, inside)
                steps: dict[int, list[Lit]] = {}
                for child, step in (replaced.get(c, (c, TRUE)) for c in within):
                    steps.setdefault(child, []).append(step)
                found = {child: self.graph.disjunction(s) for child, s in steps.items()}
                equations[node] = Equation(self.graph.disjunction(images), found)
        return equations

    def _parted(self, node: int, inside: set[int]) -> tuple[list[int], list[Lit]]:
        """A node's children in its component, and the images of the others."""
        children = self._source.children(node)
        within = dict.fromkeys(c for c in children if c in inside)
        return list(within), [self.literal(c) for c in children if c not in inside]

    def _solve(self, equations: Mapping[int, Equation], order: Order, asked: Mapping[int, None]) -> None:
        system = Elimination(self.graph, equations, order.nodes)
        for node in asked:
            self._image[node] = system.solution(node)
            if self._watch is not None:
                self._watch(len(self.graph))

    def _unroll(self, order: list[int], cut: list[int], asked: Mapping[int, None]) -> None:
        values = _Local(self._image, dict.fromkeys(cut, FALSE))
        for _ in range(len(cut)):
            if self._watch is not None:
                self._watch(len(self.graph))
            before = [values.local[n] for n in cut]
            for node in order:
                values.local[node] = self._built(node, values)
            if before == [values.local[n] for n in cut]:
                break
        # The nodes between now see the cut's last values; the cut itself is complete.
        between = set(order).difference(cut)
        for node in order:
            if node in between:
                values.local[node] = self._built(node, values)
        self._image.update((node, values.local[node]) for node in asked)

    def _refuse_negation(self, component: list[int], inside: set[int]) -> None:
        for node in component:
            for child in self._source.children(node):
                if child < 0 and -child in inside:
                    raise self._refusal(shortest_path(self._source, -child, node, inside))


def _narrow(equations: Mapping[int, Equation], asked: Iterable[int], unrolled: int) -> Order | None:
    """An order of elimination whose fronts are closed, or whose entries are fewer than nodes unrolled."""
    around: dict[int, dict[int, None]] = {n: {} for n in equations}
    for node, equation in equations.items():
        for child in equation.steps:
            around[node][child] = around[child][node] = None
    return elimination_order(around, asked, max(unrolled, len(equations) * CLOSED_WIDTH**2))


@final
class _Local:
    """A component's values so far, in front of those of the components below it."""

    __slots__ = ("below", "local")

    def __init__(self, below: Mapping[int, Lit], local: dict[int, Lit]) -> None:
        self.below = below
        self.local = local

    def __getitem__(self, node: int) -> Lit:
        found = self.local.get(node)
        return self.below[node] if found is None else found
