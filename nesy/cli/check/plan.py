"""The choices of `nesy check --plan`, for people and for machines."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from nesy.cli.permissions import NOTHING, Permissions
from nesy.engines.auto import Auto
from nesy.engines.plan import Plan
from nesy.errors import EngineError
from nesy.grounding import Template, ground
from nesy.language import load


def file_plan(
    file: Path, query: str | None, output: str | None = None, allowed: Permissions = NOTHING
) -> Plan:
    """What `engine="auto"` chooses for a file's own queries, or for a template.

    Raises `NesyError`: what loading, grounding and compiling raise; nothing-asked.
    Cost: that of grounding and compiling.
    """
    program = load(file, allow_files=allowed.files, allow_python=allowed.python)
    template = None if query is None else Template.parse(query, output)
    grounded = ground(program, template)
    if not grounded.outputs:
        raise EngineError(
            "nothing-asked",
            f"`{file}` has no queries to plan for",
            hint="say what a model will ask with --query, and its output variable with --output",
        )
    return Auto().prepare(grounded).plan


def shown(file: Path, plan: Plan) -> str:
    """The table of one file."""
    return f'{file}: what answers, with engine "auto"\n{plan}'


def entry(file: Path, plan: Plan) -> dict[str, object]:
    """The choices of one file."""
    return {"file": str(file), "choices": [asdict(choice) for choice in plan.choices]}
