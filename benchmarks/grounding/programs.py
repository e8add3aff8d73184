"""The programs that are grounded, generated from a seed: the same for everyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import final

SEED = 1


@final
@dataclass(frozen=True, slots=True)
class Work:
    """A program with its queries in the text, and the same for clingo, where it can ground it.

    `small` makes a program of the same rules that can be solved in a moment.
    """

    name: str
    text: str
    small: str
    clingo: str | None = None
    shown: str | None = None
    """The predicate whose atoms are the answers, for clingo."""


def closure(nodes: int = 200, edges: int = 2_000) -> Work:
    """All pairs of a random directed graph with probabilistic edges, an edge first."""
    return _closure("closure", "edge(X, Z), path(Z, Y)", nodes, edges)


def closure_left(nodes: int = 200, edges: int = 2_000) -> Work:
    """The same by left recursion."""
    return _closure("closure_left", "path(X, Z), edge(Z, Y)", nodes, edges)


def _closure(name: str, step: str, nodes: int, edges: int) -> Work:
    rules = f"path(X, Y) :- edge(X, Y).\npath(X, Y) :- {step}.\n"
    pairs = _pairs(nodes, edges, loops=True)
    facts = "".join(f"0.1::edge({a}, {b}).\n" for a, b in pairs)
    small = "".join(f"0.1::edge({a}, {b}).\n" for a, b in _pairs(3, 5, loops=True))
    query = "query(path(_, _)).\n"
    choices = "".join(f"{{edge({a}, {b})}}.\n" for a, b in pairs)
    return Work(name, facts + rules + query, small + rules + query, choices + rules, "path")


def addition(digits: int = 64) -> Work:
    """Two numbers of uncertain digits, added with carries; the query asks for one given sum."""
    return Work(f"addition_{digits}", _addition(digits), _addition(2))


def _addition(digits: int) -> str:
    random = Random(SEED)
    lines = []
    for place in range(digits):
        lines += ["; ".join(f"0.1::{n}({place}, {d})" for d in range(10)) + "." for n in "ab"]
    lines += [f"given({i}, {random.randrange(10) if i < digits else 1})." for i in range(digits + 1)]
    return (
        "\n".join(lines)
        + f"""
carry(0, 0).
carry(I, C) :- I > 0, J is I - 1, a(J, X), b(J, Y), carry(J, C0), C is (X + Y + C0) // 10.
sum(I, S) :- I < {digits}, a(I, X), b(I, Y), carry(I, C), S is (X + Y + C) mod 10.
sum({digits}, C) :- carry({digits}, C).
from({digits + 1}).
from(I) :- I =< {digits}, sum(I, S), given(I, S), J is I + 1, from(J).
query(from(0)).
"""
    )


def markov(states: int = 5, steps: int = 200) -> Work:
    """A hidden Markov model: where it is after some steps, and what it shows."""
    return Work("markov", _markov(states, steps), _markov(3, 3))


def _markov(states: int, steps: int) -> str:
    random = Random(SEED)
    lines = [_alternatives(random, [f"state(0, s{i})" for i in range(states)]) + "."]
    for i in range(states):
        following = _alternatives(random, [f"state(T, s{j})" for j in range(states)])
        lines.append(f"{following} :- T > 0, U is T - 1, state(U, s{i}).")
        lines.append(_alternatives(random, [f"shows(T, o{j})" for j in range(3)]) + f" :- state(T, s{i}).")
    return "\n".join([*lines, f"query(state({steps}, _)).", f"query(shows({steps}, _)).", ""])


def smokers(people: int = 500, friendships: int = 4_000) -> Work:
    """Smoking spreads among friends; everyone is asked about."""
    return Work("smokers", _smokers(people, friendships), _smokers(4, 5))


def _smokers(people: int, friendships: int) -> str:
    facts = [f"person(p{i})." for i in range(people)]
    facts += [f"friend(p{a}, p{b})." for a, b in _pairs(people, friendships, loops=False)]
    return (
        "\n".join(facts)
        + """
0.3::stress(X) :- person(X).
0.2::influences(X, Y) :- person(X), person(Y).
smokes(X) :- stress(X).
smokes(X) :- friend(X, Y), influences(Y, X), smokes(Y).
query(smokes(_)).
"""
    )


def many_facts(count: int = 20_000) -> str:
    """Ground facts, for the parser."""
    random = Random(SEED)
    return "".join(
        f"{random.randint(1, 9) / 10}::edge(n{random.randrange(5000)}, n{random.randrange(5000)}, {i}).\n"
        for i in range(count)
    )


def many_rules(count: int = 2_000) -> str:
    """Rules with calls, negation, comparison and arithmetic, for the parser."""
    rules = "".join(
        f"0.{i % 9 + 1}::reach{i}(X, Y) :- edge(X, Z, W), \\+ blocked(Z, {i}), W > {i}, "
        f"V is W + {i} * 2, reach{i}(Z, [Y, V | _]).\n"
        for i in range(count)
    )
    return f"edge(a, b, 1).\nblocked(b, 3).\n{rules}"


def _alternatives(random: Random, heads: list[str]) -> str:
    weights = [random.randint(1, 20) for _ in heads]
    shares = [round(w / sum(weights), 4) for w in weights[1:]]
    return "; ".join(f"{p}::{h}" for p, h in zip([round(1 - sum(shares), 4), *shares], heads, strict=True))


def _pairs(nodes: int, count: int, *, loops: bool) -> list[tuple[int, int]]:
    random = Random(SEED)
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < count:
        pair = (random.randrange(nodes), random.randrange(nodes))
        if loops or pair[0] != pair[1]:
            pairs.add(pair)
    return sorted(pairs)


WORKS: dict[str, Callable[[], Work]] = {
    "closure": closure,
    "closure_left": closure_left,
    "addition": addition,
    "markov": markov,
    "smokers": smokers,
}
"""What is grounded, by the name the command knows it by."""
