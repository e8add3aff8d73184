"""The dependency graph of a program's predicates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import final

import networkx as nx

from nesy.language.checks.survey import Survey, called
from nesy.language.printer import statement_text
from nesy.language.syntax import (
    Evidence,
    Indicator,
    Negation,
    Neural,
    Program,
    Query,
    Statement,
    indicator,
)
from nesy.language.traversal import body_of, parts
from nesy.viz.drawing import Drawing, Edge, Group, Look, Node
from nesy.viz.lettering import counted
from nesy.viz.levels import MOST, by_level

RULES = Look("rules", "box", "blue", "defined by rules")
FACTS = Look("facts", "box", "grey", "facts")
PROBABILISTIC = Look("probabilistic", "round", "orange", "with probabilities")
NETWORK = Look("network", "hexagon", "purple", "a network")
FOREIGN = Look("foreign", "box", "green", "Python or a table")
LOOKS = (RULES, FACTS, PROBABILISTIC, NETWORK, FOREIGN)
SHOWN_CLAUSES = 6


@final
@dataclass
class _Known:
    """What the clauses of a predicate say of it."""

    clauses: int = 0
    facts: int = 0
    labelled: bool = False
    networks: dict[str, None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    outside: bool = False

    def kind(self) -> Look:
        if self.networks:
            return NETWORK
        if self.labelled:
            return PROBABILISTIC
        if self.outside:
            return FOREIGN
        return FACTS if self.facts == self.clauses else RULES


def predicate_drawing(program: Program) -> Drawing:
    """Which predicates depend on which: negation marked, those that depend on one another in one outline.

    An edge leads from a predicate to one that the bodies of its clauses call; built-ins are left out.
    What queries and evidence ask is drawn with a heavy outline. Programs of very many predicates are drawn
    level by level. Cost: linear in the program, and that of laying it out.
    """
    known = _known(program)
    calls = _calls(program, known)
    asked = {indicator(s.atom) for s in program.statements if isinstance(s, (Query, Evidence))}
    # What is asked comes first, and so stands on top.
    order = sorted(known, key=lambda key: key not in asked)
    number = {key: index for index, key in enumerate(order)}
    edges = [Edge(number[a], number[b], negative) for (a, b), negative in calls.items()]
    groups = _components(len(order), edges)
    nodes = [_node(key, known[key], asked) for key in order]
    looks = tuple(look for look in LOOKS if any(node.kind == look.name for node in nodes))
    recursive = f", {counted(len(groups), 'recursive group')}" if groups else ""
    sizes = f"{counted(len(nodes), 'predicate')}, {counted(len(edges), 'dependency')}"
    note = f"{sizes}{recursive}; heavy outlines are asked for"
    drawing = Drawing("Predicates", note, nodes, edges, looks, groups)
    return drawing if len(nodes) <= MOST else by_level(drawing)


def _known(program: Program) -> dict[Indicator, _Known]:
    """By predicate, in order of the text: the program's own, and those it takes from elsewhere."""
    found: defaultdict[Indicator, _Known] = defaultdict(_Known)
    for clause in program.clauses:
        for key in dict.fromkeys(indicator(head.atom) for head in clause.heads):
            about = found[key]
            about.clauses += 1
            about.facts += clause.body is None and not any(head.label for head in clause.heads)
            if len(about.texts) < SHOWN_CLAUSES:
                about.texts.append(statement_text(clause))
        for head in clause.heads:
            if isinstance(head.label, Neural):
                found[indicator(head.atom)].networks[head.label.network] = None
            elif head.label is not None:
                found[indicator(head.atom)].labelled = True
    for table in program.facts:
        found[table.name, len(table.columns)].outside = True
    for foreign in program.foreign:
        found[foreign.indicator].outside = True
    return dict(found)


def _calls(program: Program, known: Iterable[Indicator]) -> dict[tuple[Indicator, Indicator], bool]:
    """Which predicate calls which, and whether negated; a call that is both counts as negated."""
    own = frozenset(known)
    survey = Survey(program)
    found: Counter[tuple[Indicator, Indicator]] = Counter()
    for clause in program.clauses:
        negated = _negated(clause)
        for head in clause.heads:
            for atom in survey.calls(clause):
                key = indicator(atom)
                if key in own:
                    found[indicator(head.atom), key] += key in negated
    return {pair: count > 0 for pair, count in found.items()}


def _negated(statement: Statement) -> set[Indicator]:
    """The predicates that a statement calls below a negation, or by `forall` and its kin."""
    found: set[Indicator] = set()
    stack = [] if (body := body_of(statement)) is None else [body]
    while stack:
        goal = stack.pop()
        if isinstance(goal, Negation):
            found |= {indicator(atom) for atom in called(goal)}
        stack.extend(parts(goal))
    return found


def _components(count: int, edges: Iterable[Edge]) -> tuple[Group, ...]:
    """Predicates that depend on one another."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((e.source, e.target) for e in edges)
    rings = sorted(tuple(sorted(ring)) for ring in nx.strongly_connected_components(graph) if len(ring) > 1)
    return tuple(Group("recursive", ring) for ring in rings)


def _node(key: Indicator, about: _Known, asked: set[Indicator]) -> Node:
    told = [("predicate", f"{key[0]}/{key[1]}"), ("kind", about.kind().meaning)]
    if about.clauses:
        told.append(("clauses", f"{about.clauses:,}"))
    if about.networks:
        told.append(("networks", ", ".join(about.networks)))
    if key in asked:
        told.append(("asked", "by a query or as evidence"))
    told += [("", text) for text in about.texts]
    if about.clauses > len(about.texts):
        told.append(("", f"... and {about.clauses - len(about.texts):,} more"))
    return Node(f"{key[0]}/{key[1]}", about.kind().name, tuple(told), strong=key in asked)
