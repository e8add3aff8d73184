"""Collecting goals by enumeration: each world is a set of facts, and lists are plain Python lists.

Shares nothing with the grounder: solutions are nested loops, aggregates are Python's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from tests.oracles.alternatives import choices

Row = tuple[int, int]
World = tuple[Row, ...]
"""The facts `e(X, Y)` that hold, in the order of the text."""
Solutions = list[int]


@dataclass(frozen=True)
class Facts:
    """The facts `e(X, Y)` of a program: certain, uncertain, or the alternatives of one clause."""

    clauses: tuple[tuple[tuple[Fraction, Row], ...], ...]

    def text(self) -> str:
        """The clauses, one a line."""
        lines = []
        for clause in self.clauses:
            heads = [f"e({x},{y})" if p == 1 else f"{p}::e({x},{y})" for p, (x, y) in clause]
            lines.append("; ".join(heads) + ".")
        return "\n".join(lines)

    def worlds(self) -> Iterator[tuple[Fraction, World]]:
        """Every choice of the clauses, with its probability."""
        return ((probability, tuple(rows)) for probability, rows in choices(self.clauses))


def random_facts(rng: Random) -> Facts:
    """Two to four clauses over few values, some of them equal."""
    clauses: list[tuple[tuple[Fraction, Row], ...]] = []
    for _ in range(rng.randint(2, 4)):
        rows = [(rng.randint(1, 3), rng.randint(1, 3)) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        if len(rows) == 1:
            clauses.append(((rng.choice((Fraction(1), Fraction(1, 2), Fraction(3, 10))), rows[0]),))
        else:
            whole = rng.choice((Fraction(1), Fraction(9, 10)))
            clauses.append(tuple((whole / len(rows), row) for row in rows))
    return Facts(tuple(clauses))


@dataclass(frozen=True)
class Goal:
    """A goal over `e` whose solutions bind X.

    proofs: the values of X in a world, one for each proof, in the order in which Prolog finds them.
    bindings: what the goal's variables are bound to, in that order; equal ones are one solution.
    """

    text: str
    solve: Callable[[World], Sequence[tuple[int, ...]]]

    def proofs(self, world: World) -> Solutions:
        return [found[0] for found in self.solve(world)]

    def solutions(self, world: World) -> Solutions:
        return [found[0] for found in dict.fromkeys(self.solve(world))]


RULES = """
first(X) :- e(X,_).
either(X) :- e(X,_).
either(X) :- e(_,X).
joined(X,Z) :- e(X,Y), e(Y,Z).
lonely(X) :- e(X,_), \\+ e(_,X).
path(X,Y) :- e(X,Y).
path(X,Y) :- e(X,Z), Z > X, path(Z,Y).
"""


def _either(world: World) -> Sequence[tuple[int, ...]]:
    return [(x,) for x, _ in world] + [(y,) for _, y in world]


def _path(world: World) -> list[tuple[int, ...]]:
    def paths(start: int) -> list[int]:
        ends = [y for x, y in world if x == start]
        return ends + [end for x, z in world if x == start and z > x for end in paths(z)]

    return [(end,) for end in paths(1)]


GOALS = (
    Goal("e(X,Y)", lambda w: [(x, y) for x, y in w]),
    Goal("first(X)", lambda w: [(x,) for x, _ in w]),
    Goal("either(X)", _either),
    Goal("(e(X,1) ; e(1,X))", lambda w: [(x,) for x, y in w if y == 1] + [(y,) for x, y in w if x == 1]),
    Goal("joined(X,Z)", lambda w: [(x, z) for x, y in w for v, z in w if v == y]),
    Goal("(e(X,Y), e(Y,Z))", lambda w: [(x, y, z) for x, y in w for v, z in w if v == y]),
    Goal("lonely(X)", lambda w: [(x,) for x, _ in w if all(x != y for _, y in w)]),
    Goal("(member(X,[2,1,2]), \\+ e(X,_))", lambda w: [(x,) for x in (2, 1, 2) if all(x != v for v, _ in w)]),
    Goal("(e(Y,Z), X is Y * 2 - Z)", lambda w: [(2 * y - z, y, z) for y, z in w]),
    Goal("path(1,X)", _path),
)


def _items(values: Sequence[int]) -> str:
    return "[" + ",".join(map(str, values)) + "]"


@dataclass(frozen=True)
class Collector:
    """A goal that collects into R what a goal with X gives, and the text of R, or None where it fails."""

    text: str
    result: Callable[[Goal, World], str | None]


COLLECTORS = (
    Collector("findall(X, {}, R)", lambda g, w: _items(g.proofs(w))),
    Collector("(findall(X, {}, L), length(L, R))", lambda g, w: str(len(g.proofs(w)))),
    Collector("findall(X, {}, R, [0])", lambda g, w: _items([*g.proofs(w), 0])),
    Collector(
        "(all(X, {}, L), msort(L, R))", lambda g, w: _items(sorted(g.solutions(w))) if g.solve(w) else None
    ),
    Collector("(all_or_none(X, {}, L), length(L, R))", lambda g, w: str(len(g.solutions(w)))),
    Collector("setof(X, Y^Z^{}, R)", lambda g, w: _items(sorted(set(g.proofs(w)))) if g.solve(w) else None),
    Collector("aggregate_all(count, {}, R)", lambda g, w: str(len(g.solutions(w)))),
    Collector("aggregate_all(count, X, {}, R)", lambda g, w: str(len(set(g.proofs(w))))),
    Collector("aggregate_all(sum(X), {}, R)", lambda g, w: str(sum(g.solutions(w)))),
    Collector("aggregate_all(max(X), {}, R)", lambda g, w: str(max(g.solutions(w))) if g.solve(w) else None),
    Collector("aggregate_all(min(X), {}, R)", lambda g, w: str(min(g.solutions(w))) if g.solve(w) else None),
    Collector("aggregate_all(set(X), {}, R)", lambda g, w: _items(sorted(set(g.proofs(w))))),
)


def program(facts: Facts, goal: Goal, collector: Collector) -> str:
    """The text that asks for the results."""
    asked = f"q(R) :- {collector.text.format(goal.text)}.\nquery(q(_)).\n"
    return facts.text() + RULES + asked


def expected(facts: Facts, goal: Goal, collector: Collector) -> dict[str, Fraction]:
    """The probability of each result that is possible."""
    found: Counter[str] = Counter()
    for probability, world in facts.worlds():
        result = collector.result(goal, world)
        if result is not None:
            found[f"q({result})"] += probability  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]
