"""Random programs, the same for the same seed.

Four families: propositional programs, and Datalog about graphs, about people, and of random rules. All are
safe (every variable is bound by an earlier positive literal) and define every predicate they mention.
Negation is stratified by construction, except where `_add_negative_cycle` breaks it on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

from tests.oracles.enumeration import InconsistentError, NotStratifiedError, probabilities
from tests.oracles.instances import instantiate
from tests.oracles.program import Atom, Clause, Constant, Constraint, Head, Literal, Program, Var

MOST_WORLDS = 2**12


def random_program(rng: Random) -> Program:
    """A program of at most `MOST_WORLDS` worlds."""
    while True:
        family: Callable[[Random], Program] = rng.choice(
            [_propositional, _propositional, _graph, _people, _datalog]
        )
        program = _ask(rng, family(rng))
        if rng.random() < 0.06:
            program = _add_negative_cycle(rng, program)
        if instantiate(program).worlds <= MOST_WORLDS and (_consistent(program) or rng.random() < 0.15):
            return program


def _consistent(program: Program) -> bool:
    try:
        probabilities(program)
    except InconsistentError:
        return False
    except NotStratifiedError:
        pass
    return True


def _probability(rng: Random) -> Fraction:
    draw = rng.random()
    if draw < 0.04:
        return Fraction(rng.choice([0, 1]))
    if draw < 0.1:
        return Fraction(rng.choice([1, 2]), 3)
    return Fraction(rng.randint(1, 19), 20)


def _shares(rng: Random, count: int, whole: bool) -> list[Fraction]:
    """Probabilities of alternatives; they sum to 1 where `whole`, to less elsewhere."""
    weights = [rng.randint(1, 9) for _ in range(count + (not whole))]
    hundredths = [100 * w // sum(weights) or 1 for w in weights]
    hundredths[0] += 100 - sum(hundredths)
    return [Fraction(h, 100) for h in hundredths[:count]]


def _fact(atom: Atom, probability: Fraction | None = None) -> Clause:
    return Clause((Head(atom, probability),))


def _rule(head: Atom, *body: Literal, p: Fraction | None = None) -> Clause:
    return Clause((Head(head, p),), body)


def _disjunction(rng: Random, atoms: list[Atom], body: tuple[Literal, ...] = ()) -> Clause:
    shares = _shares(rng, len(atoms), rng.random() < 0.5)
    return Clause(tuple(Head(a, p) for a, p in zip(atoms, shares, strict=True)), body)


def _sometimes(rng: Random, chance: float) -> Fraction | None:
    return _probability(rng) if rng.random() < chance else None


def _propositional(rng: Random) -> Program:
    """Levels of atoms: rules use their own level and those below, and negate those below."""
    facts = [Atom(f"f{i}") for i in range(rng.randint(2, 6))]
    clauses = [_fact(a, _probability(rng)) for a in facts]
    below = list(facts)
    for number in range(rng.randint(0, 2)):
        atoms = [Atom(f"d{number}{c}") for c in "abcd"[: rng.randint(2, 4)]]
        body = _body(rng, below, [], 2) if rng.random() < 0.5 else ()
        clauses.append(_disjunction(rng, atoms, body))
        below += atoms
    for level in range(rng.randint(1, 3)):
        atoms = [Atom(f"{'pqr'[level]}{i}") for i in range(rng.randint(1, 4))]
        for atom in atoms:
            for _ in range(rng.randint(1, 3)):
                body = _body(rng, below, atoms, 3)
                clauses.append(_rule(atom, *body, p=_sometimes(rng, 0.25)))
            if rng.random() < 0.1:
                clauses.append(_fact(atom, _probability(rng)))
        if rng.random() < 0.2:
            clauses.append(
                _disjunction(rng, [rng.choice(atoms) for _ in range(2)], _body(rng, below, atoms, 2))
            )
        below += atoms
    return Program(tuple(clauses), ())


def _body(rng: Random, below: list[Atom], same: list[Atom], most: int) -> tuple[Literal, ...]:
    """Literals over lower atoms of either sign, and positive ones over atoms of the same level."""
    literals = []
    for _ in range(rng.randint(1, most)):
        if same and rng.random() < 0.5:
            literals.append(Literal(rng.choice(same)))
        else:
            literals.append(Literal(rng.choice(below), rng.random() < 0.65))
    return tuple(literals)


X, Y, Z, W = Var("X"), Var("Y"), Var("Z"), Var("W")


def _is(predicate: str, *args: Var | Constant) -> Literal:
    return Literal(Atom(predicate, args))


def _not(predicate: str, *args: Var | Constant) -> Literal:
    return Literal(Atom(predicate, args), False)


def _graph(rng: Random) -> Program:
    """Reachability over random edges, written in one of several recursive ways."""
    nodes: list[Constant] = list(range(1, rng.randint(3, 5) + 1)) if rng.random() < 0.7 else ["a", "b", "c"]
    pairs = [p for p in product(nodes, nodes) if p[0] != p[1] or rng.random() < 0.1]
    rng.shuffle(pairs)
    edges = pairs[: rng.randint(2, 9)]
    clauses = [_fact(Atom("edge", e), _sometimes(rng, 0.85)) for e in edges]
    link = "edge"
    if rng.random() < 0.3:
        link = "link"
        clauses += [
            _rule(Atom(link, (X, Y)), _is("edge", X, Y)),
            _rule(Atom(link, (X, Y)), _is("edge", Y, X)),
        ]
    step = rng.choice(
        [
            (_is(link, X, Z), _is("path", Z, Y)),
            (_is("path", X, Z), _is(link, Z, Y)),
            (_is("path", X, Z), _is("path", Z, Y)),
        ]
    )
    path = Atom("path", (X, Y))
    clauses.append(_rule(path, _is(link, X, Y)))
    clauses.append(_rule(path, *step, p=_sometimes(rng, 0.08)))
    clauses += [_fact(Atom("node", (n,))) for n in nodes]
    clauses.append(_rule(Atom("apart", (X, Y)), _is("node", X), _is("node", Y), _not("path", X, Y)))
    if rng.random() < 0.5:
        rng.shuffle(clauses)
    asked = [Atom(rng.choice(["path", "path", "apart"]), rng.choice(pairs)) for _ in range(rng.randint(1, 3))]
    constraints = (Constraint((_is("path", *rng.choice(pairs)),)),) if rng.random() < 0.15 else ()
    return Program(tuple(clauses), tuple(asked), constraints=constraints)


def _people(rng: Random) -> Program:
    """Influence among friends, or colours of neighbours: choices that belong to a variable's value."""
    names: list[Constant] = ["ann", "bob", "cid", "dee"]
    people = names[: rng.randint(2, 4)]
    pairs = [p for p in product(people, people) if p[0] != p[1]]
    friends = rng.sample(pairs, rng.randint(1, min(4, len(pairs))))
    clauses = [_fact(Atom("person", (p,))) for p in people]
    clauses += [_fact(Atom("friend", f), _sometimes(rng, 0.2)) for f in friends]
    if rng.random() < 0.5:
        return _smokers(rng, clauses, people)
    return _colours(rng, clauses, people)


