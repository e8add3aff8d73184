"""From the machine's rows to the AND-OR graph, array by array.

Nodes come in this order: TRUE, leaves, atoms of several facts, answers, bodies. Every rule's instances
are handled together: one column of literals for each goal, gathered along the rows' origins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.grounding.relational import layout
from nesy.grounding.relational.catalogue import Catalogue
from nesy.grounding.relational.draft import Operator, Relation
from nesy.grounding.relational.grouping import grouped
from nesy.grounding.relational.leaves import Leaves
from nesy.grounding.relational.plan import Answers, Facts, Record
from nesy.grounding.relational.storage import row_numbers
from nesy.grounding.relational.writer import Ints, Memory
from nesy.logic.flat import FlatGraph
from nesy.logic.graph import FALSE, TRUE, Kind

ORIGIN_BITS = 32
_LOW = (1 << ORIGIN_BITS) - 1


@final
@dataclass(frozen=True)
class Assembled:
    """The graph, and the literal of each row of each answer relation (TRUE where certain)."""

    graph: FlatGraph
    literals: dict[Answers, Ints]
    dead: bool
    """Whether some body can never hold, so that an answer may turn out to have no world."""


@final
@dataclass
class _Bodies:
    """Instances of rules: the node of each one's head, and its child there."""

    heads: list[Ints] = field(default_factory=list)
    children: list[Ints] = field(default_factory=list)
    sizes: list[Ints] = field(default_factory=list)
    literals: list[Ints] = field(default_factory=list)
    next_node: int = 0


