"""Random programs over the whole language, most of them well-formed and few of them sensible.

Names and arities come from small pools, so that calls meet definitions, built-ins meet wrong modes, and
probabilities meet numbers that are none.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

ATOMS = ["a", "b", "c", "a", "b", "1", "2", "[]", "'a b'", '"text"', "0'a"]
PREDICATES = [("p", 0), ("q", 1), ("r", 2), ("s", 1), ("e", 2), ("l", 3)]
TESTS = ["var", "nonvar", "ground", "atom", "number", "integer", "float", "compound", "is_list", "string"]
COMPARISONS = ["<", ">", "=<", ">=", "=:=", "=\\=", "==", "\\==", "=", "\\=", "@<", "@>=", "is", "=.."]
INFIX = ["+", "-", "*", "/", "//", "mod", "rem", "**", "<<", ">>", "/\\", "\\/"]
FUNCTIONS = ["min", "max", "mod", "atan2", "gcd", "log", "sqrt", "abs"]
LISTS = [
    "member",
    "append",
    "length",
    "nth0",
    "nth1",
    "sum_list",
    "max_list",
    "reverse",
    "msort",
    "select",
    "last",
]
DIRECTIVES = ["use_module(library(lists))", "dynamic(q/1)", "initialization(p)", "op(700, xfx, ===)"]
AGGREGATES = ["count", "sum", "max", "avg"]
COLLECTORS = ["findall", "all", "bagof", "aggregate_all", "findall"]
LABELS = ["0.3", "0.5", "1/3", "0.25", "0", "1", "1.0e-300"]
ODD_LABELS = ["1.5", "-0.1", "X", "X/10", "t(0.4)", "t(_)", "t(_, X)", "1/0", "p"]


def variable(rng: Random) -> str:
    return rng.choice(["X", "Y", "Z", "X", "Y", "_", "_A"])


def term(rng: Random, depth: int = 2) -> str:
    """Constants, variables, lists, compounds, expressions."""
    draw = rng.random()
    if depth == 0 or draw < 0.25:
        return rng.choice(ATOMS)
    if draw < 0.35:
        return str(rng.choice([0, 1, 2, -3, 7, 0.5, 1e10, 10**30]))
    if draw < 0.7:
        return variable(rng)
    parts = [term(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    if draw < 0.82:
        tail = f"|{variable(rng)}" if rng.random() < 0.3 else ""
        return f"[{','.join(parts)}{tail}]"
    if draw < 0.92:
        return f"{rng.choice(['f', 'g', 'p', 'q', '-'])}({','.join(parts)})"
    return f"({parts[0]} {rng.choice(INFIX)} {parts[-1]})"


def atom(rng: Random) -> str:
    """A call of a predicate of the pool, now and then of one that nothing defines."""
    name, arity = rng.choice(PREDICATES)
    if rng.random() < 0.01:
        name, arity = rng.choice(["unknown", "p", "q"]), rng.randint(0, 4)
    args = [variable(rng) if rng.random() < 0.4 else term(rng, 1) for _ in range(arity)]
    return f"{name}({','.join(args)})" if arity else name


def label(rng: Random) -> str:
    return rng.choice(ODD_LABELS if rng.random() < 0.1 else LABELS)


def expression(rng: Random, depth: int = 2) -> str:
    if depth == 0 or rng.random() < 0.4:
        return rng.choice(["0", "1", "2", "3.5", "1", "2", "X", "Y", "a"])
    left, right = expression(rng, depth - 1), expression(rng, depth - 1)
    if rng.random() < 0.3:
        return f"{rng.choice(FUNCTIONS)}({left}, {right})"
    return f"({left} {rng.choice(INFIX)} {right})"


def goal(rng: Random, depth: int = 2) -> str:
    makers: list[Callable[[Random, int], str]] = [_control, _control, _built_in, _built_in, _collected, _meta]
    if depth == 0 or rng.random() < 0.55:
        return atom(rng)
    return rng.choice(makers)(rng, depth - 1)


def _control(rng: Random, depth: int) -> str:
    one, two, three = (goal(rng, depth) for _ in range(3))
    forms = [
        f"\\+ {one}",
        f"not({one})",
        f"({one} ; {two})",
        f"({one}, {two})",
        f"({one} -> {two} ; {three})",
        f"({one} -> {two})",
        f"\\+ ({one}, {two})",
        f"once({one})",
        f"forall({one}, {two})",
        "!",
        f"s:{one}",
    ]
    return rng.choice(forms)


def _built_in(rng: Random, depth: int) -> str:
    forms = [
        f"{variable(rng)} is {expression(rng)}",
        f"{expression(rng)} {rng.choice(COMPARISONS)} {expression(rng)}",
        f"{term(rng)} {rng.choice(COMPARISONS)} {term(rng)}",
        f"{rng.choice(TESTS)}({term(rng)})",
        f"between({expression(rng, 0)}, {expression(rng, 0)}, {variable(rng)})",
        f"{rng.choice(LISTS)}({', '.join(term(rng) for _ in range(rng.choice([2, 2, 3])))})",
        f"functor({term(rng)}, {term(rng, 1)}, {term(rng, 1)})",
        f"arg({term(rng, 0)}, {term(rng)}, {variable(rng)})",
        f"copy_term({term(rng)}, {variable(rng)})",
        f"atom_length({term(rng, 0)}, {variable(rng)})",
        rng.choice(["true", "fail", "false"]),
    ]
    return rng.choice(forms)


def _collected(rng: Random, depth: int) -> str:
    what, asked, result = term(rng, 1), goal(rng, depth), variable(rng)
    name = rng.choice(COLLECTORS)
    if name == "aggregate_all":
        what = rng.choice(["count", f"sum({what})", f"max({what})", f"bag({what})"])
    return f"{name}({what}, {asked}, {result})"


def _meta(rng: Random, depth: int) -> str:
    forms = [
        f"call({goal(rng, depth)})",
        f"call({rng.choice(['q', 'r', 'e(a)', 'X', '3'])}, {term(rng, 1)})",
        variable(rng),
        f"maplist({rng.choice(['q', 's', '[A]>>q(A)', 'r(a)'])}, {term(rng)})",
        f"foldl({rng.choice(['l', 'plus'])}, {term(rng)}, 0, {variable(rng)})",
        f"subquery({atom(rng)}, {variable(rng)})",
    ]
    return rng.choice(forms)


def body(rng: Random) -> str:
    """Goals, most often behind one that binds the common variables."""
    first = [rng.choice(["e(X,Y)", "q(X)", "s(X)", "member(X,[1,2])"])] if rng.random() < 0.7 else []
    return ", ".join([*first, *(goal(rng) for _ in range(rng.choice([1, 1, 2, 3])))])


def statement(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.25:
        return f"{atom(rng)}."
    if draw < 0.4:
        return f"{label(rng)}::{atom(rng)}."
    if draw < 0.48:
        heads = "; ".join(f"{label(rng)}::{atom(rng)}" for _ in range(rng.randint(2, 3)))
        return f"{heads}{rng.choice(['', f' :- {body(rng)}'])}."
    if draw < 0.72:
        return f"{atom(rng)} {rng.choice([':-', ':-', '<-'])} {body(rng)}."
    if draw < 0.85:
        return f"{label(rng)}::{atom(rng)} :- {body(rng)}."
    return _rarer(rng)


def _rarer(rng: Random) -> str:
    forms = [
        f"query({atom(rng)}) :- {body(rng)}.",
        f"evidence({atom(rng)}).",
        f"evidence(\\+{atom(rng)}).",
        f"evidence({atom(rng)}, {rng.choice(['true', 'false', 'X'])}).",
        f":- {body(rng)}.",
        f"\\+{atom(rng)} :- {body(rng)}.",
        f"0.4::\\+{atom(rng)}.",
        f":- {rng.choice(DIRECTIVES)}.",
        f"nn(net, [{term(rng, 1)}], {variable(rng)}, [{term(rng, 1)}, a])::r({term(rng, 1)}, X).",
        f"total({variable(rng)}, {rng.choice(AGGREGATES)}<{variable(rng)}>) :- {body(rng)}.",
    ]
    return rng.choice(forms)


BASE = [
    "0.2::p.",
    "q(a). q(b).",
    "r(a,1). 0.3::r(b,2).",
    "0.4::s(a). 0.6::s(1).",
    "e(a,b). 0.5::e(b,c). e(c,a).",
    "l(X,Y,Z) :- q(X), Y = 1, Z = [X,Y].",
]
"""Something for every predicate of the pool."""


def random_text(rng: Random) -> str:
    """Facts for nearly all of the pool's predicates, statements of all kinds, and a query."""
    base = [line for line in BASE if rng.random() < 0.97]
    rest = [statement(rng) for _ in range(rng.randint(1, 8))]
    return "\n".join([*base, *rest, f"query({atom(rng)})."]) + "\n"