def _smokers(rng: Random, clauses: list[Clause], people: list[Constant]) -> Program:
    smokes = Atom("smokes", (X,))
    clauses.append(_rule(Atom("stress", (X,)), _is("person", X), p=_probability(rng)))
    clauses.append(_rule(smokes, _is("stress", X)))
    if rng.random() < 0.5:
        clauses.append(_rule(smokes, _is("friend", X, Y), _is("smokes", Y), p=_probability(rng)))
    else:
        clauses.append(_rule(Atom("influences", (X, Y)), _is("friend", X, Y), p=_probability(rng)))
        clauses.append(_rule(smokes, _is("friend", X, Y), _is("influences", X, Y), _is("smokes", Y)))
    clauses.append(_rule(Atom("healthy", (X,)), _is("person", X), _not("smokes", X)))
    asked = [Atom(rng.choice(["smokes", "healthy"]), (rng.choice(people),)) for _ in range(rng.randint(1, 3))]
    return Program(tuple(clauses), tuple(asked))


def _colours(rng: Random, clauses: list[Clause], people: list[Constant]) -> Program:
    names: list[Constant] = ["red", "green", "blue"]
    colours = names[: rng.randint(2, 3)]
    heads = [Atom("likes", (X, c)) for c in colours]
    clauses.append(_disjunction(rng, heads, (_is("person", X),)))
    clash = (_is("friend", X, Y), _is("likes", X, Z), _is("likes", Y, Z))
    clauses.append(_rule(Atom("clash", (X, Y)), *clash))
    clauses.append(_rule(Atom("trouble"), _is("clash", X, Y), p=_sometimes(rng, 0.3)))
    constraints = (Constraint(clash),) if rng.random() < 0.5 else ()
    asked = [Atom("likes", (rng.choice(people), rng.choice(colours))), Atom("trouble")]
    return Program(tuple(clauses), tuple(asked), constraints=constraints)


