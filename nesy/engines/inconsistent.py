"""The error of a condition that cannot hold, with the places of what was observed."""

from __future__ import annotations

from nesy.circuit.circuit import Circuit, NodeKind
from nesy.errors import SemanticsError, Span
from nesy.logic.program import GroundProgram

LISTED = 8
"""How many statements the message shows."""
SHOWN = 60
"""How many characters of a statement it shows."""


def inconsistent(program: GroundProgram, message: str) -> SemanticsError:
    """`SemanticsError` (inconsistent-evidence), at the first statement of those that the message lists."""
    places = list(dict.fromkeys(program.observed))
    if len(places) == 1:
        hint = "this contradicts the rules: ask for its probability without observing it"
        return SemanticsError("inconsistent-evidence", message, span=places[0], hint=hint)
    listed = ", ".join(map(_statement, places[:LISTED]))
    more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
    return SemanticsError(
        "inconsistent-evidence",
        f"{message}: {listed}{more}" if listed else message,
        span=places[0] if places else None,
        hint="remove pieces of evidence one by one to see which contradict the rules, "
        "or let nesy.explain(program) say it, and nesy.repair(program) name the fewest to leave out",
    )


def require_consistent(program: GroundProgram, circuit: Circuit) -> None:
    """Raises `SemanticsError` (inconsistent-evidence) where a circuit's last root, the condition, is 0."""
    if circuit.kinds[circuit.roots[-1]] == NodeKind.ZERO:
        raise inconsistent(program, "no world satisfies the evidence and the integrity constraints together")


def _statement(span: Span) -> str:
    text = " ".join(span.text.split()).removesuffix(".")
    return f"{text if len(text) <= SHOWN else f'{text[:SHOWN]}...'} (line {span.line})"
