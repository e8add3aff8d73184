"""From a graph with cycles to one without: the same truth in every world.

A strongly connected component whose cycles are all positive means a least fixpoint. A proof that
repeats an atom on one of its branches can be shortened, so with a set F of nodes that cuts every cycle
it is enough to go through nodes of F at most |F| times on any branch: the component is unrolled |F|
times, which is polynomial, where listing proofs is exponential. A cycle through a negation has no
meaning here and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import final

from nesy.errors import SemanticsError
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit


@final
class Acyclic:
    """Rebuilds what some roots reach of a graph, without cycles, in a new graph.

    Cost: O(nodes and edges), times the size of the cut for nodes on cycles; iterative.
    """

    def __init__(
        self,
        source: Graph | FlatGraph,
        refusal: Callable[[Sequence[int]], SemanticsError],
        watch: Callable[[int], None] | None = None,
    ) -> None:
        """refusal: the error for nodes that each depend on the next, the last on the first's negation.

        watch: told in every round of unrolling how many nodes there are; it may raise.
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
        for component in components(self._source, [abs(r) for r in roots]):
            if len(component) == 1 and component[0] not in map(abs, self._source.children(component[0])):
                self._image[component[0]] = self._built(component[0], self._image)
            else:
                self._unroll(component)
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
        """Whether `rebuild` reached a literal's node."""
        return abs(source) in self._image

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

    def _unroll(self, component: list[int]) -> None:
        self._refuse_negation(component)
        inside = set(component)
        order, cut = _cut_order(self._source, component, inside)
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
        for node in order:
            if node not in cut:
                values.local[node] = self._built(node, values)
        self._image.update(values.local)

    def _refuse_negation(self, component: list[int]) -> None:
        inside = set(component)
        for node in component:
            for child in self._source.children(node):
                if child < 0 and -child in inside:
                    raise self._refusal(_path(self._source, -child, node, inside))


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


def components(graph: Graph | FlatGraph, roots: Iterable[int]) -> Iterator[list[int]]:
    """The strongly connected components reached from root nodes, callees first (Tarjan, 1972; iterative).

    Cost: O(nodes and edges).
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    open_nodes: dict[int, None] = {}
    for root in roots:
        work = [] if root in index else [(root, iter((root,)))]
        while work:
            node, children = work[-1]
            child = next((c for c in children if c not in index or c in open_nodes), None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node] and node in open_nodes:
                    yield _close(node, open_nodes)
            elif child in index:
                low[node] = min(low[node], index[child])
            else:
                index[child] = low[child] = len(index)
                open_nodes[child] = None
                work.append((child, map(abs, graph.children(child))))


def _close(root: int, open_nodes: dict[int, None]) -> list[int]:
    """Take a finished component off the open nodes, which are in order of discovery."""
    component = [open_nodes.popitem()[0]]
    while component[-1] != root:
        component.append(open_nodes.popitem()[0])
    return component


def _cut_order(
    graph: Graph | FlatGraph, component: list[int], inside: set[int]
) -> tuple[list[int], list[int]]:
    """A depth-first order (children first) of a component, and the nodes whose back edges it cuts."""
    order: list[int] = []
    cut: dict[int, None] = {}
    state: dict[int, bool] = {}
    stack = [min(component)]
    while stack:
        node = stack.pop()
        if node < 0:
            state[-node] = True
            order.append(-node)
        elif node not in state:
            state[node] = False
            stack.append(-node)
            for child in map(abs, graph.children(node)):
                if child in inside:
                    if child not in state:
                        stack.append(child)
                    elif not state[child]:
                        cut[child] = None
    return order, list(cut)


def _path(graph: Graph | FlatGraph, start: int, goal: int, inside: set[int]) -> list[int]:
    """A shortest path of nodes within a component."""
    previous = {start: start}
    queue = [start]
    for node in queue:
        if node == goal:
            break
        for child in map(abs, graph.children(node)):
            if child in inside and child not in previous:
                previous[child] = node
                queue.append(child)
    path = [goal]
    while path[-1] != start:
        path.append(previous[path[-1]])
    return path[::-1]
