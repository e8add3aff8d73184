"""One world of a program, as callers see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import final


@final
class Interpretation(Mapping[str, bool]):
    """The truth of each atom that was asked for, and the choices that make it so.

    A mapping from the canonical text of atoms, in the order they were asked for.
    choices: the value of each symbol that the atoms and the evidence depend on, by name. A probabilistic
    fact is `true` or `false`, an annotated disjunction the head that it chooses or `none`.
    """

    def __init__(self, truths: Mapping[str, bool], choices: Mapping[str, str]) -> None:
        self._truths = dict(truths)
        self.choices: Mapping[str, str] = dict(choices)

    @cached_property
    def true(self) -> tuple[str, ...]:
        """The atoms that hold."""
        return tuple(atom for atom, holds in self._truths.items() if holds)

    def __getitem__(self, atom: str) -> bool:
        return self._truths[atom]

    def __iter__(self) -> Iterator[str]:
        return iter(self._truths)

    def __len__(self) -> int:
        return len(self._truths)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Interpretation):
            return Mapping.__eq__(self, other)
        return self._truths == other._truths and self.choices == other.choices

    def __hash__(self) -> int:
        return hash((frozenset(self._truths.items()), frozenset(self.choices.items())))

    def __str__(self) -> str:
        return " ".join(self.true) or "(no atom holds)"

    def __repr__(self) -> str:
        return f"Interpretation({', '.join(self.true)})"
