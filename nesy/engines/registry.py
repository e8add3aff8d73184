"""The engines there are, by name: built-ins in one table, others by an entry point.

A package adds an engine by the entry-point group `nesy.engines`: the name that users write, and
`module:Class`, a subclass of `Engine` whose options all have defaults. Nothing is imported before
its name is asked for.
"""

from __future__ import annotations

from nesy.engines.inference import Engine
from nesy.errors import EngineError
from nesy.registry import EntryPoints

ENGINES = EntryPoints(
    "engine",
    "nesy.engines",
    {
        "auto": "nesy.engines.auto:Auto",
        "diffusion": "nesy.engines.diffusion:Diffusion",
        "exact": "nesy.engines.exact:Exact",
        "sampling": "nesy.engines.sampling.engine:Sampling",
        "sat": "nesy.engines.sat.engine:Sat",
        "surrogate": "nesy.engines.surrogate:Surrogate",
        "topk": "nesy.engines.topk.engine:TopK",
    },
)
"""The engines of this package, and those of installed packages."""


def names() -> list[str]:
    """The names that `resolve` knows, sorted. Raises `EngineError` (duplicate-engine)."""
    return ENGINES.names()


def resolve(engine: str | Engine) -> Engine:
    """An engine as it is, or the engine of a name, with its default options.

    Raises `EngineError`: unknown-engine, duplicate-engine, or invalid-engine where an entry point
    does not give an engine, or what is given is neither a name nor an engine.
    """
    if isinstance(engine, Engine):
        return engine
    if not isinstance(engine, str):
        raise EngineError(
            "invalid-engine",
            f"{engine!r} is neither the name of an engine nor an engine with its options",
            hint="give a name, as in 'exact', or an engine made by calling its class, as in TopK(k=5)",
        )
    made = ENGINES.made(engine)
    if not isinstance(made, Engine):
        raise ENGINES.invalid(engine, "is not a subclass of nesy's Engine")
    return made
