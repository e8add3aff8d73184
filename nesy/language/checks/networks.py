"""A network has one shape: every label that names it agrees on its inputs and its values."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.syntax import Neural


def inconsistent_networks(survey: Survey) -> Iterator[Diagnostic]:
    """Code `inconsistent-network`, at the label that differs from an earlier one."""
    first: dict[str, Neural] = {}
    for label in survey.program.networks():
        earlier = first.setdefault(label.network, label)
        if _shape(label) != _shape(earlier):
            line = f" in line {earlier.span.line}" if earlier.span is not None else ""
            yield Diagnostic(
                "inconsistent-network",
                f"{label.network} has {_shape(earlier)}{line}, and {_shape(label)} here",
                label.span,
                "give networks of different shapes different names",
            )


def _shape(label: Neural) -> str:
    count = len(label.inputs)
    inputs = f"{count} input{'s' if count > 1 else ''}"
    if label.output is None:
        return f"{inputs} and gives one probability"
    if label.domain is None:
        return f"{inputs} and gives a tensor"
    return f"{inputs} and gives {len(label.domain)} probabilities"
