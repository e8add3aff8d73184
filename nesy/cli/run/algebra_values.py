"""`nesy run --algebra NAME`: the value of each query in an algebra or a fuzzy logic."""

from __future__ import annotations

import math
from typing import Any

import typer

from nesy.cli.progress import working
from nesy.cli.reporting import print_json
from nesy.engines.algebraic import Valuation, evaluate
from nesy.grounding.budget import Budget
from nesy.language.syntax import Program


def print_values(program: Program, algebra: str, budget: Budget | None, *, machine: bool) -> None:
    """Print the value of each query. Raises `NesyError` as `evaluate` does."""
    with working("evaluating"):
        found = evaluate(program, algebra, budget=budget)
    if machine:
        print_json(_document(found))
    else:
        for atom, value in found.items():
            typer.echo(f"{atom}: {_shown(value)}")


def _document(found: Valuation) -> dict[str, object]:
    """What `--json` prints; `condition` is null in a fuzzy logic."""
    queries = [{"atom": atom, "value": _json(value)} for atom, value in found.items()]
    return {"algebra": found.algebra, "queries": queries, "condition": _json(found.condition)}


def _json(value: Any) -> Any:
    """A value in JSON: what is infinite as "inf" or "-inf", for JSON has no such numbers."""
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, float) else str(value)
