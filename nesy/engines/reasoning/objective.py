"""Linear objectives over atoms: `2*alarm + 3*late(X)`, `Cost*buy(Item, Cost)`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Union, final

from nesy.engines.reasoning.matching import match
from nesy.errors import EngineError, Span
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text
from nesy.language.syntax import Atom, Callable, Compound, Indicator, Number, Term, Variable, indicator
from nesy.language.traversal import variables
from nesy.logic.program import Output

Weight = Union[int, float, Fraction]

Objective = Union[str, Mapping[str, Weight], Iterable[tuple[Weight, str]]]
"""A sum as text, weights of atoms by their text, or a list of weights and atoms."""


@final
@dataclass(frozen=True, slots=True)
class Weighted:
    """A weight for each instance of an atom that holds: a number, times what its variables stand for."""

    weight: Fraction
    atom: Callable
    factors: tuple[str, ...] = ()


@final
@dataclass(frozen=True)
class Linear:
    """A sum of weighted atoms and a constant."""

    terms: tuple[Weighted, ...]
    constant: Fraction = Fraction(0)

    def weights(self, outputs: Iterable[Output]) -> list[Fraction]:
        """The weight of each of some atoms. Raises `EngineError` (invalid-objective) for what is no number.

        Cost: O(terms), and for each atom the terms with variables of its predicate.
        """
        ground: dict[Callable, Fraction] = {}
        patterns: dict[Indicator, list[Weighted]] = {}
        for term in self.terms:
            if any(True for _ in variables(term.atom)) or term.factors:
                patterns.setdefault(indicator(term.atom), []).append(term)
            else:
                ground[term.atom] = ground.get(term.atom, Fraction(0)) + term.weight
        found = []
        for output in outputs:
            atom = parse_atom(output.name)
            alike = patterns.get(indicator(atom), ())
            found.append(sum((_weight(term, atom) for term in alike), ground.get(atom, Fraction(0))))
        return found


def objective(said: Objective) -> Linear:
    """What a caller wants least or most of.

    Numbers are taken as they are written: 0.1 is a tenth. Raises `EngineError` (invalid-objective) for what
    is no sum, or has a weight that is not finite; `LanguageError` (syntax codes).
    """
    if isinstance(said, str):
        return _sum([(Fraction(1), parse_atom(said))])
    pairs = [(w, a) for a, w in said.items()] if isinstance(said, Mapping) else list(said)
    return _sum((_exact(weight, text), parse_atom(text)) for weight, text in pairs)


def _exact(weight: Weight, text: str) -> Fraction:
    """A weight as a fraction. Raises `EngineError` (invalid-objective)."""
    if isinstance(weight, (int, Fraction)):
        return Fraction(weight)
    if not math.isfinite(weight):
        raise _invalid(
            f"the weight of {text} is {weight}",
            hint="what must hold, or must not, is an observation: give it as such",
        )
    return Fraction(repr(float(weight)))


def _sum(products: Iterable[tuple[Fraction, Term]]) -> Linear:
    terms: list[Weighted] = []
    constant = Fraction(0)
    stack: list[tuple[Fraction, tuple[str, ...], Term]] = []
    stack.extend((weight, (), term) for weight, term in reversed(list(products)))
    while stack:
        weight, factors, term = stack.pop()
        if isinstance(term, Number) and not factors:
            constant += weight * _exact(term.value, term_text(term))
        elif isinstance(term, Compound) and term.functor in _SIGNS and len(term.args) <= 2:
            signs = _SIGNS[term.functor][-len(term.args) :]
            parts = zip(signs, term.args, strict=True)
            stack.extend(reversed([(weight * sign, factors, part) for sign, part in parts]))
        elif isinstance(term, Compound) and indicator(term) == ("*", 2):
            stack.append(_product(weight, factors, term))
        elif isinstance(term, (Atom, Compound)):
            terms.append(Weighted(weight, term, factors))
        else:
            raise _invalid(f"{term_text(term)} is no atom", span=term.span)
    return Linear(tuple(terms), constant)


_SIGNS = {"+": (1, 1), "-": (1, -1)}
"""The signs of an operator's operands; the last is that of the only operand of a prefix."""


def _product(
    weight: Fraction, factors: tuple[str, ...], product: Compound
) -> tuple[Fraction, tuple[str, ...], Term]:
    """A product as a number, variables, and what they multiply."""
    others: list[Term] = []
    for factor in _factors(product):
        if isinstance(factor, Number):
            weight *= _exact(factor.value, term_text(factor))
        elif isinstance(factor, Variable):
            factors = (*factors, factor.name)
        else:
            others.append(factor)
    if len(others) > 1:
        raise _invalid(f"{term_text(product)} is a product of atoms", span=product.span)
    return weight, factors, others[0] if others else Number(1, product.span)


def _factors(product: Compound) -> Iterator[Term]:
    stack: list[Term] = [product]
    while stack:
        term = stack.pop()
        if isinstance(term, Compound) and indicator(term) == ("*", 2):
            stack.extend(reversed(term.args))
        else:
            yield term


def _weight(term: Weighted, atom: Callable) -> Fraction:
    """What one atom weighs by one term: nothing where it is no instance."""
    bindings = match(term.atom, atom)
    if bindings is None:
        return Fraction(0)
    weight = term.weight
    for name in term.factors:
        value = bindings.get(name)
        if not isinstance(value, Number):
            shown = "nothing" if value is None else term_text(value)
            raise _invalid(f"{name} stands for {shown} in {term_text(atom)}, and weighs it", span=None)
        weight *= _exact(value.value, term_text(atom))
    return weight


def _invalid(
    message: str,
    *,
    hint: str = "an objective is a sum: 2*a + Cost*buy(X, Cost)",
    span: Span | None = None,
) -> EngineError:
    return EngineError("invalid-objective", message, span=span, hint=hint)
