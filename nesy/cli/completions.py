"""What a shell may put in the place of an option's value: names of engines, compilers, algebras."""

from __future__ import annotations

from collections.abc import Iterable

from nesy.errors import NesyError
from nesy.registry import EntryPoints


def engines(incomplete: str) -> list[str]:
    """The engines whose names begin so. Cost: reading the metadata of installed packages, as for all here."""
    from nesy.engines.registry import ENGINES  # noqa: PLC0415 - only shells ask

    return _beginning(incomplete, _names(ENGINES))


def compilers(incomplete: str) -> list[str]:
    """The compilers whose names begin so."""
    from nesy.compile.backends.registry import COMPILERS  # noqa: PLC0415 - only shells ask

    return _beginning(incomplete, _names(COMPILERS))


def algebras(incomplete: str) -> list[str]:
    """The algebras and fuzzy logics whose names begin so."""
    from nesy.algebra.registry import INSTALLED  # noqa: PLC0415 - only shells ask
    from nesy.algebra.registry import algebras as registered  # noqa: PLC0415

    return _beginning(incomplete, {*registered, *_names(INSTALLED)})


def _names(table: EntryPoints) -> list[str]:
    """A table's names; none where two packages disagree, for a shell is no place to say so."""
    try:
        return table.names()
    except NesyError:
        return []


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name.startswith(incomplete))
