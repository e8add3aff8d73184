"""A program taken apart: what shares no symbol can be answered alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import final

from networkx.utils import UnionFind

from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output

Literals = tuple[Lit, ...]


@final
@dataclass(frozen=True, slots=True)
class Part:
    """Some symbols of a program and all that is said of them.

    symbols, outputs: their numbers in the whole program, ascending. program: of these alone, its conditions
    those of the whole that are about these symbols.
    """

    symbols: tuple[int, ...]
    outputs: tuple[int, ...]
    program: GroundProgram

    def columns(self, whole: GroundProgram) -> list[int]:
        """The columns of the whole program's beliefs that are the part's, in the part's order."""
        starts = whole.offsets
        return [column for s in self.symbols for column in range(starts[s], starts[s + 1])]


def whole_part(program: GroundProgram) -> Part:
    """All of a program as one part, whatever it depends on."""
    return Part(tuple(range(len(program.symbols))), tuple(range(len(program.outputs))), program)


def independent_parts(program: GroundProgram) -> list[Part]:
    """The smallest parts no two of which share a symbol, those with outputs in the order of their first.

    Symbols that nothing depends on are in none. Given its own conditions, each part is independent of
    the others. Cost: linear in the graph.
    """
    groups = _Groups(program.graph)
    outputs = [groups.joined(o.literals) for o in program.outputs]
    conditions = [groups.joined([literal]) for literal in program.condition]
    found: dict[object, _Members] = {}
    for number, key in enumerate(outputs):
        found.setdefault(groups.name(key, number), _Members()).outputs.append(number)
    for literal, key in zip(program.condition, conditions, strict=True):
        found.setdefault(groups.name(key, None), _Members()).condition.append(literal)
    for members, literals in groups.those(found, program.families):
        members.families.append(literals)
    for members, literals in groups.those(found, program.graph.families):
        members.graph_families.append(literals)
    counts = program.graph.counts.items()
    for members, (node, *_) in groups.those(
        found, ((Lit(n), *(Lit(x) for _, x in c.terms)) for n, c in counts)
    ):
        members.counts.append(node)
    return [_part(program, members) for members in found.values()]


@final
class _Members:
    def __init__(self) -> None:
        self.outputs: list[int] = []
        self.condition: list[Lit] = []
        self.families: list[Literals] = []
        self.graph_families: list[Literals] = []
        self.counts: list[int] = []


@final
class _Groups:
    """Literals by the symbols that they depend on, joined where these are shared."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sets: UnionFind[object] = UnionFind()
        self._seen: set[int] = set()

    def joined(self, literals: Iterable[int]) -> int | None:
        """Join all that literals depend on; a node that stands for it, None where that is nothing."""
        nodes = [abs(x) for x in literals if x not in (TRUE, FALSE)]
        stack = [n for n in nodes if n not in self._seen]
        self._seen.update(stack)
        while stack:
            node = stack.pop()
            if self._graph.kinds[node] == Kind.LEAF:
                self._sets.union(node, ("symbol", self._graph.args[node][0]))
                continue
            below = [abs(x) for x in self._graph.children(node)]
            self._sets.union(node, *below)
            fresh = [n for n in below if n not in self._seen]
            self._seen.update(fresh)
            stack += fresh
        if nodes:
            self._sets.union(*nodes)
        return nodes[0] if nodes else None

    def name(self, node: int | None, alone: object) -> object:
        """What all of a group have in common; `alone` for what depends on nothing."""
        return ("constant", alone) if node is None else self._sets[node]

    def those(
        self, found: Mapping[object, _Members], all_of_them: Iterable[Literals]
    ) -> Iterator[tuple[_Members, Literals]]:
        """Those literals, all of one of the groups found, that stand for something in it."""
        for literals in all_of_them:
            nodes = [abs(x) for x in literals if x not in (TRUE, FALSE)]
            if nodes and self._seen.issuperset(nodes):
                members = found.get(self._sets[nodes[0]])
                if members is not None:
                    yield members, literals


def _part(program: GroundProgram, members: _Members) -> Part:
    literals = [x for number in members.outputs for x in program.outputs[number].literals]
    reached = list(program.graph.reachable([*literals, *members.condition]))
    kinds, args = program.graph.kinds, program.graph.args
    symbols = sorted({args[n][0] for n in reached if kinds[n] == Kind.LEAF})
    copy = _Copy(program.graph, reached, {s: i for i, s in enumerate(symbols)}, members)
    outputs = [program.outputs[number] for number in members.outputs]
    return Part(
        tuple(symbols),
        tuple(members.outputs),
        GroundProgram(
            symbols=tuple(program.symbols[s] for s in symbols),
            graph=copy.graph,
            outputs=tuple(Output(o.name, o.domain, copy.all(o.literals)) for o in outputs),
            condition=copy.all(members.condition),
            families=tuple(copy.all(f) for f in members.families if copy.has(f)),
            observed=program.observed,
        ),
    )


@final
class _Copy:
    """Some nodes of a graph, about renumbered symbols, in a graph of their own."""

    def __init__(
        self, source: Graph, nodes: Sequence[int], symbols: Mapping[int, int], members: _Members
    ) -> None:
        self.graph = Graph()
        self._image: dict[int, Lit] = {1: TRUE}
        for node in nodes:
            self._image[node] = self._made(source, node, symbols)
        for family in members.graph_families:
            if self.has(family):
                self.graph.families.append(self.all(family))
        for node in members.counts:
            count = source.counts[node]
            if self.has([node, *(x for _, x in count.terms)]):
                self.graph.note(self._image[node], count.mapped(self._literal))

    def has(self, literals: Iterable[int]) -> bool:
        """Whether all of the literals are of nodes that have been copied."""
        return all(abs(x) in self._image for x in literals)

    def all(self, literals: Iterable[int]) -> tuple[Lit, ...]:
        """The copies of literals."""
        return tuple(map(self._literal, literals))

    def _literal(self, literal: int) -> Lit:
        image = self._image[abs(literal)]
        return image if literal > 0 else Lit(-image)

    def _made(self, source: Graph, node: int, symbols: Mapping[int, int]) -> Lit:
        kind = source.kinds[node]
        if kind == Kind.TRUE:
            return TRUE
        if kind == Kind.LEAF:
            symbol, value = source.args[node]
            return self.graph.leaf(symbols[symbol], value)
        below = self.all(source.args[node])
        return self.graph.conjunction(below) if kind == Kind.AND else self.graph.disjunction(below)
