"""Every predicate that is called has clauses, or is built in."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from nesy.errors import Diagnostic, Severity
from nesy.language.builtins import KNOWN, UNSUPPORTED
from nesy.language.checks.survey import Survey, asked
from nesy.language.syntax import Callable, Clause, Compound, Indicator, indicator


def unknown_predicates(survey: Survey) -> Iterator[Diagnostic]:
    """Codes `unknown-predicate` and `unsupported-builtin`, at each place where one is called.

    An error where something asked may come to it, a warning elsewhere: such a call is never made.
    """
    for statement in survey.program.statements:
        if isinstance(statement, Clause) and statement.body is None:
            continue
        unknown = [
            atom
            for atom in (*asked(statement), *survey.calls(statement))
            if not survey.knows(indicator(atom)) and not _in_scope(atom, survey)
        ]
        if unknown:
            severity: Severity = "error" if survey.relevant(statement) else "warning"
            for atom in unknown:
                yield _finding(atom, survey, severity)


def _in_scope(atom: Callable, survey: Survey) -> bool:
    """Whether an atom is `scope:goal` of a program that uses scopes."""
    return isinstance(atom, Compound) and atom.functor == ":" and any(n == ":" for n, _ in survey.defined)


def _finding(atom: Callable, survey: Survey, severity: Severity) -> Diagnostic:
    key = indicator(atom)
    name, arity = key
    if name in UNSUPPORTED and not any(n == name for n, _ in survey.defined):
        message, hint = (
            f"{name}/{arity} is not supported",
            "leave it out, or say the same by rules of your own",
        )
        return Diagnostic("unsupported-builtin", message, atom.span, hint, severity)
    hint = nearest(key, survey.defined | KNOWN)
    return Diagnostic("unknown-predicate", f"no clause defines {name}/{arity}", atom.span, hint, severity)


def nearest(key: Indicator, known: frozenset[Indicator]) -> str:
    """What to do about an unknown predicate: its name with other arguments, or names like it."""
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
