"""What the engine of most probable proofs answers beside probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from nesy.engines.inference import Array
from nesy.logic.program import Symbol


@final
@dataclass(frozen=True, slots=True)
class ProbabilityBounds:
    """What a log-probability lies between, in nats. lower, upper: (B,)."""

    lower: Array
    upper: Array


@final
@dataclass(frozen=True, eq=False, slots=True)
class BestProofs:
    """Proofs of B examples, best first. A proof is a box: for each symbol the values that it allows.

    allowed: (B, k, V) bool; nothing is allowed where there are fewer than k proofs. log_prob: (B, k) of
    each proof alone, in nats; -inf where there is none. optimal: (B, k), whether it is known that no other
    proof is better than this one. next_best: (B,), what no proof that is not listed exceeds.
    """

    symbols: tuple[Symbol, ...]
    allowed: Array
    log_prob: Array
    optimal: Array
    next_best: Array

    def texts(self, example: int) -> list[str]:
        """The proofs of one example in words: what each asks of the symbols that it asks something of.

        Cost: O(k * V).
        """
        logs = self.log_prob[example].tolist()
        rows = self.allowed[example].tolist()
        return [self._text(row) for row, log in zip(rows, logs, strict=True) if log > -float("inf")]

    def _text(self, allowed: list[bool]) -> str:
        parts, start = [], 0
        for symbol in self.symbols:
            values = allowed[start : start + len(symbol.values)]
            start += len(values)
            if not all(values):
                taken = [v for v, is_allowed in zip(symbol.values, values, strict=True) if is_allowed]
                parts.append(f"{symbol.name} = {' or '.join(taken)}")
        return ", ".join(parts) or "nothing"
