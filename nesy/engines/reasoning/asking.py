"""What callers name: atoms that are given, asked for or claimed, as statements of a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import final

from nesy.errors import EngineError
from nesy.language.parser import parse_atom
from nesy.language.printer import term_text
from nesy.language.syntax import (
    Atom,
    Callable,
    Compound,
    Evidence,
    Indicator,
    Neural,
    Number,
    Program,
    Query,
    Variable,
    indicator,
)
from nesy.language.traversal import calls, variables

Observations = Mapping[str, bool]
"""Atoms that are known to hold, or known not to, by their text."""

NOT = "\\+"
"""How a negated claim begins."""
NEGATIONS = (NOT, "not ")


@final
@dataclass(frozen=True, slots=True)
class Claim:
    r"""A ground atom, or the negation of one: `alarm`, `\+alarm`."""

    atom: Callable
    holds: bool = True

    @staticmethod
    def parse(text: str) -> Claim:
        """From text. Raises `LanguageError` (syntax codes), `EngineError` (not-ground)."""
        stripped = text.strip()
        negation = next((n for n in NEGATIONS if stripped.startswith(n)), "")
        atom = parse_atom(stripped[len(negation) :])
        if any(True for _ in variables(atom)):
            raise EngineError(
                "not-ground",
                f"{term_text(atom)} holds a variable",
                hint="name one atom, with a constant in the place of each variable",
            )
        return Claim(atom, not negation)

    @property
    def negated(self) -> Claim:
        """What holds where this does not."""
        return Claim(self.atom, not self.holds)

    def __str__(self) -> str:
        return term_text(self.atom) if self.holds else NOT + term_text(self.atom)


def observations(given: Observations | None) -> tuple[Evidence, ...]:
    """What is given, as evidence. Raises `LanguageError` (syntax codes), `EngineError` (unknown-value)."""
    found = []
    for text, holds in (given or {}).items():
        # numpy's truths are no `bool`, but mean the same.
        if type(holds).__name__ not in ("bool", "bool_"):
            raise EngineError(
                "unknown-value",
                f"{text} has no value {holds!r}",
                hint="an atom is given as True or False",
            )
        found.append(Evidence(parse_atom(text), bool(holds)))
    return tuple(found)


def asking(program: Program, atoms: Iterable[Callable], given: Observations | None) -> Program:
    """The program with these atoms as its queries, and what is given as further evidence."""
    statements = (s for s in program.statements if not isinstance(s, Query))
    return replace(program, statements=(*statements, *map(Query, atoms), *observations(given)))


def asking_worlds(program: Program, project: Iterable[str] | None, given: Observations | None) -> Program:
    """The program, asking what its worlds are to show.

    project: atoms, with variables or without, and predicates such as `colour/2`; without it, the program's
    own queries, and where it has none every predicate that has a probabilistic clause.
    """
    if project is not None:
        return asking(program, [pattern(text) for text in project], given)
    if not program.queries:
        return asking(program, map(anything, _choosing(program)), given)
    return replace(program, statements=(*program.statements, *observations(given)))


def pattern(text: str) -> Callable:
    """An atom, or of `name/arity` one with nothing but variables. Raises `LanguageError` (syntax codes)."""
    atom = parse_atom(text)
    if isinstance(atom, Compound) and indicator(atom) == ("/", 2):
        name, arity = atom.args
        if isinstance(name, Atom) and isinstance(arity, Number) and isinstance(arity.value, int):
            return anything((name.name, arity.value))
    return atom


def anything(key: Indicator) -> Callable:
    """An atom of a predicate with nothing but variables."""
    name, arity = key
    if arity < 1:
        return Atom(name)
    return Compound(name, tuple(Variable(f"_#{i + 1}") for i in range(arity)))


def _choosing(program: Program) -> list[Indicator]:
    """The predicates with a probabilistic clause whose instances the rules tell, in order of the text.

    Those of networks, and those with a variable in a head that no goal binds, are asked for by name only.
    """
    untold: set[Indicator] = set()
    found: dict[Indicator, None] = {}
    for clause in program.clauses:
        keys = [indicator(h.atom) for h in clause.heads if h.label is not None]
        found.update(dict.fromkeys(keys))
        bound = {v.name for atom, _ in calls(clause.body) for v in variables(atom)}
        free = {v.name for v in variables(*(h.atom for h in clause.heads))} - bound
        if free or any(isinstance(h.label, Neural) for h in clause.heads):
            untold.update(keys)
    found.update({(t.name, len(t.columns)): None for t in program.facts if t.probabilities is not None})
    return [key for key in found if key not in untold]
