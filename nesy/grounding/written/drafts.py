"""The graph of ground rules as rules: heads by name, and bodies of names and values of symbols."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Union, final

from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, TRUE, Kind
from nesy.logic.ground_rules import GroundRules

Name = Union[str, int]
"""An atom by its text; what has no name in the rules by a number, counted from 1."""


class Reference(NamedTuple):
    """A name as a goal, or its negation."""

    name: Name
    positive: bool = True


class Choice(NamedTuple):
    """That a symbol has a value, or has it not, as a goal."""

    symbol: int
    value: int
    positive: bool = True


Item = Union[Reference, Choice]
Body = tuple[Item, ...]
"""A conjunction; nothing in it is true."""


@final
@dataclass(frozen=True)
class Drafts:
    """Ground rules before they are statements.

    bodies: of each name, those of its rules; a name comes after those it depends on, but for cycles.
    queries: of the text of each query the bodies that it has: one, or none where it is false.
    observed: what holds in every world. broken: bodies that hold in none. impossible: no world is left.
    """

    bodies: dict[Name, list[Body]]
    queries: dict[str, list[Body]]
    observed: list[Item]
    broken: list[Body]
    impossible: bool


def drafts(rules: GroundRules) -> Drafts:
    """The rules that queries and condition depend on. Cost: O(nodes and edges reached); iterative."""
    return _Drafting(rules).drafts()


@final
class _Drafting:
    def __init__(self, rules: GroundRules) -> None:
        self._rules = rules
        self._kinds, self._args = rules.graph.kinds, rules.graph.args
        self._asked = {output.name: int(output.literals[-1]) for output in rules.outputs}
        atoms = {**rules.atoms()}
        atoms.update(_facts(rules, atoms.values()))
        self._names: dict[int, Name] = {}
        self._nodes: dict[Name, list[int]] = defaultdict(list)
        self._parents: Counter[int] = Counter()
        for node in self._reached([*self._asked.values(), *map(int, rules.condition)]):
            self._parents.update(abs(child) for child in self._children(node))
            if node in atoms:
                self._name(node, atoms[node])
        self._unnamed = 0
        self._bodies: dict[Name, list[Body]] = {}
        self._open: list[Name] = []

    def drafts(self) -> Drafts:
        """Whatever is referred to is defined, and so on until nothing is open."""
        queries = {text: self._alternatives(literal) for text, literal in self._asked.items()}
        observed: list[Item] = []
        broken: list[Body] = []
        for literal in map(int, self._rules.condition):
            seen = self._resolved(literal)
            if seen < FALSE and -seen not in self._names:
                broken += self._bodies_below(-seen)
            elif seen not in (TRUE, FALSE):
                observed.append(self._item(seen))
        while self._open:
            name = self._open.pop()
            bodies = (body for node in self._nodes[name] for body in self._bodies_below(node))
            # What follows from itself says nothing.
            own = Reference(name)
            found = list(dict.fromkeys(body for body in bodies if own not in body))
            # What is certain needs no other rule.
            self._bodies[name] = [()] if () in found else found
        self._stand_in(queries, observed, broken)
        roots = [*(b for found in queries.values() for b in found), tuple(observed), *broken]
        ordered = {name: self._bodies[name] for name in self._ordered(roots)}
        return Drafts(ordered, queries, observed, broken, FALSE in self._rules.condition)

    def _stand_in(self, queries: dict[str, list[Body]], observed: list[Item], broken: list[Body]) -> None:
        """Where an atom is nothing but a value of a symbol, it stands for that value everywhere else."""
        atoms: dict[Item, Name] = {}
        for name, bodies in self._bodies.items():
            if (
                len(bodies) == 1
                and len(bodies[0]) == 1
                and isinstance(bodies[0][0], Choice)
                and bodies[0][0].positive
            ):
                atoms.setdefault(bodies[0][0], name)

        def told(body: Body, head: Name | None = None) -> Body:
            return tuple(dict.fromkeys(_told(item, atoms, head) for item in body))

        for name, bodies in self._bodies.items():
            bodies[:] = [told(body, name) for body in bodies]
        for bodies in queries.values():
            bodies[:] = map(told, bodies)
        observed[:] = told(tuple(observed))
        broken[:] = map(told, broken)

    def _name(self, node: int, name: Name) -> None:
        self._names[node] = name
        self._nodes[name].append(node)

    def _children(self, node: int) -> tuple[int, ...]:
        return () if self._kinds[node] in (Kind.LEAF, Kind.TRUE) else self._args[node]

    def _reached(self, roots: Iterable[int]) -> Iterator[int]:
        """Each node at or below some literals, once."""
        stack = [abs(root) for root in roots]
        seen = set(stack)
        while stack:
            node = stack.pop()
            yield node
            for child in self._children(node):
                if abs(child) not in seen:
                    seen.add(abs(child))
                    stack.append(abs(child))

    def _resolved(self, literal: int) -> int:
        """A literal behind those that only stand for it: nodes of one child that have no name."""
        while abs(literal) not in self._names:
            below = self._children(abs(literal))
            if len(below) != 1:
                break
            literal = below[0] if literal > 0 else -below[0]
        return literal

    def _bodies_below(self, node: int) -> Iterator[Body]:
        """The bodies of a node: what it is a disjunction of, or itself."""
        kind = self._kinds[node]
        if kind == Kind.LEAF:
            symbol, value = self._args[node]
            yield (Choice(symbol, value),)
        elif kind == Kind.AND:
            yield from self._conjunction(self._args[node])
        else:
            for child in self._args[node]:
                yield from self._alternatives(child)

    def _alternatives(self, literal: int) -> list[Body]:
        """The body that a literal is; none where it is false."""
        literal = self._resolved(literal)
        if literal > 0 and literal not in self._names and self._kinds[literal] == Kind.AND:
            return self._conjunction(self._args[literal])
        return self._conjunction((literal,))

    def _conjunction(self, literals: Iterable[int]) -> list[Body]:
        """The body that some literals are together; none where one is false."""
        found: dict[Item, None] = {}
        stack = list(literals)[::-1]
        while stack:
            literal = self._resolved(stack.pop())
            if literal == FALSE:
                return []
            if literal == TRUE:
                continue
            if self._is_part(literal):
                stack.extend(reversed(self._args[literal]))
            else:
                found[self._item(literal)] = None
        return [tuple(found)]

    def _is_part(self, literal: int) -> bool:
        """Whether a conjunction is best written out in the one that holds it."""
        plain = literal > 0 and literal not in self._names and self._kinds[literal] == Kind.AND
        return plain and self._parents[literal] == 1

    def _item(self, literal: int) -> Item:
        """A literal, neither true nor false, as a goal. What it refers to will be defined."""
        literal = self._resolved(literal)
        node, positive = abs(literal), literal > 0
        if node not in self._names:
            if self._kinds[node] == Kind.LEAF:
                symbol, value = self._args[node]
                return Choice(symbol, value, positive)
            self._unnamed += 1
            self._name(node, self._unnamed)
        name = self._names[node]
        if name not in self._bodies:
            self._bodies[name] = []
            self._open.append(name)
        return Reference(name, positive)

    def _ordered(self, roots: Iterable[Body]) -> Iterator[Name]:
        """The names that some bodies lead to, each after those its rules refer to first."""
        seen: set[Name] = set()
        stack: list[tuple[Name, bool]] = [(name, False) for name in reversed([*_names(roots)])]
        while stack:
            name, done = stack.pop()
            if done:
                yield name
            elif name not in seen:
                seen.add(name)
                stack.append((name, True))
                below = [n for n in _names(self._bodies[name]) if n not in seen]
                stack.extend((n, False) for n in reversed(below))


def _facts(rules: GroundRules, derived: Iterable[str]) -> dict[int, str]:
    """The atoms of probabilistic facts, by their leaves, where the graph is one of relational evaluation.

    It knows the atoms of rules only. A symbol that has the name of no predicate of rules is a fact's.
    """
    graph = rules.graph
    if not isinstance(graph, FlatGraph):
        return {}
    functors = {text.partition("(")[0] for text in derived}
    counts = Counter(symbol.name for symbol in rules.symbols)
    found = {}
    for node in range(2, len(graph)):
        if graph.kinds[node] == Kind.LEAF:
            number, value = graph.args[node]
            symbol = rules.symbols[number]
            own = symbol.values == ("false", "true") and value == 1 and counts[symbol.name] == 1
            if own and symbol.name.partition("(")[0] not in functors:
                found[node] = symbol.name
    return found


def _is_held(item: Item) -> bool:
    return isinstance(item, Choice) and item.positive


def _told(item: Item, atoms: Mapping[Item, Name], head: Name | None) -> Item:
    """A goal about a symbol as one about the atom that stands for it, but in that atom's own rule."""
    if isinstance(item, Choice):
        name = atoms.get(Choice(item.symbol, item.value))
        if name is not None and name != head:
            return Reference(name, item.positive)
    return item


def _names(bodies: Iterable[Body]) -> Iterator[Name]:
    return (item.name for body in bodies for item in body if isinstance(item, Reference))
