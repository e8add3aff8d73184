"""A cost estimate as people read it: the heaviest rules first, with their places."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from nesy.grounding.cost.counting import Amount
from nesy.grounding.cost.estimate import CostEstimate

SHOWN = 10
"""How many predicates and rules are listed; the rest is in the totals."""


def cost_table(estimate: CostEstimate) -> str:
    """The table that `nesy check --cost` prints."""
    return "\n".join(_lines(estimate))


def _lines(estimate: CostEstimate) -> Iterator[str]:
    yield f"{'ground rules':<36}{'about':>12}{'at most':>14}"
    for rule in estimate.rules[:SHOWN]:
        place = "" if rule.span is None else f"{rule.span.source.name}:{rule.span.line}:{rule.span.column}"
        yield f"  {rule.head:<34}{_amounts(rule.instances)}  {place}".rstrip()
    yield from _more(len(estimate.rules))
    yield "ground atoms"
    named = [p for p in estimate.predicates if not p.internal]
    for predicate in named[:SHOWN]:
        yield f"  {f'{predicate.name}/{predicate.arity}':<34}{_amounts(predicate.atoms)}"
    yield from _more(len(named))
    yield "in all"
    yield f"  {'ground rules':<34}{_amounts(estimate.ground_rules)}"
    yield f"  {'ground atoms':<34}{_amounts(estimate.atoms)}"
    memory = estimate.memory
    yield f"  {'memory':<34}{size(memory.about):>12}{size(memory.most):>14}"


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"  and {count - SHOWN} more"


def _amounts(amount: Amount) -> str:
    return f"{number(amount.about):>12}{number(amount.most):>14}"


def number(value: float) -> str:
    """A count: exact below ten thousand, else with two digits behind the point and its power of ten."""
    if value == inf:
        return "no bound"
    return f"{round(value):,}" if value < 10_000 else f"{value:.2e}"


def size(value: float) -> str:
    """A number of bytes in the unit that fits it."""
    if value == inf:
        return "no bound"
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.0f} TiB"
