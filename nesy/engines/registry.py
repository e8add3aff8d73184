"""The engines there are, by name: built-ins in one table, others by an entry point.

A package adds an engine by the entry-point group `nesy.engines`: the name that users write, and
`module:Class`, a subclass of `Engine` whose options all have defaults. Nothing is imported before
its name is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from nesy.engines.inference import Engine
from nesy.errors import EngineError

GROUP = "nesy.engines"
"""The entry-point group through which other packages add engines."""

BUILT_IN = {
    "exact": "nesy.engines.exact:Exact",
    "sampling": "nesy.engines.sampling:Sampling",
    "sat": "nesy.engines.sat:Sat",
}
"""The engines of this package: name to `module:Class`."""


def names() -> list[str]:
    """The names that `resolve` knows, sorted. Raises `EngineError` (duplicate-engine)."""
    return sorted(_table())


def resolve(engine: str | Engine) -> Engine:
    """An engine as it is, or the engine of a name, with its default options.

    Raises `EngineError`: unknown-engine, duplicate-engine, or invalid-engine where an entry point
    does not give an engine.
    """
    if isinstance(engine, Engine):
        return engine
    table = _table()
    if engine not in table:
        raise _unknown(engine, sorted(table))
    made: object = _load(table[engine])()
    if not isinstance(made, Engine):
        raise EngineError(
            "invalid-engine",
            f"{table[engine].value}, registered as engine {engine!r}, is not a subclass of nesy's Engine",
        )
    return made


@cache
def _table() -> dict[str, EntryPoint]:
    """All engines by name. Cached: reading every installed package's metadata takes some 15 ms."""
    table = {name: EntryPoint(name, place, GROUP) for name, place in BUILT_IN.items()}
    for found in entry_points(group=GROUP):
        known = table.get(found.name)
        # The same place twice is one engine, seen through two copies of a package's metadata.
        if known is not None and known.value != found.value:
            raise EngineError(
                "duplicate-engine",
                f"two engines are named {found.name!r}: {known.value} and {found.value}",
                hint=f"uninstall one, or rename it in its package's entry points ({GROUP})",
            )
        table[found.name] = found
    return table


def _load(entry: EntryPoint) -> Callable[[], object]:
    try:
        loaded: Callable[[], object] = entry.load()
    except (ImportError, AttributeError) as error:
        raise EngineError(
            "invalid-engine", f"engine {entry.name!r} cannot be loaded from {entry.value}: {error}"
        ) from error
    return loaded


def _unknown(name: str, known: list[str]) -> EngineError:
    near = get_close_matches(name, known, n=3)
    listed = "the engines are " + ", ".join(known)
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    return EngineError("unknown-engine", f"there is no engine named {name!r}", hint=meant + listed)
