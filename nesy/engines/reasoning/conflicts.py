"""The error of a program without a possible world, with a minimal explanation."""

from __future__ import annotations

from nesy.engines.reasoning.asking import Observations
from nesy.engines.reasoning.forcing import Forcing, forcing_parts
from nesy.engines.reasoning.parts import KINDS, Part
from nesy.errors import SemanticsError
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program

LISTED = 8
"""How many parts a message names."""


def no_worlds(program: Program, given: Observations | None, budget: Budget | None) -> SemanticsError:
    """`SemanticsError` (inconsistent-evidence) for a program without a possible world.

    The message names parts that contradict one another, none of which could be spared.
    """
    forcing = Forcing(program, given, frozenset(KINDS), (), budget)
    parts = forcing_parts(forcing, None, smallest=False) or ()
    listed = ", ".join(map(_named, parts[:LISTED]))
    more = f" and {len(parts) - LISTED} more" if len(parts) > LISTED else ""
    return SemanticsError(
        "inconsistent-evidence",
        f"there is no possible world, because of {listed}{more}" if parts else "there is no possible world",
        span=next((p.span for p in parts if p.span is not None), None),
        hint="nesy.repair lists what could be left out",
    )


def _named(part: Part) -> str:
    return f"{part.text.removesuffix('.')} ({part.place})"
