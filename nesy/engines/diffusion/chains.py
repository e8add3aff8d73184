"""Worlds drawn step by step: all symbols are masked at first, and a part of them is revealed at each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import final

import torch
from torch import Tensor

from nesy.engines.diffusion.drawing import Dice, drawn
from nesy.engines.diffusion.evaluating import Evaluator
from nesy.engines.diffusion.layout import MASKED
from nesy.engines.diffusion.predictor import Predictor

MOST_PLACES = 1 << 22
"""Into how many places tables are at most repeated at a time, which bounds memory."""


@final
class Chains:
    """Draws worlds from the distribution that T steps of denoising define.

    steps: T, at most one for each symbol. Symbols are revealed in random order, an equal number at each step:
    one by one where there are no more symbols than steps, and all dependence can be expressed.
    """

    def __init__(self, predictor: Predictor, evaluator: Evaluator, dice: Dice, steps: int) -> None:
        self._predictor = predictor
        self._evaluator = evaluator
        self._dice = dice
        layout = predictor.layout
        self._all = torch.ones_like(layout.dependent)
        self._steps = min(steps, max(1, layout.count))
        # What depends on nothing is revealed at the last step: nobody asks for it.
        self._ordered = layout.dependent if predictor.network is not None else ~self._all
        self._free_steps = min(steps, max(1, int(self._ordered.sum())))

    @torch.no_grad()
    def worlds(self, table: Tensor, count: int) -> Tensor:
        """(B, count, n) int64. table: (B, n, D), beliefs.

        Cost: T calls of the network on B * count worlds, each about n / T symbols.
        """
        return torch.cat([self.worlds_and_scores(part, count)[0] for part in _parts(table, count)])

    def worlds_and_scores(self, table: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Worlds, and (B, count) the log-probability of each one's way through the steps, differentiable.

        Cost: as `worlds`; with gradients, memory for all steps at once.
        """
        logs = table.new_zeros((len(table), count))
        world = self._masked(table, count)
        for asked, predicted, values in self._denoising(table, count):
            logs = logs + predicted.gather(3, values[..., None])[..., 0].sum(dim=2)
            world = world.scatter(2, asked, values)
        return world, logs

    @torch.no_grad()
    def marginals(self, table: Tensor, count: int) -> Tensor:
        """(B, n, D): the probability of each value of each symbol, from `count` worlds.

        The mean of what is predicted of a symbol when it is revealed. Cost: as `worlds`.
        """
        found = []
        for part in _parts(table, count):
            total = torch.zeros_like(part)
            for asked, predicted, _ in self._denoising(part, count):
                index = asked.flatten(1)[:, :, None].expand(-1, -1, part.shape[2])
                total.scatter_add_(1, index, predicted.exp().flatten(1, 2) / count)
            found.append(total)
        return torch.cat(found)

    def _denoising(self, table: Tensor, count: int) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """At each step of `count` worlds of each example: which symbols are revealed, (B, count, c), what is
        predicted of them, (B, count, c, D), and the values drawn, (B, count, c).
        """
        believed = self._predictor.believed(table)
        world = self._masked(table, count)
        order = self._order(world, self._ordered)
        for step in range(self._free_steps):
            asked = order[:, :, self._reached(step) : self._reached(step + 1)]
            predicted = self._predictor.some_of(believed, world, asked)
            uniform = self._dice.uniform((asked.numel(), 1, 1), table.device)
            values = drawn(predicted.flatten(0, 2)[:, None], uniform).view(asked.shape)
            yield asked, predicted, values
            world = world.scatter(2, asked, values)

    @torch.no_grad()
    def guided(
        self, table: Tensor, targets: Tensor, candidates: int, sharpness: float
    ) -> tuple[Tensor, Tensor]:
        """(B, n), a world of each example drawn towards its targets, and (B,) bool, whether it gives them.

        At every step `candidates` completions are drawn, and one of them, or that of the step before, is
        chosen with weight exp(-sharpness * violations); what is revealed is revealed of it.
        Cost: T calls of the network on B rows, and T * candidates evaluations of each example.
        """
        batch, symbols, _ = table.shape
        believed = self._predictor.believed(table)
        world = self._masked(table, 1)
        order = self._order(world, self._all)[:, 0]
        best = world = world[:, 0]
        violations = torch.zeros(batch, dtype=torch.int64, device=table.device)
        for step in range(self._steps):
            predicted = self._predictor.all_of(believed, world)
            proposed = drawn(predicted, self._dice.uniform((batch, candidates, symbols), table.device))
            kept = self._kept(world, violations, candidates)
            proposed = torch.where(kept, best[:, None, :], proposed)
            if step:
                proposed = torch.cat([best[:, None, :], proposed], dim=1)
            violated = self._evaluator.violations(proposed, targets)
            chosen = self._chosen(violated, sharpness)
            best = proposed.gather(1, chosen[:, None, None].expand(-1, 1, symbols))[:, 0]
            violations = violated.gather(1, chosen[:, None])[:, 0]
            revealed = order[:, symbols * step // self._steps : symbols * (step + 1) // self._steps]
            world = world.scatter(1, revealed, best.gather(1, revealed))
        return world, violations == 0

    def _kept(self, world: Tensor, violations: Tensor, candidates: int) -> Tensor:
        """(B, K, n) bool: which symbols of each candidate are those of the step before.

        All that are known; and where that world still violates something, a random part of the others: what
        is nearly right is mended more easily than drawn anew.
        """
        batch, symbols = world.shape
        share = self._dice.uniform((batch, candidates, 1), world.device) * (violations > 0)[:, None, None]
        return (world >= 0)[:, None, :] | (
            self._dice.uniform((batch, candidates, symbols), world.device) < share
        )

    def _chosen(self, violated: Tensor, sharpness: float) -> Tensor:
        """(B,): the candidate that is resampled. The fewest violations weigh 1: none underflows."""
        logs = -sharpness * (violated - violated.min(dim=1, keepdim=True).values).double()
        uniform = self._dice.uniform((len(logs), 1, 1), logs.device)
        return drawn(logs[:, None, :], uniform)[:, 0, 0]

    def _masked(self, table: Tensor, count: int) -> Tensor:
        return torch.full((len(table), count, table.shape[1]), MASKED, device=table.device)

    def _order(self, world: Tensor, ordered: Tensor) -> Tensor:
        """(B, S, n): the symbols in random order, those that are not among the ordered at the end."""
        keys = self._dice.uniform(tuple(world.shape), world.device)
        return (keys + ~ordered.to(world.device)).argsort(dim=2)

    def _reached(self, step: int) -> int:
        """How many symbols are known before a step; those that depend on nothing wait for the last."""
        if step == self._free_steps:
            return len(self._ordered)
        return int(self._ordered.sum()) * step // self._free_steps


def _parts(table: Tensor, count: int) -> Sequence[Tensor]:
    """A table (B, n, D) in parts whose rows, `count` of each, are not too many at a time."""
    _, symbols, values = table.shape
    return torch.split(table, max(1, MOST_PLACES // (count * symbols * values + 1)))
