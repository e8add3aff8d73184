"""Learnable probabilities: `t(0.3)::a.` begins at 0.3, `t(_)::a.` at what the other alternatives leave."""

from __future__ import annotations

from collections.abc import Sequence

from nesy.errors import LanguageError
from nesy.language.syntax import Head, Learnable, Number, Probability

DEFAULT = 0.5
"""Where a learnable fact begins that is not told."""


def initial_probabilities(heads: Sequence[Head]) -> list[Probability]:
    """The probability of each alternative of a clause, learnable ones at where they begin.

    Those without an initial value share evenly what the others leave of 1; a lone one begins at 0.5.
    Raises `LanguageError` (unlabelled-head).
    """
    known = [_given(head) for head in heads]
    open_count = sum(p is None for p in known)
    rest = 1.0 - sum(_number(p) for p in known if p is not None)
    share = DEFAULT if len(heads) == 1 else max(rest, 0.0) / max(open_count, 1)
    pairs = zip(known, heads, strict=True)
    return [Probability(Number(share), head.span) if p is None else p for p, head in pairs]


def _given(head: Head) -> Probability | None:
    if isinstance(head.label, Probability):
        return head.label
    if isinstance(head.label, Learnable):
        return None if head.label.initial is None else Probability(head.label.initial, head.label.span)
    raise LanguageError(
        "unlabelled-head",
        "every head of an annotated disjunction needs a probability",
        span=head.span,
        hint="write p::head for each alternative, or one clause per head",
    )


def _number(probability: Probability) -> float:
    return float(probability.value.value) if isinstance(probability.value, Number) else 0.0
