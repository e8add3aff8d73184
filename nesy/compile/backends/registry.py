"""The compilers there are: built-ins in one table, others by an entry point.

A package adds a compiler by the entry-point group `nesy.compilers`: the name that users write, and
`module:Class`, whose options all have defaults. Nothing is imported before its name is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from nesy.compile.backends.compiler import Compiler
from nesy.errors import EngineError

GROUP = "nesy.compilers"
"""The entry-point group through which other packages add compilers."""

BUILT_IN = {
    "native": "nesy.compile.backends.native:Native",
    "d4": "nesy.compile.backends.d4:D4",
    "pysdd": "nesy.compile.backends.sdd:Sdd",
}
"""The compilers of this package: name to `module:Class`."""


def names() -> list[str]:
    """The names that `compiler_named` knows, sorted. Raises `EngineError` (duplicate-compiler)."""
    return sorted(_table())


def compiler_named(compiler: str | Compiler) -> Compiler:
    """A compiler as it is, or that of a name, with its default options.

    Raises `EngineError`: unknown-compiler, duplicate-compiler, or invalid-compiler where an entry point
    does not give a compiler. Whether what it needs is installed is found when it compiles.
    """
    if not isinstance(compiler, str):
        return compiler
    if compiler == "native":
        # Without a look at installed packages, which takes longer than small programs do.
        entry = EntryPoint(compiler, BUILT_IN[compiler], GROUP)
    else:
        table = _table()
        if compiler not in table:
            raise EngineError(
                "unknown-compiler",
                f"there is no compiler named {compiler!r}",
                hint=f"the compilers are {', '.join(sorted(table))}",
            )
        entry = table[compiler]
    made = _load(entry)()
    if not isinstance(made, Compiler):
        raise EngineError(
            "invalid-compiler",
            f"{entry.value}, registered as compiler {compiler!r}, has not the methods of a compiler",
        )
    return made


@cache
def _table() -> dict[str, EntryPoint]:
    table = {name: EntryPoint(name, place, GROUP) for name, place in BUILT_IN.items()}
    for found in entry_points(group=GROUP):
        known = table.get(found.name)
        # The same place twice is one compiler, seen through two copies of a package's metadata.
        if known is not None and known.value != found.value:
            raise EngineError(
                "duplicate-compiler",
                f"two compilers are named {found.name!r}: {known.value} and {found.value}",
                hint=f"uninstall one, or rename it in its package's entry points ({GROUP})",
            )
        table[found.name] = found
    return table


def _load(entry: EntryPoint) -> Callable[[], object]:
    try:
        loaded: Callable[[], object] = entry.load()
    except (ImportError, AttributeError) as error:
        raise EngineError(
            "invalid-compiler", f"compiler {entry.name!r} cannot be loaded from {entry.value}: {error}"
        ) from error
    return loaded
