"""Engines, compilers and algebras by name: those built in, and those that installed packages add.

A package adds one by an entry point: a name, and `module:attribute`. Nothing is imported before its
name is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from typing import Any, final

from nesy.errors import EngineError

BROKEN = (ImportError, AttributeError, SyntaxError, NameError, TypeError, ValueError)
"""How the import of a module fails that is broken, or was written for another version."""


@final
@dataclass(frozen=True, eq=False)
class EntryPoints:
    """What there is of one kind, by name.

    kind: what users call it, such as `engine`; codes of errors end in it.
    group: the entry-point group through which other packages add theirs.
    built_in: those of this package, name to `module:attribute`.
    default: the one built in that is found without a look at installed packages, which takes longer than
        small programs do. A package that takes its name is refused when any other is asked for.

    Every method but `load` of the default raises `EngineError` (duplicate-KIND) where a name is taken twice.
    Cost: some milliseconds the first time, to read the metadata of all installed packages.
    """

    kind: str
    group: str
    built_in: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None

    def names(self) -> list[str]:
        """The names there are, sorted."""
        return sorted(self._table)

    def __contains__(self, name: object) -> bool:
        return name in self._table

    def load(self, name: str) -> Any:
        """What the name stands for. Raises `EngineError`: unknown-KIND, duplicate-KIND, invalid-KIND.

        Cost: that of importing its module.
        """
        entry = self._entry(name)
        try:
            return entry.load()
        except BROKEN as error:
            message = f"{self.kind} {name!r} cannot be loaded from {entry.value}: {error}"
            raise EngineError(f"invalid-{self.kind}", message) from error

    def made(self, name: str) -> object:
        """What the name's class makes with its default options. Raises as `load` does."""
        found = self.load(name)
        try:
            return found()
        except TypeError as error:
            raise self.invalid(name, f"cannot be called without arguments: {error}") from error

    def invalid(self, name: str, reason: str) -> EngineError:
        """That what the name stands for (the sentence's subject) is not what it has to be."""
        return EngineError(
            f"invalid-{self.kind}",
            f"{self._entry(name).value}, registered as {self.kind} {name!r}, {reason}",
        )

    def unknown(self, name: str, known: Iterable[str]) -> EngineError:
        """That nothing has this name, with the nearest of those known."""
        listed = list(known)
        near = get_close_matches(name, listed, n=3)
        meant = f"did you mean {' or '.join(near)}? " if near else ""
        return EngineError(
            f"unknown-{self.kind}",
            f"there is no {self.kind} named {name!r}",
            hint=f"{meant}the {self.kind}s are {', '.join(listed)}",
        )

    def _entry(self, name: str) -> EntryPoint:
        if name == self.default:
            return self._built_in(name)
        if name not in self._table:
            raise self.unknown(name, self.names())
        return self._table[name]

    def _built_in(self, name: str) -> EntryPoint:
        return EntryPoint(name, self.built_in[name], self.group)

    @cached_property
    def _table(self) -> dict[str, EntryPoint]:
        table = {name: self._built_in(name) for name in self.built_in}
        for found in entry_points(group=self.group):
            known = table.get(found.name)
            # The same place twice is one thing, seen through two copies of a package's metadata.
            if known is not None and known.value != found.value:
                raise EngineError(
                    f"duplicate-{self.kind}",
                    f"two {self.kind}s are named {found.name!r}: {known.value} and {found.value}",
                    hint=f"uninstall one, or rename it in its package's entry points ({self.group})",
                )
            table[found.name] = found
        return table
