"""Programs that tests of surrogates share, ground."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

import nesy
from nesy.grounding import Template, ground
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.program import GroundProgram

SUMS = """
nn(net, [X], D, 0..{base}) :: digit(X, D).
carry(0, 0).
carry(I, C) :-
    I > 0, J is I - 1,
    digit(a(J), X), digit(b(J), Y), carry(J, D), C is (X + Y + D) // ({base} + 1).
sum(N, I, S) :-
    Last is N - 1, between(0, Last, I),
    digit(a(I), X), digit(b(I), Y), carry(I, C), S is (X + Y + C) mod ({base} + 1).
sum(N, N, C) :- carry(N, C).
"""

LATIN = """
nn(net, [X, Y], D, 1..3) :: cell(X, Y, D) :- between(1, 3, X), between(1, 3, Y).
differ(L) :- all_different(L).
valid :- forall(between(1, 3, I), (differ([cell(I, 1), cell(I, 2), cell(I, 3)]),
                                   differ([cell(1, I), cell(2, I), cell(3, I)]))).
"""
"""Squares of three by three: in each row and column all values differ."""

CONSTRAINED = """
nn(net, [X], D, 1..3) :: cell(X, D) :- between(1, 4, X).
:- between(1, 3, X), Y is X + 1, cell(X, D), cell(Y, D).
total(S) :- sum_equals([cell(1), cell(2), cell(3), cell(4)], S).
"""
"""Four cells in a row, neighbours different."""


@cache
def grounded(text: str, query: str, output: str | None) -> GroundProgram:
    return ground(nesy.parse(text), Template.parse(query, output))


def sums(digits: int, base: int = 4) -> GroundProgram:
    """Sums of numbers of some digits, each from 0 to `base`."""
    return grounded(SUMS.replace("{base}", str(base)), f"sum({digits}, I, S)", "S")


def latin() -> GroundProgram:
    return grounded(LATIN, "valid", None)


def constrained() -> GroundProgram:
    return grounded(CONSTRAINED, "total(S)", "S")


def beliefs(program: GroundProgram, rows: int, seed: int, scale: float = 2.0) -> Tensor:
    """(rows, V): random log-probabilities of all symbols."""
    generator = torch.Generator().manual_seed(seed)
    sizes = [len(s.values) for s in program.symbols]
    scores = scale * torch.randn(rows, program.width, generator=generator)
    return torch.cat([part.log_softmax(1) for part in torch.split(scores, sizes, dim=1)], dim=1)


def targets_of(program: GroundProgram, worlds: Tensor) -> tuple[Tensor, Tensor]:
    """(B, m) what the program says of worlds (B, n), and (B,) whether they meet the condition."""
    said = OutputEvaluator(program).evaluate(worlds[None].numpy())
    return torch.from_numpy(said.values[0]), torch.from_numpy(said.consistent[0])


def drawn(program: GroundProgram, given: Tensor, seed: int) -> Tensor:
    """(B, n): a world from each row of log-probabilities."""
    generator = torch.Generator().manual_seed(seed)
    sizes = [len(s.values) for s in program.symbols]
    parts = torch.split(given.exp(), sizes, dim=1)
    return torch.cat([torch.multinomial(part, 1, generator=generator) for part in parts], dim=1)
