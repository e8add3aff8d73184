"""The probabilities that rules leave to be learned, `t(0.2)::noisy`, as parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.logic.program import Symbol


@final
class Learned(nn.Module):
    """One distribution for each learnable clause, shared by all of its instances.

    `weights` are the logits of the values that are possible; they begin at the probabilities that the
    rules give. Instances whose rules give them different ones have distributions of their own.
    """

    columns: Tensor

    def __init__(self, symbols: Sequence[Symbol]) -> None:
        """symbols: those to learn, in the order in which `forward` lays their values side by side."""
        super().__init__()
        self._symbols = tuple(symbols)
        starts: dict[object, int] = {}
        self.weights = nn.ParameterList()
        width = 0
        for symbol in symbols:
            prior = _possible(symbol)
            if _clause(symbol) not in starts:
                starts[_clause(symbol)] = width
                width += len(prior)
                self.weights.append(nn.Parameter(torch.tensor([math.log(p) for p in prior])))
        columns = [c for s in symbols for c in _columns(s, starts[_clause(s)], width)]
        self.register_buffer("columns", torch.tensor(columns, dtype=torch.int64), persistent=False)

    def forward(self) -> Tensor:
        """(1, values): the log-probabilities, in nats, of all values of the symbols; -inf if impossible."""
        logs = [torch.log_softmax(w, dim=0) for w in self.weights]
        # The last entry is what impossible values refer to.
        impossible = logs[0].new_full((1,), -math.inf) if logs else torch.empty(0)
        return torch.cat([*logs, impossible])[self.columns].unsqueeze(0)

    @torch.no_grad()
    def probabilities(self) -> Mapping[str, Mapping[str, float]]:
        """What has been learned so far: for each symbol, by name, the probability of each of its values."""
        found = iter(self().squeeze(0).exp().tolist())
        return {s.name: {value: next(found) for value in s.values} for s in self._symbols}


def _possible(symbol: Symbol) -> list[float]:
    assert symbol.prior is not None
    return [p for p in symbol.prior if p > 0]


def _clause(symbol: Symbol) -> object:
    """Equal for the instances that share a distribution: a label's place in the text tells clauses apart."""
    return (symbol.name if symbol.span is None else symbol.span, symbol.prior)


def _columns(symbol: Symbol, start: int, impossible: int) -> list[int]:
    assert symbol.prior is not None
    columns = []
    for probability in symbol.prior:
        columns.append(start if probability > 0 else impossible)
        start += probability > 0
    return columns
