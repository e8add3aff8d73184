"""Neural predicates: the output stands in the head, its values differ, and no input is the output."""

from __future__ import annotations

from collections.abc import Iterator

from nesy.errors import Diagnostic
from nesy.language.checks.survey import Survey
from nesy.language.printer import term_text
from nesy.language.syntax import Head, Neural, Number, Term
from nesy.language.traversal import variables


def malformed_neural(survey: Survey) -> Iterator[Diagnostic]:
    """Code `malformed-neural`, at the argument of nn that is wrong."""
    for clause in survey.program.clauses:
        for head in clause.heads:
            if isinstance(head.label, Neural):
                yield from _output(head, head.label)
                yield from _domain(head.label)


def _output(head: Head, label: Neural) -> Iterator[Diagnostic]:
    output = label.output
    if output is None:
        return
    if all(v != output for v in variables(head.atom)):
        yield Diagnostic(
            "malformed-neural",
            f"the output {output.name} does not occur in {term_text(head.atom)}",
            output.span,
            f"name it in the head, so that rules can use it: p(X, {output.name})",
        )
    if any(v == output for v in variables(*label.inputs)):
        yield Diagnostic(
            "malformed-neural",
            f"{output.name} is both an input and the output",
            output.span,
            "give the output a name of its own",
        )


def _domain(label: Neural) -> Iterator[Diagnostic]:
    seen: set[Term] = set()
    for value in label.domain or ():
        if next(variables(value), None) is not None:
            yield Diagnostic(
                "malformed-neural",
                f"the value {term_text(value)} holds a variable",
                value.span,
                "list the values themselves: [cat, dog]",
            )
            return
        if value in seen:
            hint = "each value stands once" if isinstance(value, Number) else None
            yield Diagnostic(
                "malformed-neural",
                f"the value {term_text(value)} stands twice in the domain",
                value.span,
                hint,
            )
            return
        seen.add(value)
