"""The figures of `nesy check --cost`, for people and for machines."""

from __future__ import annotations

from math import inf
from pathlib import Path

from nesy.cli.permissions import NOTHING, Permissions
from nesy.grounding.cost import Amount, CostEstimate, cost_table, estimate
from nesy.language import load


def file_cost(file: Path, query: str | None, allowed: Permissions = NOTHING) -> CostEstimate:
    """The estimate of a rule file that has no errors. Raises `NesyError` as `estimate` does."""
    program = load(file, allow_files=allowed.files, allow_python=allowed.python)
    return estimate(program, query)


def shown(file: Path, cost: CostEstimate) -> str:
    """The table of one file."""
    return f"{file}: what grounding will cost\n{cost_table(cost)}"


def entry(file: Path, cost: CostEstimate) -> dict[str, object]:
    """The figures of one file; where nothing bounds a number it is null."""
    return {
        "file": str(file),
        "ground_rules": _amount(cost.ground_rules),
        "ground_atoms": _amount(cost.atoms),
        "bytes": _amount(cost.memory),
        "rules": [
            {
                "head": rule.head,
                "line": None if rule.span is None else rule.span.line,
                "column": None if rule.span is None else rule.span.column,
                **_amount(rule.instances),
            }
            for rule in cost.rules
        ],
        "predicates": [
            {"predicate": f"{p.name}/{p.arity}", **_amount(p.atoms)}
            for p in cost.predicates
            if not p.internal
        ],
    }


def _amount(amount: Amount) -> dict[str, float | None]:
    return {"about": _finite(amount.about), "at_most": _finite(amount.most)}


def _finite(value: float) -> float | None:
    return None if value == inf else float(round(value))
