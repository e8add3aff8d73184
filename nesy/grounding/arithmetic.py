"""Arithmetic on run-time terms: `is`, comparisons, and the functions they know, as ProbLog defines them.

`//` and `mod` round towards minus infinity and `/` always gives a float, as in ProbLog.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from nesy.errors import GroundingError, Span
from nesy.grounding.functions import CONSTANTS, FUNCTIONS, UNREPEATABLE, Numeric, require_short
from nesy.grounding.messages import shown
from nesy.grounding.terms import TermId, TermStore
from nesy.language.syntax import Atom, Number

__all__ = ["CONSTANTS", "FUNCTIONS", "Numeric", "computed", "evaluate"]


def evaluate(store: TermStore, term: TermId, span: Span | None) -> Numeric:
    """The number an arithmetic term stands for.

    Raises `GroundingError`: unbound-arithmetic, not-a-number, unknown-function, arithmetic.
    Cost: one operation per node; iterative.
    """
    known = store.number_value(term)
    if known is not None:
        return known
    simple = _evaluate_flat(store, term, span)
    if simple is not None:
        return simple
    done: dict[TermId, Numeric] = {}
    stack = [term]
    while stack:
        current = stack[-1]
        missing = [a for a in _operands(store, current, span) if a not in done]
        if missing:
            stack.extend(missing)
            continue
        done[current] = _apply(store, current, [done[a] for a in store.args[current]], span)
        stack.pop()
    return done[term]


def _evaluate_flat(store: TermStore, term: TermId, span: Span | None) -> Numeric | None:
    """The value of a function of plain numbers, as most are; None for other terms."""
    if term < 0 or not store.args[term]:
        return None
    values: list[Numeric] = []
    for arg in store.args[term]:
        value = store.number_value(arg)
        if value is None:
            return None
        values.append(value)
    return _apply(store, term, values, span)


def _operands(store: TermStore, term: TermId, span: Span | None) -> tuple[TermId, ...]:
    if term < 0:
        raise GroundingError(
            "unbound-arithmetic",
            "an arithmetic expression holds a variable that is not bound yet",
            span=span,
            hint="put the goal that binds it before this one",
        )
    return store.args[term]


def _apply(store: TermStore, term: TermId, values: list[Numeric], span: Span | None) -> Numeric:
    head = store.heads[term]
    if isinstance(head, Number):
        return head.value
    if isinstance(head, Atom) and head.name in CONSTANTS:
        return CONSTANTS[head.name]
    function = FUNCTIONS.get((head, len(values))) if isinstance(head, str) else None
    if function is None:
        raise _unknown(store, term, span)
    return computed(store, term, lambda: function(*values), span)


def _unknown(store: TermStore, term: TermId, span: Span | None) -> GroundingError:
    head, arity = store.heads[term], len(store.args[term])
    name = head if isinstance(head, str) else head.name if isinstance(head, Atom) else ""
    if name in UNREPEATABLE:
        message = f"{name} gives another number each time, which a rule cannot"
        hint = "for chance, write probabilities: 0.5::heads."
        return GroundingError("unknown-function", message, span=span, hint=hint)
    if not isinstance(head, str):
        return GroundingError("not-a-number", f"{shown(store, term)} is not a number", span=span)
    near = get_close_matches(name, sorted({n for n, _ in FUNCTIONS}), 3) or ["+", "mod", "min", "sqrt"]
    hint = "functions are, among others, " + ", ".join(near)
    message = f"no arithmetic function is called {name}/{arity}"
    return GroundingError("unknown-function", message, span=span, hint=hint)


def computed(
    store: TermStore, term: TermId, calculation: Callable[[], Numeric], span: Span | None
) -> Numeric:
    """What a calculation on a term gives; a failure, or a result that is no number, is a `GroundingError`."""
    try:
        result = calculation()
        if isinstance(result, int):
            require_short(result.bit_length())
    except ZeroDivisionError:
        raise _without_value(f"division by zero in {shown(store, term)}", span) from None
    except OverflowError:
        raise _without_value(f"the value of {shown(store, term)} is too large", span) from None
    except ValueError:
        raise _without_value(f"{shown(store, term)} has no value: it is outside the domain", span) from None
    except TypeError:
        message = f"{shown(store, term)} has no value: the function takes integers only"
        raise _without_value(message, span) from None
    if isinstance(result, complex):
        raise _without_value(f"{shown(store, term)} is not a real number", span)
    return result


def _without_value(message: str, span: Span | None) -> GroundingError:
    hint = "test the operands before, in the same body"
    return GroundingError("arithmetic", message, span=span, hint=hint)
