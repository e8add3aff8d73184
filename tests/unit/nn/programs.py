"""Rule texts and tiny networks for the tests of models, and their answers worked out in plain torch.

`Given` returns its input: a test then chooses what a network says by what it feeds in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
import torch
from torch import Tensor, nn

import nesy
from nesy import Model, NesyError, Network
from nesy.engines.inference import Engine

DIGIT = "nn(digit_net, [X], D, 0..9) :: digit(X, D).\n"
ADDITION = DIGIT + "addition(X, Y, S) :- digit(X, A), digit(Y, B), S is A + B.\n"
CARRY = (
    DIGIT
    + """
carry(0, 0).
carry(I, C) :- I > 0, J is I - 1, digit(a(J), X), digit(b(J), Y), carry(J, C0), C is (X + Y + C0) // 10.
sum(N, I, S) :-
    Last is N - 1, between(0, Last, I), digit(a(I), X), digit(b(I), Y), carry(I, C), S is (X + Y + C) mod 10.
sum(N, N, C) :- carry(N, C).
"""
)


class Given(nn.Module):
    """Returns what it is given, and keeps the shapes of all it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[int, ...]] = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls.append(tuple(x.shape))
        return x


def model(
    rules: str,
    networks: Mapping[str, nn.Module | Network],
    query: str,
    output: str | list[str] | None = None,
    engine: str | Engine = "exact",
) -> Model:
    return Model(nesy.parse(rules, "rules.nesy"), networks, query, output, engine)


def addition(network: nn.Module | Network, engine: str | Engine = "exact") -> Model:
    return model(ADDITION, {"digit_net": network}, "addition(a, b, S)", "S", engine)


def one(found: Tensor | list[Tensor]) -> Tensor:
    assert isinstance(found, Tensor)
    return found


def many(found: Tensor | list[Tensor]) -> list[Tensor]:
    assert isinstance(found, list)
    return found


def scores(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def sums(p: Tensor, q: Tensor) -> Tensor:
    """(B, 19): the distribution of the sum of two independent digits, (B, 10) each."""
    totals = [sum(p[:, i] * q[:, s - i] for i in range(10) if 0 <= s - i < 10) for s in range(19)]
    return torch.stack([torch.as_tensor(t) for t in totals], dim=1)


def number_sums(a: Tensor, b: Tensor) -> Tensor:
    """(B, 2 * 10^N - 1): how likely each sum of two numbers of N digits is, by going through all pairs.

    a, b: (B, N, 10) probabilities of the digits, the units first.
    """

    def numbers(digits: Tensor) -> Tensor:
        whole = digits[:, 0]
        for place in range(1, digits.shape[1]):
            whole = (digits[:, place, :, None] * whole[:, None, :]).flatten(1)
        return whole

    p, q = numbers(a), numbers(b)
    size = p.shape[1]
    pairs = (p[:, :, None] * q[:, None, :]).flatten(1)
    totals = (torch.arange(size)[:, None] + torch.arange(size)[None, :]).flatten()
    return torch.zeros(len(p), 2 * size - 1, dtype=p.dtype).index_add(1, totals, pairs)


@contextmanager
def mistake(code: str, *parts: str, hint: str = "", line: int | None = None) -> Iterator[None]:
    """The block ends in a `NesyError` of this code, with these parts in its message, at this line."""
    with pytest.raises(NesyError) as caught:
        yield
    error = caught.value
    assert error.code == code, str(error)
    for part in parts:
        assert part in error.message
    assert hint in (error.hint or "")
    assert error.hint, "an error says what to do next"
    assert (None if error.span is None else error.span.line) == line
