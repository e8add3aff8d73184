"""The programs and clauses that are compiled, generated from a seed: the same for everyone."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import final

from nesy.logic.graph import Graph
from nesy.logic.program import GroundProgram, Symbol

SEED = 1


def addition(digits: int) -> str:
    """Two numbers of uncertain digits, the lowest first, added with carries to one given sum."""
    random = Random(SEED)
    images = [(f"a{i}", f"b{i}") for i in range(digits)]
    facts = [
        _alternatives(random, [f"digit({image}, {d})" for d in range(10)]) for p in images for image in p
    ]
    total = ",".join(str(random.randrange(10)) for _ in range(digits))
    left, right = (",".join(names) for names in zip(*images, strict=True))
    return (
        "".join(f"{fact}.\n" for fact in facts)
        + f"""
addition([], [], C, [C]).
addition([A|As], [B|Bs], C, [S|Ss]) :-
    digit(A, X), digit(B, Y), S is (X + Y + C) mod 10, D is (X + Y + C) // 10, addition(As, Bs, D, Ss).
query(addition([{left}], [{right}], 0, [{total},1])).
"""
    )


def sudoku(box: int = 2) -> str:
    """Whether a board of uncertain cells is a valid Sudoku: no value twice in a row, column or box."""
    side = range(box * box)
    share = 1 / len(side)
    facts = [
        "; ".join(f"{share}::cell({r}, {c}, {v})" for v in range(1, len(side) + 1))
        for r in side
        for c in side
    ]
    return (
        "".join(f"{fact}.\n" for fact in facts)
        + f"""
twice :- cell(R, C, V), cell(R, D, V), C < D.
twice :- cell(R, C, V), cell(S, C, V), R < S.
twice :- cell(R, C, V), cell(S, D, V), R < S, C =\\= D, R // {box} =:= S // {box}, C // {box} =:= D // {box}.
valid :- \\+ twice.
query(valid).
"""
    )


def markov(steps: int, states: int = 5, symbols: int = 3) -> str:
    """A hidden Markov model whose every observation is evidence; the query is the last state."""
    random = Random(SEED)
    facts = [_alternatives(random, [f"state(0, s{i})" for i in range(states)])]
    for i in range(states):
        following = _alternatives(random, [f"state(T, s{j})" for j in range(states)])
        facts.append(f"{following} :- T > 0, U is T - 1, state(U, s{i})")
        shown = _alternatives(random, [f"shows(T, o{j})" for j in range(symbols)])
        facts.append(f"{shown} :- state(T, s{i})")
    facts += [f"evidence(shows({t}, o{random.randrange(symbols)}))" for t in range(steps + 1)]
    return "".join(f"{fact}.\n" for fact in facts) + f"query(state({steps}, _)).\n"


def grid(side: int) -> str:
    """Whether one corner of an undirected grid of uncertain edges reaches the opposite one."""
    random = Random(SEED)
    places = [(x, y) for x in range(side) for y in range(side)]
    steps = [((x, y), (x + dx, y + dy)) for x, y in places for dx, dy in ((0, 1), (1, 0))]
    edges = [
        f"{random.randint(1, 9) / 10}::edge({_name(*a)}, {_name(*b)}).\n" for a, b in steps if max(b) < side
    ]
    return (
        "".join(edges)
        + f"""
next(X, Y) :- edge(X, Y).
next(X, Y) :- edge(Y, X).
reached({_name(0, 0)}).
reached(Y) :- reached(X), next(X, Y).
query(reached({_name(side - 1, side - 1)})).
"""
    )


def _name(x: int, y: int) -> str:
    return f"n{x}_{y}"


@final
@dataclass(frozen=True, slots=True)
class Clauses:
    """A weighted CNF: `weights[i]` is the probability that variable i + 1 is true."""

    name: str
    variables: int
    clauses: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]

    def program(self) -> GroundProgram:
        """A symbol for each variable; the clauses are the condition, and nothing else is asked."""
        graph = Graph()
        symbols = tuple(Symbol(f"x{i}", ("false", "true"), (1 - w, w)) for i, w in enumerate(self.weights, 1))
        literals = [graph.leaf(i, 1) for i in range(self.variables)]
        condition = tuple(
            graph.disjunction(literals[abs(x) - 1] * (1 if x > 0 else -1) for x in clause)
            for clause in self.clauses
        )
        return GroundProgram(symbols, graph, (), condition)

    def dimacs(self) -> str:
        """The clauses in DIMACS CNF, without weights."""
        lines = [" ".join(map(str, (*clause, 0))) for clause in self.clauses]
        return "\n".join([f"p cnf {self.variables} {len(self.clauses)}", *lines, ""])


def random_cnf(variables: int, clauses: int, seed: int, width: int = 3) -> Clauses:
    """Clauses of distinct variables with random signs, drawn uniformly."""
    random = Random(f"{variables} {clauses} {seed}")
    drawn = tuple(
        tuple(random.choice((1, -1)) * v for v in random.sample(range(1, variables + 1), width))
        for _ in range(clauses)
    )
    weights = tuple(random.randint(1, 9) / 10 for _ in range(variables))
    return Clauses(f"cnf_{variables}_{clauses}_{seed}", variables, drawn, weights)


def _alternatives(random: Random, heads: list[str]) -> str:
    """An annotated disjunction of heads whose probabilities sum to exactly 1 in decimal."""
    weights = [random.randint(1, 20) for _ in heads]
    shares = [w * 1000 // sum(weights) for w in weights[1:]]
    return "; ".join(f"{p / 1000}::{h}" for p, h in zip([1000 - sum(shares), *shares], heads, strict=True))