def _datalog(rng: Random) -> Program:
    """Random safe rules over predicates of up to two arguments, in two levels."""
    constants: list[Constant] = [1, 2, 3] if rng.random() < 0.5 else ["a", "b"]
    arity = {"b0": 1, "b1": 2}
    clauses = []
    for predicate, places in arity.items():
        rows = list(product(constants, repeat=places))
        some = rng.sample(rows, rng.randint(1, min(4, len(rows))))
        clauses += [_fact(Atom(predicate, row), _sometimes(rng, 0.8)) for row in some]
    below = dict(arity)
    for level in range(2):
        same = {f"{'mn'[level]}{i}": rng.randint(0, 2) for i in range(rng.randint(1, 2))}
        for predicate, places in same.items():
            count = rng.randint(1, 2)
            clauses += [_random_rule(rng, predicate, places, below, same) for _ in range(count)]
        below |= same
    asked = []
    for _ in range(rng.randint(1, 3)):
        predicate = rng.choice([p for p in below if p not in arity])
        asked.append(Atom(predicate, tuple(rng.choice(constants) for _ in range(below[predicate]))))
    return Program(tuple(clauses), tuple(asked))


def _random_rule(
    rng: Random, predicate: str, places: int, below: dict[str, int], same: dict[str, int]
) -> Clause:
    variables = [X, Y, Z]
    body = []
    for _ in range(rng.randint(1, 2)):
        source = same if rng.random() < 0.4 else below
        name = rng.choice(list(source))
        body.append(_is(name, *(rng.choice(variables) for _ in range(source[name]))))
    bound = list(dict.fromkeys(v for x in body for v in x.atom.variables()))
    if len(bound) < places:
        body.append(_is("b1", X, Y))
        bound = list(dict.fromkeys([*bound, X, Y]))
    negatable = [p for p in below if below[p] == 0 or bound]
    if negatable and rng.random() < 0.35:
        name = rng.choice(negatable)
        body.append(_not(name, *(rng.choice(bound) for _ in range(below[name]))))
    head = Atom(predicate, tuple(rng.sample(bound, places)))
    return _rule(head, *body, p=_sometimes(rng, 0.25))


def _ask(rng: Random, program: Program) -> Program:
    """Queries where the family chose none, and evidence in four of ten programs."""
    ground = [h.atom for c in program.clauses for h in c.heads if not any(h.atom.variables())]
    pool = list(dict.fromkeys([*ground, *program.queries]))
    queries = program.queries or tuple(rng.sample(pool, min(len(pool), rng.randint(1, 4))))
    evidence: list[Literal] = []
    if rng.random() < 0.4:
        observed = rng.sample(pool, min(len(pool), rng.randint(1, 2)))
        evidence = [Literal(a, rng.random() < 0.6) for a in observed]
        if rng.random() < 0.08:
            evidence.append(replace(evidence[0], positive=not evidence[0].positive))
    constraints = program.constraints
    if not constraints and not program.clauses[0].heads[0].atom.args and rng.random() < 0.2:
        constraints = (Constraint(_body(rng, pool, [], 2)),)
    return replace(
        program, queries=tuple(dict.fromkeys(queries)), evidence=tuple(evidence), constraints=constraints
    )


def _add_negative_cycle(rng: Random, program: Program) -> Program:
    """A ring of atoms that depend on their own negation, each link guarded by a fresh fact.

    In one half of the programs the ring is beneath a query; in the other nothing asked depends on it.
    """
    size = rng.randint(1, 3)
    signs = [rng.random() < 0.5 for _ in range(size)]
    signs[rng.randrange(size)] = False
    ring = [Atom(f"ring{i}") for i in range(size)]
    clauses = list(program.clauses)
    for i, positive in enumerate(signs):
        guard = Atom(f"guard{i}")
        clauses.append(_fact(guard, Fraction(1, 2)))
        clauses.append(_rule(ring[i], Literal(guard), Literal(ring[(i + 1) % size], positive)))
    clauses.append(_rule(Atom("reader"), Literal(ring[0])))
    asked = (Atom("reader"),) if rng.random() < 0.5 else ()
    return replace(program, clauses=tuple(clauses), queries=(*program.queries, *asked))
