"""The atoms that stand for names, and names that are not taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import final

from nesy.grounding.written.drafts import Name
from nesy.language.builtins import KNOWN
from nesy.language.parser import parse_atom
from nesy.language.syntax import Atom, Callable, Compound, Number, Term, Variable, indicator


@final
class Naming:
    """Atoms of the rules as they are; `aux(1)`, `choice(2,0)` and `features(3,T)` for what has none.

    Cost: O(length of the atoms' texts).
    """

    def __init__(self, queries: Iterable[str], names: Iterable[Name]) -> None:
        texts = dict.fromkeys([*queries, *(name for name in names if isinstance(name, str))])
        self._atoms: dict[Name, Callable] = {text: parse_atom(text) for text in texts}
        self._taken = {indicator(atom)[0] for atom in self._atoms.values()} | {name for name, _ in KNOWN}
        self._auxiliary = self._free("aux")
        self._choice = self._free("choice")
        self._features = self._free("features")

    def _free(self, wanted: str) -> str:
        while wanted in self._taken:
            wanted += "_"
        return wanted

    def atom(self, name: Name) -> Callable:
        """The atom of a name."""
        if isinstance(name, int):
            return Compound(self._auxiliary, (Number(name),))
        return self._atoms[name]

    def choice(self, symbol: int, value: Term | None = None) -> Callable:
        """The atom of a symbol's value; without one, of a symbol that holds or not. Numbers count from 1."""
        number = Number(symbol + 1)
        return Compound(self._choice, (number,) if value is None else (number, value))

    def features(self, number: int, tensor: Variable) -> Callable:
        """The atom that names the tensor of a network."""
        return Compound(self._features, (Number(number), tensor))


def term(text: str) -> Term:
    """A term from its canonical text."""
    atom = parse_atom(f"t({text})")
    return Atom(text) if isinstance(atom, Atom) else atom.args[0]
