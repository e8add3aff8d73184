"""Ground programs for the tests of the compiler."""

from __future__ import annotations

from itertools import product
from random import Random

import nesy
from nesy.grounding import Template, ground
from nesy.logic.graph import FALSE, TRUE, Graph
from nesy.logic.program import GroundProgram, Output, Symbol

ADDITION = [
    "nn(net,[{a}],{d},0..9)::{digit}({a},{d}).",
    "{carry}(0,0).",
    "{carry}({i},{c}) :- {i} > 0, {j} is {i}-1, {digit}({x}({j}),{a}), {digit}({y}({j}),{b}), "
    "{carry}({j},{k}), {c} is ({a}+{b}+{k})//10.",
    "{sum}({i},{s}) :- between(0,{last},{i}), {digit}({x}({i}),{a}), {digit}({y}({i}),{b}), "
    "{carry}({i},{k}), {s} is ({a}+{b}+{k}) mod 10.",
    "{sum}({n},{c}) :- {n} = {digits}, {carry}({n},{c}).",
]
NAMES = {
    **{name: name for name in ("digit", "carry", "sum", "x", "y")},
    **{name: name.upper() for name in ("a", "b", "c", "d", "i", "j", "k", "n", "s")},
}


def addition(digits: int, *, disguise: Random | None = None) -> GroundProgram:
    """The sum of two numbers, one output for each of its digits; the same with other names and order."""
    clauses = list(ADDITION)
    names = dict(NAMES)
    if disguise is not None:
        disguise.shuffle(clauses)
        letters = disguise.sample("abcdefghijklmnopqrstuvwxyz", len(names))
        names = {
            k: (f"{a}{k}" if v.islower() else f"{a}{k}".upper())
            for a, (k, v) in zip(letters, names.items(), strict=True)
        }
    text = "\n".join(c.format(last=digits - 1, digits=digits, **names) for c in clauses)
    return ground(nesy.parse(text), Template.parse(f"{names['sum']}(I,S)", "S"))


def random_program(rng: Random, *, conditioned: bool) -> GroundProgram:
    """Random gates, and outputs that overlap, leave worlds out, have one value, or never hold."""
    sizes = [rng.choice([1, 2, 2, 3, 4]) for _ in range(rng.randint(2, 4))]
    graph = Graph()
    pool: list[int] = [graph.leaf(s, v) for s, size in enumerate(sizes) for v in range(size)]
    for _ in range(rng.randint(3, 10)):
        picked = [x * rng.choice([1, 1, -1]) for x in rng.sample(pool, min(len(pool), rng.choice([2, 2, 3])))]
        pool.append(graph.conjunction(picked) if rng.random() < 0.5 else graph.disjunction(picked))
    pool += [TRUE, FALSE]
    outputs = []
    for number in range(rng.randint(1, 3)):
        literals = tuple(rng.choice(pool) * rng.choice([1, -1]) for _ in range(rng.choice([1, 2, 3])))
        outputs.append(Output(f"y{number}", tuple(range(len(literals))), literals))  # type: ignore[arg-type]
    condition = tuple(rng.sample(pool, 2)) if conditioned else ()
    symbols = tuple(Symbol(f"s{i}", tuple(map(str, range(size)))) for i, size in enumerate(sizes))
    return GroundProgram(symbols, graph, tuple(outputs), condition)  # type: ignore[arg-type]


def network(variables: int, values: int, parents: int) -> GroundProgram:
    """A Bayesian network, a disjunction for each row of each table; one output for each variable."""
    random = Random(variables)
    lines = []
    for v in range(variables):
        above = sorted(random.sample(range(max(0, v - parents - 1), v), min(v, parents)))
        for row in product(range(values), repeat=len(above)):
            heads = "; ".join(f"{random.uniform(0.1, 1) / values:.3f}::x{v}({j})" for j in range(values))
            body = ", ".join(f"x{p}({u})" for p, u in zip(above, row, strict=True))
            lines.append(f"{heads} :- {body}." if body else f"{heads}.")
        lines.append(f"value(x{v}, J) :- x{v}(J).")
    return ground(nesy.parse("\n".join(lines)), Template.parse("value(X, V)", "V"))
