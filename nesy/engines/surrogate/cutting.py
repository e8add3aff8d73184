"""A ground program cut at values that its rules derive: each becomes a symbol for what lies above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from nesy.logic.graph import FALSE, TRUE, Graph, Kind, Lit
from nesy.logic.program import GroundProgram, Output, Symbol

Family = tuple[Lit, ...]
"""Literals, positive and of gates, one for each value of something derived."""


def cut(program: GroundProgram, families: Sequence[Family], total: Collection[int] = ()) -> GroundProgram:
    """The program with each family as a symbol (behind the others), and as an output (behind the others).

    The symbol stands for it in all that is above; the output says what it depends on. Both have one value
    more than the family has literals, the last, for worlds in which none of them holds; but for those
    families whose numbers are in `total`, which have a value in every world.
    Cost: O(nodes and edges).
    """
    places = {
        literal: (number, value) for number, f in enumerate(families) for value, literal in enumerate(f)
    }
    first = len(program.symbols)
    graph, above, below = Graph(), {1: TRUE}, {1: TRUE}
    roots = [*_asked(program), *(x for family in families for x in family)]
    for node in program.graph.reachable(roots):
        if node == 1:
            continue
        made = _made(program.graph, node, graph, above)
        below[node] = above[node] = made
        if Lit(node) in places:
            number, value = places[Lit(node)]
            above[node] = graph.leaf(first + number, value)

    def image(literal: int) -> Lit:
        found = above[abs(literal)]
        return found if literal > 0 else Lit(-found)

    inside = []
    for number, family in enumerate(families):
        values = tuple(below[x] for x in family)
        none = () if number in total else (graph.conjunction(-x for x in values),)
        inside.append((*values, *none))
    return GroundProgram(
        symbols=(*program.symbols, *(_symbol(n, len(x)) for n, x in enumerate(inside))),
        graph=graph,
        outputs=(
            *(Output(o.name, o.domain, tuple(map(image, o.literals))) for o in program.outputs),
            *(Output(f"derived {n}", tuple(range(len(x))), x) for n, x in enumerate(inside)),
        ),
        condition=tuple(map(image, program.condition)),
        observed=program.observed,
    )


def candidates(program: GroundProgram, most: int) -> list[Family]:
    """The families that could be cut at: of 2 to `most` gates each, no gate in two, deepest first.

    Cost: O(families).
    """
    gates = {Kind.AND, Kind.OR}
    found: list[Family] = []
    for family in {*program.families, *program.graph.families}:
        literals = tuple(sorted({x for x in family if x not in (TRUE, FALSE)}))
        if 2 <= len(literals) <= most and all(x > 0 and program.graph.kinds[x] in gates for x in literals):
            found.append(literals)
    return sorted(set(found), key=lambda f: (max(f), len(f), f))


def _asked(program: GroundProgram) -> Iterable[int]:
    yield from (x for output in program.outputs for x in output.literals)
    yield from program.condition


def _symbol(number: int, size: int) -> Symbol:
    return Symbol(f"derived {number}", tuple(map(str, range(size))))


def _made(source: Graph, node: int, graph: Graph, images: dict[int, Lit]) -> Lit:
    if source.kinds[node] == Kind.LEAF:
        return graph.leaf(*source.args[node])
    children = [images[abs(x)] if x > 0 else Lit(-images[abs(x)]) for x in source.args[node]]
    return graph.conjunction(children) if source.kinds[node] == Kind.AND else graph.disjunction(children)
