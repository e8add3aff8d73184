"""What a model would say of an example, were one thing that its networks see otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol, final

import torch
from torch import Tensor

from nesy.engines.inference import Inference
from nesy.logic.program import Output, Symbol, Value


class Answers(Protocol):
    """What a model says of beliefs."""

    @property
    def outputs(self) -> list[Output]:
        """What it answers."""
        ...

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """What beliefs are about, in their order."""
        ...

    @property
    def inference(self) -> Inference:
        """What answers for beliefs; its first outputs are `outputs`."""
        ...

    def marginals_of(self, beliefs: Tensor) -> list[Tensor]:
        """For each output, (B, values) log-probabilities."""
        ...


@final
@dataclass(frozen=True, slots=True)
class Otherwise:
    """Were a symbol certain to have its second most probable value.

    symbol: its name. now: its most probable value; value, belief: the second, and its probability.
    answer, probability: what the output would then most probably be.
    """

    symbol: str
    now: str
    value: str
    belief: float
    answer: Value
    probability: float


@torch.no_grad()
def otherwise(model: Answers, output: int, beliefs: Tensor) -> tuple[Otherwise, ...]:
    """The second thoughts of networks that would change an output's most probable value, likeliest first.

    beliefs: (1, V), the model's own. Cost: one pass of the engine for as many examples as networks tell
    symbols.
    """
    domain = model.outputs[output].domain
    told = [(n, s) for n, s in enumerate(model.symbols) if s.call is not None and len(s.values) > 1]
    if not told:
        return ()
    starts = [0, *accumulate(len(s.values) for s in model.symbols)]
    rows = beliefs.repeat(len(told) + 1, 1)
    best = [beliefs[0, starts[n] : starts[n + 1]].topk(2).indices.tolist() for n, _ in told]
    for row, ((n, _), (_, second)) in enumerate(zip(told, best, strict=True)):
        rows[row, starts[n] : starts[n + 1]] = -float("inf")
        rows[row, starts[n] + second] = 0.0
    answers = model.marginals_of(rows)[output].exp()
    now = int(answers[-1].argmax())
    found = []
    for row, ((n, symbol), (first, second)) in enumerate(zip(told, best, strict=True)):
        other = int(answers[row].argmax())
        chance = float(beliefs[0, starts[n] + second].exp())
        if other != now and chance > 0.0:
            values = symbol.values[first], symbol.values[second]
            found.append(Otherwise(symbol.name, *values, chance, domain[other], float(answers[row, other])))
    return tuple(sorted(found, key=lambda o: -o.belief))


def otherwise_lines(found: tuple[Otherwise, ...], output: str, most: int = 5) -> list[str]:
    """In words. Cost: O(most)."""
    lines = [
        f"  {o.symbol} = {o.value} ({o.belief:.4g}), not {o.now}: {output} = {o.answer} ({o.probability:.4g})"
        for o in found[:most]
    ]
    return ["what it would say instead, were", *lines] if lines else []