@final
class Assembly:
    """Makes the graph of one evaluated plan."""

    def __init__(
        self, catalogue: Catalogue, memory: Memory, places: dict[Facts, Ints], leaves: Leaves
    ) -> None:
        self._catalogue = catalogue
        self._memory = memory
        self._places = places
        self._leaves = leaves
        self._literals: dict[Relation, Ints | None] = {}
        self._dead = False

    def run(self) -> Assembled:
        """Cost: O(rows and their goals), all in array passes but for one look at each symbol."""
        records = [(a, r) for a in self._catalogue.answers for r in a.records if len(self._rows(r.relation))]
        used = self._used_facts(records)
        for facts in self._catalogue.facts:
            self._literals[facts.relation] = self._leaves.of_facts(
                facts, self._places[facts], used.get(facts)
            )
        for labels in self._catalogue.all_labels:
            self._leaves.add_labels(labels, self._rows(labels.relation))
        node = self._leaves.close()
        for answers in self._catalogue.answers:
            count = len(self._rows(answers.relation))
            self._literals[answers.relation] = None if answers.certain else np.arange(node, node + count)
            node += 0 if answers.certain else count
        bodies = _Bodies(next_node=node)
        for answers, record in records:
            self._add_bodies(bodies, answers, record)
        return Assembled(self._graph(bodies, node), self._answer_literals(), self._dead)

    def _rows(self, relation: Relation) -> Ints:
        return self._memory.rows(relation)

    def _used_facts(self, records: list[tuple[Answers, Record]]) -> dict[Facts, NDArray[np.bool_]]:
        """The rows of facts that some recorded instance rests on, directly or on the way."""
        used: dict[Facts, NDArray[np.bool_]] = {}
        makers = [(o, relation) for relation, o in self._catalogue.provenance.producers.items()]
        makers += [(r.operator, r.relation) for _, r in records]
        for operator, relation in makers:
            source = None if operator.right is None else self._catalogue.provenance.sources[operator.right]
            if isinstance(source, Facts) and not source.certain:
                mask = used.setdefault(source, np.zeros(len(self._rows(source.relation)), np.bool_))
                _, right = self._origins(relation)
                mask[right[right >= 0]] = True
        return used

    def _origins(self, relation: Relation) -> tuple[Ints, Ints]:
        """The left and right row that each row of a derived relation came from; -1 for no right row."""
        origin = self._rows(relation)[:, relation.origin]
        return origin >> ORIGIN_BITS, (origin & _LOW) - 1

    def _columns(self, operator: Operator, left: Ints, right: Ints) -> list[Ints]:
        """The literals of the goals that some rows of an operator's target have met, goal by goal."""
        columns = []
        while True:
            own = self._own_literals(operator, right)
            if own is not None:
                columns.append(own)
            relation = operator.left
            denial = self._catalogue.provenance.denials.get(relation)
            if denial is not None:
                columns.append(self._denied(relation, left))
            if relation not in self._catalogue.provenance.producers:
                return columns
            lefts, rights = self._origins(relation)
            operator = self._catalogue.provenance.producers[relation]
            left, right = lefts[left], rights[left]

    def _own_literals(self, operator: Operator, right: Ints) -> Ints | None:
        if operator.right is None or operator.kind == layout.MISSING:
            return None
        literals = self._literals[operator.right]
        if operator.kind != layout.ABSENT:
            return None if literals is None else literals[right]
        assert literals is not None
        return np.where(right < 0, TRUE, -literals[np.maximum(right, 0)])

    def _denied(self, relation: Relation, rows: Ints) -> Ints:
        denial = self._catalogue.provenance.denials[relation]
        answers = denial.answers.relation
        keys = self._rows(relation)[rows][:, list(denial.columns)]
        if not denial.columns:
            keys = np.zeros((len(rows), 1), np.int64)
        place = self._memory.places[answers]
        found = row_numbers(self._memory.numbers, place, np.ascontiguousarray(keys))
        literals = self._literals[answers]
        if literals is None:
            return np.where(found < 0, TRUE, FALSE).astype(np.int64)
        if not len(literals):
            return np.full(len(rows), TRUE, np.int64)
        return np.where(found < 0, TRUE, -literals[np.maximum(found, 0)])

    def _add_bodies(self, bodies: _Bodies, answers: Answers, record: Record) -> None:
        rows = self._rows(record.relation)
        left, right = self._origins(record.relation)
        columns = self._columns(record.operator, left, right)
        if record.labels is not None:
            columns.append(self._leaves.of_rule(record.rule)[rows[:, 0]])
        heads = self._literals[answers.relation]
        assert heads is not None
        heads = heads[rows[:, -1]]
        if not columns:
            columns = [np.full(len(rows), TRUE, np.int64)]
        matrix = np.stack(columns, axis=1)
        dead = (matrix == FALSE).any(axis=1)
        if dead.any():
            self._dead = True
            matrix, heads = matrix[~dead], heads[~dead]
        _add_matrix(bodies, heads, matrix)

    def _graph(self, bodies: _Bodies, first_body: int) -> FlatGraph:
        first_answer = self._leaves.close()
        heads = np.concatenate([*bodies.heads, np.zeros(0, np.int64)]) - first_answer
        children = np.concatenate([*bodies.children, np.zeros(0, np.int64)])
        or_offsets, or_children = grouped(heads, children, first_body - first_answer)
        leaf_tags, leaf_sizes, leaf_args = self._leaves.arrays()
        sizes = np.concatenate([leaf_sizes, np.diff(or_offsets), *bodies.sizes])
        tags = np.full(len(sizes), Kind.OR, np.int8)
        tags[:first_answer] = leaf_tags
        tags[first_body:] = Kind.AND
        offsets = np.zeros(len(sizes) + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        literals = np.concatenate([leaf_args, or_children, *bodies.literals])
        return FlatGraph(tags, offsets, literals)

    def _answer_literals(self) -> dict[Answers, Ints]:
        found = {}
        for answers in self._catalogue.answers:
            literals = self._literals[answers.relation]
            if literals is None:
                literals = np.full(len(self._rows(answers.relation)), TRUE, np.int64)
            found[answers] = literals
        return found


def _add_matrix(bodies: _Bodies, heads: Ints, matrix: Ints) -> None:
    """Add instances, one row of literals each: a body of one literal is that literal."""
    live = matrix != TRUE
    sizes = live.sum(axis=1)
    single = sizes <= 1
    if single.any():
        # TRUE is 1, so a row's product is its one literal, or TRUE where it has none.
        bodies.heads.append(heads[single])
        bodies.children.append(np.where(live[single], matrix[single], 1).prod(axis=1))
    several = ~single
    if several.any():
        count = int(several.sum())
        nodes = np.arange(bodies.next_node, bodies.next_node + count)
        bodies.next_node += count
        bodies.heads.append(heads[several])
        bodies.children.append(nodes)
        bodies.sizes.append(sizes[several])
        bodies.literals.append(matrix[several][live[several]])
