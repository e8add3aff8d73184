"""How answers are shown to people."""

from __future__ import annotations

from nesy.engines.solve import Answer


def shown(answer: Answer) -> str:
    """The probability; what is not exact says so."""
    match answer.guarantee.value:
        case "exact":
            return f"{answer.probability:.10g}"
        case "estimate":
            return f"{answer.probability:.10g} (estimate, standard error {answer.standard_error:.2g})"
        case bound:
            return f"{answer.probability:.10g} ({bound})"
