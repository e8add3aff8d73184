"""Algebras and fuzzy logics by name: the built-in ones, and those that installed packages bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Union, final

from nesy.algebra.algebra import Algebra
from nesy.algebra.best import top_named
from nesy.algebra.builtin import BUILTIN
from nesy.algebra.fuzzy import LOGICS, FuzzyLogic
from nesy.errors import EngineError
from nesy.registry import EntryPoints

INSTALLED = EntryPoints("algebra", "nesy.algebras")
"""What other packages offer: an `Algebra` or a `FuzzyLogic` each, by its own name."""

BEST = "top-K for the K best worlds"
"""How algebras that are made when asked for stand in the list of those there are."""

Registered = Union[Algebra, FuzzyLogic]


@final
class AlgebraRegistry:
    """Algebras by name. It refuses duplicates, and lists what it has."""

    __slots__ = ("_by_name",)

    def __init__(self, algebras: Iterable[Registered] = ()) -> None:
        self._by_name: dict[str, Registered] = {}
        for algebra in algebras:
            self.register(algebra)

    def register(self, algebra: Registered) -> None:
        """Add an algebra. Raises `EngineError` (duplicate-algebra) if its name is taken."""
        if algebra.name in self._by_name:
            raise EngineError(
                "duplicate-algebra",
                f"there is already an algebra named {algebra.name!r}",
                hint="register yours under another name",
            )
        self._by_name[algebra.name] = algebra

    def get(self, name: str) -> Registered:
        """The algebra of that name. Raises `EngineError` (unknown-algebra), naming those there are.

        `top-K` is made for any K. Other names not registered are looked for among the entry points of
        installed packages: `duplicate-algebra` where two bring the same name, `invalid-algebra` where one
        does not give an algebra of that name. Cost: the first time some milliseconds, to read their metadata.
        """
        found = self._by_name.get(name) or top_named(name)
        if found is not None:
            return found
        if name not in INSTALLED:
            raise INSTALLED.unknown(name, dict.fromkeys([*self, *INSTALLED.names(), BEST]))
        made: object = INSTALLED.load(name)
        if not isinstance(made, (Algebra, FuzzyLogic)):
            raise INSTALLED.invalid(name, "is neither an Algebra nor a FuzzyLogic")
        if made.name != name:
            raise INSTALLED.invalid(name, f"has another name of its own, {made.name!r}")
        self.register(made)
        return made

    def __iter__(self) -> Iterator[str]:
        """The names registered, in order."""
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name


algebras = AlgebraRegistry((*BUILTIN, *LOGICS))
"""The registry everyone shares."""
