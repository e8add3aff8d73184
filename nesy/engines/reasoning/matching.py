"""Whether a ground atom is an instance of another."""

from __future__ import annotations

from nesy.language.syntax import Compound, ListTerm, Term, Variable
from nesy.language.terms import parts_of


def match(pattern: Term, ground: Term) -> dict[str, Term] | None:
    """What the variables of a pattern stand for in a ground instance of it; None where it is none.

    Iterative. Cost: O(size of the pattern).
    """
    bindings: dict[str, Term] = {}
    stack = [(pattern, ground)]
    while stack:
        one, other = stack.pop()
        if isinstance(one, Variable):
            if bindings.setdefault(one.name, other) != other:
                return None
        elif isinstance(one, (Compound, ListTerm)):
            if not _same_shape(one, other):
                return None
            stack.extend(zip(parts_of(one), parts_of(other), strict=True))
        elif one != other:
            return None
    return bindings


def _same_shape(one: Compound | ListTerm, other: Term) -> bool:
    """Whether two terms differ in their parts only."""
    if isinstance(one, Compound):
        same = isinstance(other, Compound) and one.functor == other.functor
    else:
        same = isinstance(other, ListTerm) and (one.tail is None) == (other.tail is None)
    return same and len(parts_of(one)) == len(parts_of(other))
