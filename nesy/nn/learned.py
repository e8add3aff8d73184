"""The probabilities that rules leave to be learned, `t(0.2)::noisy`, as parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import final

import torch
from torch import Tensor, nn

from nesy.errors import ModelError
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
        self._starts: dict[object, int] = {}
        self.weights = nn.ParameterList()
        self._width = 0
        for symbol in symbols:
            prior = _possible(symbol)
            if _clause(symbol) not in self._starts:
                self._starts[_clause(symbol)] = self._width
                self._width += len(prior)
                self.weights.append(nn.Parameter(torch.tensor([math.log(p) for p in prior])))
        self.register_buffer("columns", self.columns_of(symbols), persistent=False)

    def columns_of(self, symbols: Sequence[Symbol]) -> Tensor:
        """Where the values of learnable symbols lie among all distributions.

        Raises `ModelError` (unprepared-parameter) for an instance with a distribution that is not there.
        """
        columns: list[int] = []
        for symbol in symbols:
            if _clause(symbol) not in self._starts:
                raise ModelError(
                    "unprepared-parameter",
                    f"the probability of {symbol.name} is to be learned, but was not known when the model "
                    "was made",
                    span=symbol.span,
                    hint="name the lengths that will occur when the model is made: prepare=range(1, 10)",
                )
            columns += _columns(symbol, self._starts[_clause(symbol)], self._width)
        return torch.tensor(columns, dtype=torch.int64)

    def forward(self, columns: Tensor | None = None) -> Tensor:
        """(1, values): the log-probabilities, in nats, of all values of the symbols; -inf if impossible.

        columns: those of other symbols, from `columns_of`.
        """
        logs = [torch.log_softmax(w, dim=0) for w in self.weights]
        # The last entry is what impossible values refer to.
        impossible = logs[0].new_full((1,), -math.inf) if logs else torch.empty(0)
        return torch.cat([*logs, impossible])[self.columns if columns is None else columns].unsqueeze(0)

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
