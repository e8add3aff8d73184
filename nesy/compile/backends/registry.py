"""The compilers there are: built-ins in one table, others by an entry point.

A package adds a compiler by the entry-point group `nesy.compilers`: the name that users write, and
`module:Class`, whose options all have defaults. Nothing is imported before its name is asked for.
"""

from __future__ import annotations

from nesy.compile.backends.compiler import Compiler
from nesy.registry import EntryPoints

COMPILERS = EntryPoints(
    "compiler",
    "nesy.compilers",
    {
        "native": "nesy.compile.backends.native:Native",
        "d4": "nesy.compile.backends.d4:D4",
        "pysdd": "nesy.compile.backends.sdd:Sdd",
    },
    default="native",
)
"""The compilers of this package, and those of installed packages."""


def names() -> list[str]:
    """The names that `compiler_named` knows, sorted. Raises `EngineError` (duplicate-compiler)."""
    return COMPILERS.names()


def compiler_named(compiler: str | Compiler) -> Compiler:
    """A compiler as it is, or that of a name, with its default options.

    Raises `EngineError`: unknown-compiler, duplicate-compiler, or invalid-compiler where an entry point
    does not give a compiler. Whether what it needs is installed is found when it compiles.
    """
    if not isinstance(compiler, str):
        return compiler
    made = COMPILERS.made(compiler)
    if not isinstance(made, Compiler):
        raise COMPILERS.invalid(compiler, "has not the methods of a compiler")
    return made
