"""Goals about how many hold, add up or differ, by enumeration: each world is a set of facts.

Shares nothing with the grounder: what holds in a world is Python's own counting and adding up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from random import Random

from tests.oracles.alternatives import choices

Fact = tuple[str, int, int]
"""`v(Term, Value)`, or `a(I)` with value 0."""
World = frozenset[Fact]


@dataclass(frozen=True)
class Facts:
    """Independent clauses, each a choice between alternatives, none of which need be the one."""

    clauses: tuple[tuple[tuple[Fraction, Fact], ...], ...]

    def text(self) -> str:
        """The clauses, one a line."""
        return "".join("; ".join(_head(p, f) for p, f in clause) + ".\n" for clause in self.clauses)

    def worlds(self) -> Iterator[tuple[Fraction, World]]:
        """Every choice of the clauses, with its probability."""
        return ((probability, frozenset(facts)) for probability, facts in choices(self.clauses))


def _head(probability: Fraction, fact: Fact) -> str:
    name, term, value = fact
    atom = f"a({term})" if name == "a" else f"v({term},{value})"
    return atom if probability == 1 else f"{probability}::{atom}"


TERMS = (1, 2, 3)


def random_facts(rng: Random) -> Facts:
    """Terms of few values, some of which may have none or several, and two facts."""
    clauses: list[tuple[tuple[Fraction, Fact], ...]] = []
    for term in TERMS:
        values = rng.sample((-1, 1, 2, 3), rng.choice((1, 2, 3, 3)))
        whole = rng.choice((Fraction(1), Fraction(1), Fraction(4, 5)))
        clauses.append(tuple((whole / len(values), ("v", term, v)) for v in values))
    if rng.random() < 0.2:
        clauses.append(((Fraction(1, 2), ("v", rng.choice(TERMS), 3)),))
    clauses += [((Fraction(rng.randint(1, 9), 10), ("a", i, 0)),) for i in (1, 2)]
    return Facts(tuple(clauses))


RULES = """
d(1) :- a(1), v(1,1).
d(2) :- a(2).
d(2) :- v(2,2), \\+ a(1).
w(T,V) :- v(T,V), a(1).
w(T,0) :- v(T,_), \\+ a(1).
"""


def holds(world: World, atom: str, term: int, value: int = 0) -> bool:
    """Whether a fact or what the rules make of the facts holds."""
    if atom == "d":
        if term == 1:
            return ("a", 1, 0) in world and ("v", 1, 1) in world
        return ("a", 2, 0) in world or (("v", 2, 2) in world and ("a", 1, 0) not in world)
    return (atom, term, value) in world


def values(world: World, atom: str, term: int) -> list[int]:
    """What a term stands for: `v(Term)`, or `w(Term)` by the rules."""
    own = sorted(v for name, t, v in world if name == "v" and t == term)
    if atom == "v" or ("a", 1, 0) in world:
        return own
    return [0] if own else []


@dataclass(frozen=True)
class Goal:
    """A goal over the facts, its text, and whether it holds in a world.

    number: what S of the text is in a world, where the goal gives a number.
    """

    text: str
    holds: Callable[[World], bool]
    number: Callable[[World], int] | None = None


def _always(_: World) -> bool:
    return True


_ITEMS: tuple[tuple[str, Callable[[World], bool]], ...] = (
    ("a(1)", lambda w: holds(w, "a", 1)),
    ("a(2)", lambda w: holds(w, "a", 2)),
    ("\\+ a(1)", lambda w: not holds(w, "a", 1)),
    ("v(1,1)", lambda w: holds(w, "v", 1, 1)),
    ("v(1,2)", lambda w: holds(w, "v", 1, 2)),
    ("v(2,2)", lambda w: holds(w, "v", 2, 2)),
    ("d(1)", lambda w: holds(w, "d", 1)),
    ("d(2)", lambda w: holds(w, "d", 2)),
    ("(a(1), v(3,1))", lambda w: holds(w, "a", 1) and holds(w, "v", 3, 1)),
    ("(a(2) ; v(3,3))", lambda w: holds(w, "a", 2) or holds(w, "v", 3, 3)),
    ("true", lambda _: True),
)


def random_goal(rng: Random) -> Goal:
    """One of the goals with random items and a random bound."""
    kind = rng.choice(("exactly", "at_least", "at_most", "sum", "sum", "different"))
    if kind == "different":
        return _different(rng)
    return _sum(rng) if kind == "sum" else _count(rng, kind)


def _count(rng: Random, kind: str) -> Goal:
    items = rng.choices(_ITEMS, k=rng.randint(0, 5))
    bound = rng.randint(0, len(items))
    compare = _COMPARE[kind]
    return Goal(
        f"{kind}({bound}, [{', '.join(text for text, _ in items)}])",
        lambda w: compare(sum(found(w) for _, found in items), bound),
    )


def _sum(rng: Random) -> Goal:
    terms = [
        (rng.choice((1, 1, 2, -1)), rng.choice("vvw"), rng.choice(TERMS)) for _ in range(rng.randint(1, 4))
    ]
    listed = ", ".join(f"{atom}({t})" if f == 1 else f"{f}*{atom}({t})" for f, atom, t in terms)

    def total(world: World) -> int:
        return sum(f * v for f, atom, t in terms for v in values(world, atom, t))

    kind = rng.choice(("equals", "at_least", "at_most", "any"))
    if kind == "any":
        return Goal(f"sum_equals([{listed}], S)", _always, total)
    bound = rng.randint(-1, 6)
    return Goal(f"sum_{kind}([{listed}], {bound})", lambda w: _COMPARE[kind](total(w), bound))


def _different(rng: Random) -> Goal:
    chosen = rng.sample(TERMS, rng.randint(1, 3))
    terms = [(rng.choice("vvvw"), t, rng.choice((0, 0, 0, 1, -2))) for t in chosen]

    def different(world: World) -> bool:
        sets = [{v + more for v in values(world, atom, t)} for atom, t, more in terms]
        return all(a.isdisjoint(b) for a, b in combinations(sets, 2))

    shifts = {0: "", 1: " + 1", -2: " - 2"}
    listed = ", ".join(f"{atom}({t}){shifts[more]}" for atom, t, more in terms)
    return Goal(f"all_different([{listed}])", different)


_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "exactly": lambda n, k: n == k,
    "equals": lambda n, k: n == k,
    "at_least": lambda n, k: n >= k,
    "at_most": lambda n, k: n <= k,
}


def program(facts: Facts, goal: Goal, *, negated: bool = False, constraint: str | None = None) -> str:
    """The text that asks for the goal. constraint: more that must not hold."""
    head = "q(S)" if goal.number is not None else "q"
    body = f"\\+ {goal.text}" if negated else goal.text
    more = "" if constraint is None else f":- {constraint}.\n"
    asked = "q" if goal.number is None else "q(_)"
    return f"{facts.text()}{RULES}{head} :- {body}.\n{more}query({asked}).\n"


def expected(
    facts: Facts, goal: Goal, *, negated: bool = False, allowed: Callable[[World], bool] = _always
) -> dict[str, Fraction]:
    """The probability of each answer that is possible, given what is allowed; empty where nothing is."""
    found: dict[str, Fraction] = {}
    total = Fraction(0)
    for probability, world in facts.worlds():
        if allowed(world):
            total += probability
            answer = "q" if goal.number is None else f"q({goal.number(world)})"
            found[answer] = found.get(answer, Fraction(0)) + probability * (goal.holds(world) != negated)
    return {answer: p / total for answer, p in found.items() if p}
