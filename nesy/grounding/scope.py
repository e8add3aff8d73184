"""The variables of one rule while it is lowered: their numbers, and what its parts share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import final

from nesy.grounding.terms import TermId, variable
from nesy.language.syntax import Goal
from nesy.language.traversal import calls, variables


@final
class Scope:
    """The variables of one rule: their numbers so far, and how often each occurs in all of it.

    labelled: the rule has a symbol of its own for each binding of them.
    """

    def __init__(self, occurrences: Iterable[str], *, labelled: bool = False) -> None:
        self.numbering: dict[str, int] = {}
        self.labelled = labelled
        self._occurrences = Counter(occurrences)

    def fresh(self) -> TermId:
        """A variable of the rule that its text does not mention."""
        index = self.numbering[f"_#fresh{len(self.numbering)}"] = len(self.numbering)
        return variable(index)

    def shared(self, within: Counter[str]) -> tuple[str, ...]:
        """Those of a part's variables, with how often each occurs in it, that also occur elsewhere."""
        return tuple(name for name, count in within.items() if count < self._occurrences[name])


def names_of(goal: Goal) -> Iterator[str]:
    """The names of a goal's variables, in order of the text, repeats included."""
    return (v.name for atom, _ in calls(goal) for v in variables(atom))
