"""Calls of Python functions, in the shape of built-in predicates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nesy.errors import GroundingError, LanguageError, Span
from nesy.grounding.foreign.values import EXPECTED, UnfitError, python_value, term_of
from nesy.grounding.rules import Builtin
from nesy.grounding.syntax_terms import text
from nesy.grounding.terms import Args, TermId, TermStore
from nesy.language.foreign import Argument, Foreign, redefined
from nesy.language.foreign_errors import Reporting
from nesy.language.syntax import Indicator, Program


def foreign_builtins(program: Program) -> dict[Indicator, Builtin]:
    """The foreign predicates of a program. Raises `LanguageError` (redefined-foreign) where two are alike."""
    for found in redefined(program.foreign, program.predicates):
        raise LanguageError(found.code, found.message, hint=found.hint)
    return {function.indicator: _builtin(function) for function in program.foreign}


def _builtin(function: Foreign) -> Builtin:
    def run(store: TermStore, args: Args, span: Span | None) -> Iterable[Args]:
        given = _given(function, store, args, span)
        with Reporting(lambda problem: _raised(function, problem, span)):
            result = function(*given)
            # What yields runs while it is asked for its results: that is done here, where errors are ours.
            results = list(result) if function.several else [result]
        solutions = []
        for values in results:
            solution = _solution(function, store, args, values, span)
            if solution is not None:
                solutions.append(solution)
        return solutions

    return run


def _given(function: Foreign, store: TermStore, args: Args, span: Span | None) -> list[Any]:
    """The arguments of the function. Raises `GroundingError` (call-mode)."""
    values: list[Any] = []
    for position, (argument, term) in enumerate(zip(function.arguments, args, strict=True)):
        if not argument.given:
            continue
        if argument.mode == "?" and not store.is_ground(term):
            values.append(None)
            continue
        try:
            values.append(python_value(store, term, argument.kind))
        except UnfitError as wanted:
            raise _wrong_mode(function, store, position, term, str(wanted), span) from None
    return values


def _wrong_mode(
    function: Foreign, store: TermStore, position: int, term: TermId, wanted: str, span: Span | None
) -> GroundingError:
    name, arity = function.indicator
    found = "an unbound variable" if term < 0 else text(store, term)
    return GroundingError(
        "call-mode",
        f"argument {position + 1} of {name}/{arity} is {found}, where it needs {wanted}",
        span=span,
        hint="put the goal that binds the argument before this one" if term < 0 else None,
    )


def _solution(function: Foreign, store: TermStore, args: Args, values: Any, span: Span | None) -> Args | None:
    """A result as the arguments of a solution; None where there is none. Raises `GroundingError`."""
    places = [i for i, argument in enumerate(function.arguments) if argument.returned]
    if not places:
        return _tested(function, args, values, span)
    if values is None and not function.several:
        return None
    row = values if len(places) > 1 or _is_row(function.arguments[places[0]], values) else (values,)
    if not isinstance(row, (tuple, list)) or len(row) != len(places):
        raise _wrong_result(function, values, f"a tuple of {len(places)}", span)
    solution = list(args)
    for position, value in zip(places, row, strict=True):
        argument = function.arguments[position]
        try:
            solution[position] = term_of(store, value, argument.kind)
        except UnfitError as wanted:
            raise _wrong_result(function, value, f"{wanted} for argument {position + 1}", span) from None
    return tuple(solution)


def _is_row(argument: Argument, values: Any) -> bool:
    """Whether the one value that is returned comes within a tuple, which could also be a list's value."""
    return argument.kind not in ("list", "obj") and isinstance(values, tuple) and len(values) == 1


def _tested(function: Foreign, args: Args, value: Any, span: Span | None) -> Args | None:
    if isinstance(value, tuple) and not value:
        return args
    # Comparisons of numpy give truth values of their own.
    if not isinstance(value, (bool, np.bool_)):
        raise _wrong_result(function, value, "True or False", span)
    return args if value else None


def _raised(function: Foreign, problem: str, span: Span | None) -> GroundingError:
    name, arity = function.indicator
    return GroundingError(
        "foreign-error",
        f"the Python function of {name}/{arity} raised {problem}",
        span=span,
        hint="the cause of this error holds the Python traceback",
    )


def _wrong_result(function: Foreign, value: Any, wanted: str, span: Span | None) -> GroundingError:
    name, arity = function.indicator
    shown = repr(value)
    return GroundingError(
        "foreign-result",
        f"the Python function of {name}/{arity} returned {shown[:60]}, where it should return {wanted}",
        span=span,
        hint="; ".join(f"{a.mode}{a.kind}: {EXPECTED[a.kind]}" for a in function.arguments if a.returned)
        or None,
    )
