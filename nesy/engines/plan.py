"""What answers for which outputs, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from nesy.logic.program import Output


@final
@dataclass(frozen=True, slots=True)
class Choice:
    """What answers for outputs that depend on one another.

    outputs: their names. symbols: how many random variables they depend on.
    marginals: the engine of `marginals` and `predict`; likelihood: that of `log_prob` and `loss`.
    reason: why these.
    """

    outputs: tuple[str, ...]
    symbols: int
    marginals: str
    likelihood: str
    reason: str


@final
@dataclass(frozen=True, slots=True)
class Plan:
    """The choices for all outputs. As a string, a table for people."""

    choices: tuple[Choice, ...]

    def __bool__(self) -> bool:
        """Whether anything has been planned."""
        return bool(self.choices)

    def __str__(self) -> str:
        rows = [("outputs", "symbols", "marginals", "likelihood", "because"), *map(_row, self.choices)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
        return "\n".join(
            "  ".join([*(cell.ljust(w) for cell, w in zip(row[:-1], widths, strict=True)), row[-1]])
            for row in rows
        )


def plan_of_one(
    engine: str, outputs: Sequence[Output], symbols: int, reason: str = "it was asked for"
) -> Plan:
    """The plan in which one engine answers for everything."""
    return Plan((Choice(tuple(o.name for o in outputs), symbols, engine, engine, reason),))


def _row(choice: Choice) -> tuple[str, str, str, str, str]:
    return _named(choice.outputs), str(choice.symbols), choice.marginals, choice.likelihood, choice.reason


def _named(outputs: tuple[str, ...]) -> str:
    if len(outputs) <= 2:
        return " and ".join(outputs) or "none"
    return f"{outputs[0]} to {outputs[-1]} ({len(outputs)})"
