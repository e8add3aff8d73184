"""The ground AND-OR graph of a program's queries as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import final

from nesy.engines.solve import probabilities
from nesy.grounding import ground_rules
from nesy.grounding.budget import Budget
from nesy.grounding.written.drafts import Body, Choice, Drafts, Name, Reference, drafts
from nesy.language.syntax import Program
from nesy.logic.ground_rules import GroundRules
from nesy.viz.beliefs import Beliefs, unknown_networks
from nesy.viz.drawing import Drawing, Edge, Look, Node
from nesy.viz.ground_values import GroundValues, Key, ground_values
from nesy.viz.lettering import counted
from nesy.viz.levels import MOST, by_level
from nesy.viz.symbols import LEAF, NETWORK, ambiguous, symbol_node

ATOM = Look("atom", "box", "blue", "an atom")
AND = Look("body", "circle", "grey", "all of")
OBSERVED = Look("observed", "box", "green", "observed")
NEVER = Look("constraint", "box", "grey", "must not hold")
LOOKS = (ATOM, OBSERVED, AND, LEAF, NETWORK, NEVER)

AND_SIGN, OR_SIGN = "\u2227", "\u2228"

MOST_QUERIES = 12
"""Derivatives are of the first queries only."""


def ground_drawing(
    program: Program, *, beliefs: Beliefs | None = None, budget: Budget | None = None
) -> Drawing:
    """The ground rules that queries and evidence depend on: atoms, bodies of their rules, choices.

    Atoms and bodies have their probabilities given the evidence; choices their own, and the derivative of
    each query by it: how the query changes with the choice's probability, the other values of its symbol
    giving way in proportion. Networks are taken to find every value as probable. A graph of more than
    300 nodes is drawn level by level, without values.
    Raises `NesyError`: what grounding and compiling raise; inconsistent-evidence.
    Cost: grounding and the layout; for a graph drawn whole, compiling all of its atoms too.
    """
    rules = ground_rules(program, evaluate=probabilities, budget=budget)
    found = drafts(rules)
    picture = _Picture(rules, found)
    sizes = f"{counted(len(picture.nodes), 'node')}, {counted(len(picture.edges), 'edge')}"
    note = f"{sizes}; what is certain is left out"
    if unknown_networks(rules.symbols, beliefs):
        note += "; what networks say is taken to be uniform"
    looks = tuple(look for look in LOOKS if any(node.kind == look.name for node in picture.nodes))
    drawing = Drawing("Ground rules", note, picture.nodes, picture.edges, looks)
    if len(picture.nodes) > MOST:
        return by_level(drawing)
    queries = list(found.queries)[:MOST_QUERIES]
    nodes = picture.with_values(ground_values(rules, found, queries, beliefs))
    return replace(drawing, nodes=nodes, queries=queries)


@final
class _Picture:
    def __init__(self, rules: GroundRules, found: Drafts) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._symbols = rules.symbols
        self._shared = ambiguous(rules.symbols)
        self._found = found
        self._keys: dict[Key, int] = {}
        self._chosen = {name: choice for name, bodies in found.bodies.items() if (choice := _only(bodies))}
        self._observed = {x.name: x.positive for x in found.observed if isinstance(x, Reference)}
        self._standing = {choice: name for name, choice in self._chosen.items()}
        # Queries come first, and so stand on top; then what depends on most.
        for name in (*found.queries, *reversed(found.bodies)):
            if name not in self._keys:
                self._add(name, self._atom(name))
        for text, bodies in found.queries.items():
            if text not in found.bodies:
                self._add_rules(text, bodies)
        for name, bodies in found.bodies.items():
            if name not in self._chosen:
                self._add_rules(name, bodies)
        for body in found.broken:
            self.nodes.append(Node(":-", NEVER.name, (("constraint", "no world may satisfy this"),)))
            self._add_goals(len(self.nodes) - 1, body)

    def with_values(self, values: GroundValues) -> list[Node]:
        """The nodes with what is known of them."""
        nodes = list(self.nodes)
        for key, index in self._keys.items():
            nodes[index] = replace(nodes[index], value=values.held.get(key))
        for choice, slopes in values.slopes.items():
            found = self._keys.get(self._standing.get(choice, choice))
            if found is not None:
                nodes[found] = replace(nodes[found], derivatives=slopes)
        return nodes

    def _add(self, key: Key, node: Node) -> int:
        self._keys[key] = len(self.nodes)
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _atom(self, name: Name) -> Node:
        told = [("atom", name if isinstance(name, str) else "a part of a body")]
        seen = self._observed.get(name)
        if seen is not None:
            told.append(("observed", "true" if seen else "false"))
        strong = name in self._found.queries
        if strong and name not in self._found.bodies and not self._found.queries[str(name)]:
            told.append(("never", "no world satisfies it"))
        choice = self._chosen.get(name)
        if choice is not None:
            about = self._leaf(choice)
            kind = about.kind if seen is None else OBSERVED.name
            return replace(about, label=str(name), kind=kind, told=(*told, *about.told), strong=strong)
        kind = ATOM.name if seen is None else OBSERVED.name
        return Node(name if isinstance(name, str) else OR_SIGN, kind, tuple(told), strong=strong)

    def _leaf(self, choice: Choice) -> Node:
        return symbol_node(self._symbols[choice.symbol], choice.value, self._shared)

    def _add_rules(self, name: Name, bodies: Sequence[Body]) -> None:
        head = self._keys[name]
        for number, body in enumerate(bodies):
            if len(body) > 1:
                inner = self._add(
                    (name, number), Node(AND_SIGN, AND.name, (("body", "all goals of a rule"),))
                )
                self.edges.append(Edge(head, inner))
                self._add_goals(inner, body)
            else:
                self._add_goals(head, body)

    def _add_goals(self, source: int, body: Body) -> None:
        for item in body:
            self.edges.append(Edge(source, self._goal(item), not item.positive))

    def _goal(self, item: Reference | Choice) -> int:
        if isinstance(item, Reference):
            return self._keys[item.name]
        choice = Choice(item.symbol, item.value)
        if choice in self._standing:
            return self._keys[self._standing[choice]]
        if choice not in self._keys:
            self._add(choice, self._leaf(choice))
        return self._keys[choice]


def _only(bodies: Sequence[Body]) -> Choice | None:
    """The choice that an atom is nothing but, and is drawn as."""
    if len(bodies) != 1 or len(bodies[0]) != 1:
        return None
    (item,) = bodies[0]
    return item if isinstance(item, Choice) and item.positive else None
