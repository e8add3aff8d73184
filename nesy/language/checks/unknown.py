"""Every predicate that is called has clauses, or is built in."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nesy.errors import Diagnostic
from nesy.language.builtins import KNOWN, UNSUPPORTED
from nesy.language.syntax import (
    Callable,
    Evidence,
    Indicator,
    Program,
    Query,
    indicator,
)
from nesy.language.traversal import body_of, calls


def unknown_predicates(program: Program) -> Iterator[Diagnostic]:
    """Codes `unknown-predicate` and `unsupported-builtin`, at each place where one is called."""
    known = program.predicates | KNOWN
    for atom in _called(program):
        if indicator(atom) not in known:
            yield _finding(indicator(atom), atom, program)


def _called(program: Program) -> Iterator[Callable]:
    for statement in program.statements:
        if isinstance(statement, (Query, Evidence)):
            yield statement.atom
        else:
            yield from (atom for atom, _ in calls(body_of(statement)))


def _finding(key: Indicator, atom: Callable, program: Program) -> Diagnostic:
    name, arity = key
    if name in UNSUPPORTED and not any(n == name for n, _ in program.predicates):
        return Diagnostic("unsupported-builtin", f"{name}/{arity} is not supported", atom.span)
    hint = _hint(key, program.predicates | KNOWN)
    return Diagnostic("unknown-predicate", f"no clause defines {name}/{arity}", atom.span, hint)


def _hint(key: Indicator, known: frozenset[Indicator]) -> str:
    name, arity = key
    arities = sorted(a for n, a in known if n == name)
    if arities:
        others = " and ".join(f"{name}/{a}" for a in arities)
        return f"{others} exist{'s' if len(arities) == 1 else ''}: check the number of arguments"
    near = get_close_matches(name, sorted({n for n, _ in known}), cutoff=0.7)
    # Among names that are equally near, those with as many arguments come first.
    near.sort(key=lambda n: (n, arity) not in known)
    if near:
        found = [f"{n}/{a}" for n in near for a in sorted(a for m, a in known if m == n)]
        return f"did you mean {' or '.join(found[:3])}?"
    pattern = name + (f"({','.join('_' * arity)})" if arity else "")
    return f"add a clause for {name}/{arity}; one that never holds is `{pattern} :- fail.`"
