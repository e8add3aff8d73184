"""Conjunctions, simplified by what they assert: unit propagation on formulas.

Each literal of a conjunction is taken as true in the others: an assigned variable, a disjunction or a
negated conjunction as a whole, and with it the falsity of everything known to exclude it. So a
chain's state, once asserted, cuts the chain in two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from nesy.compile.buckets import Buckets
from nesy.compile.exclusion import Exclusion
from nesy.compile.formulas import Formulas
from nesy.logic.graph import FALSE, TRUE, Kind, Lit

Group = tuple[int, ...]
"""Literals that hold together: positive ORs, negated ANDs, negated leaves; none simplifies another."""


@final
@dataclass(frozen=True, slots=True)
class Conjunction:
    """Assigned variables (as leaves), and a group over the other variables."""

    leaves: tuple[int, ...]
    group: Group


@final
@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows for other formulas when a literal holds.

    values: nodes that become constants. A formula can mention one of them only if it depends on all
    of `support` and is higher than `height` (or is itself one of them).
    assigned: the (variable, value) of a leaf.
    """

    values: dict[int, Lit]
    support: int
    height: int
    assigned: tuple[int, int] | None = None


@final
class Propagation:
    """Simplifies conjunctions over one set of formulas. Consequences are remembered."""

    def __init__(self, formulas: Formulas, exclusion: Exclusion) -> None:
        self._formulas = formulas
        self._exclusion = exclusion
        self._consequences: dict[int, Consequence] = {}
        self._buckets = Buckets(formulas)

    def conjoin(self, group: Iterable[int], new: Iterable[int]) -> Conjunction | None:
        """A group and further literals, simplified; None where they cannot all hold.

        Cost: per new literal that is no leaf, O(group) mask tests; and a rebuild of what changes.
        """
        settled = dict.fromkeys(group)
        leaves: dict[int, int] = {}
        queue = list(new)
        while queue:
            atomic = self._atomic(queue, settled)
            if atomic is None:
                return None
            assigned, rest = atomic
            queue = self._rewritten(settled, assigned, rest)
            asserted = dict.fromkeys(rest)
            for literal in rest:
                # A literal that was rewritten is asserted no more: two must not justify each other.
                del asserted[literal]
                simpler = self._simplified(literal, assigned, (*settled, *asserted))
                if simpler == literal:
                    asserted[literal] = None
                else:
                    queue.append(simpler)
            settled.update(asserted)
            leaves.update(assigned)
            queue.extend(self._forced(settled))
        return Conjunction(tuple(leaves.values()), tuple(sorted(settled)))

    def _simplified(self, literal: int, assigned: dict[int, int], given: Iterable[int]) -> Lit:
        """A literal where the assigned leaves and the given literals hold. Cost: O(what mentions them)."""
        support = self._formulas.support(literal)
        height = self._formulas.heights[abs(literal)]
        relevant = []
        if assigned:
            relevant = [self._consequence(leaf) for v, leaf in assigned.items() if support >> v & 1]
        for other in given:
            consequence = self._consequence(other)
            below = consequence.height < height or abs(literal) in consequence.values
            if below and not consequence.support & ~support:
                relevant.append(consequence)
        return self._substituted(literal, relevant) if relevant else Lit(literal)

    def _atomic(
        self, literals: list[int], settled: dict[int, None]
    ) -> tuple[dict[int, int], list[int]] | None:
        """Literals broken into leaves, by variable, and others that stand for themselves.

        None on a plain contradiction.
        """
        formulas, kinds = self._formulas, self._formulas.graph.kinds
        assigned: dict[int, int] = {}
        rest: dict[int, None] = {}
        # Conjunctions share parts: each is opened once, or a graph of n nodes could take 2^n steps.
        seen: set[int] = {TRUE}
        stack = literals[::-1]
        while stack:
            literal = stack.pop()
            if literal in seen or literal in settled:
                continue
            if -literal in seen or -literal in settled:
                return None
            seen.add(literal)
            kind = kinds[abs(literal)]
            if literal > 0 and kind == Kind.AND:
                stack.extend(formulas.graph.children(literal))
            elif literal < 0 and kind == Kind.OR:
                stack.extend(formulas.negated(c) for c in formulas.graph.children(-literal))
            elif literal > 0 and kind == Kind.LEAF:
                if assigned.setdefault(formulas.graph.args[literal][0], literal) != literal:
                    return None
            else:
                rest[literal] = None
        return assigned, list(rest)

    def _rewritten(self, settled: dict[int, None], assigned: dict[int, int], rest: list[int]) -> list[int]:
        """Take out of the settled literals those that fresh ones change; returns what they become."""
        changed = []
        for literal in list(settled):
            simpler = self._simplified(literal, assigned, rest)
            if simpler != literal:
                del settled[literal]
                changed.append(int(simpler))
        return changed

    def _forced(self, settled: dict[int, None]) -> list[int]:
        """The last value of a variable whose other values are all denied; FALSE where none is left."""
        denied: dict[int, set[int]] = {}
        for literal in settled:
            if literal < 0 and self._formulas.graph.kinds[-literal] == Kind.LEAF:
                variable, value = self._formulas.graph.args[-literal]
                denied.setdefault(variable, set()).add(value)
        forced = []
        for variable, values in denied.items():
            left = set(range(self._formulas.domains[variable])) - values
            if not left:
                return [FALSE]
            if len(left) == 1:
                forced.append(int(self._formulas.leaf(variable, left.pop())))
        return forced

    def _consequence(self, literal: int) -> Consequence:
        found = self._consequences.get(literal)
        if found is None or self._outgrown(found):
            found = self._consequences[literal] = self._derive(literal)
        return found

    def _outgrown(self, consequence: Consequence) -> bool:
        """Whether a variable has got more leaves since its consequence was derived."""
        assigned = consequence.assigned
        return assigned is not None and len(consequence.values) < len(self._formulas.leaves[assigned[0]])

    def _derive(self, literal: int) -> Consequence:
        formulas = self._formulas
        assigned = formulas.assignment(literal)
        if assigned is not None:
            variable, value = assigned
            values = {node: TRUE if v == value else FALSE for v, node in formulas.leaves[variable].items()}
            return Consequence(values, 1 << variable, 0, assigned)
        values = {abs(literal): TRUE if literal > 0 else FALSE}
        for partner in self._exclusion.partners(literal):
            values[abs(partner)] = FALSE if partner > 0 else TRUE
        support = formulas.support(literal)
        for node in values:
            support &= formulas.supports[node]
        return Consequence(values, support, min(formulas.heights[n] for n in values))

    def _substituted(self, root: int, given: list[Consequence]) -> Lit:
        formulas = self._formulas
        graph, supports, heights = formulas.graph, formulas.supports, formulas.heights
        image: dict[int, Lit] = {}
        for consequence in given:
            image.update(consequence.values)
        filters = {(c.support, c.height) for c in given}
        assigned = [c.assigned for c in given if c.assigned is not None]

        def known(node: int) -> bool:
            if node in image:
                return True
            support, height = supports[node], heights[node]
            for s, h in filters:
                if h < height and not s & ~support:
                    return False
            image[node] = Lit(node)
            return True

        stack = [abs(root)]
        while stack:
            node = stack[-1]
            if known(node):
                stack.pop()
                continue
            children = graph.args[node]
            live = self._buckets.live(node, children, assigned)
            missing = [abs(c) for c in live if not known(abs(c))]
            if missing:
                stack.extend(missing)
                continue
            images = [image[c] if c > 0 else formulas.negated(image[-c]) for c in live]
            if live is children and all(a == b for a, b in zip(images, children, strict=True)):
                image[node] = Lit(node)
            elif graph.kinds[node] == Kind.AND:
                image[node] = formulas.conjunction(images)
            else:
                image[node] = formulas.disjunction(images)
        return image[root] if root > 0 else formulas.negated(image[-root])
