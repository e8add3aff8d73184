"""Explanation models: worlds of a module that give what was observed of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

import torch
from torch import Tensor, nn

from nesy.engines.surrogate.feasible import Feasible
from nesy.engines.surrogate.inputs import multiplied_out, parts
from nesy.engines.surrogate.layers import layers
from nesy.engines.surrogate.local import Local
from nesy.engines.surrogate.networks import TINY, UNOBSERVED, Predictor
from nesy.engines.surrogate.table import Table


class Explainer(ABC):
    """An explanation model q(w | y, P). What it proposes always has the observed values."""

    @abstractmethod
    def worlds(self, beliefs: Tensor, observed: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Probable worlds of R rows, best first: (R, K, n) classes, and (R, K) log p(w | P), K at most count.

        -inf stands for no world; a row has one at least where any world has what was observed.
        """


@final
class Listing(Explainer):
    """By Bayes' rule: the beliefs in the worlds that have what was observed. There is nothing to learn.

    With the multilinear prediction network, log q(y | P) + log q(w | y, P) = log p(w | P) for every world:
    joint matching is met by construction. Cost: O(worlds) for each row.
    """

    def __init__(self, local: Local, table: Table) -> None:
        self._sizes = local.sizes
        self._worlds = torch.from_numpy(local.all_worlds())
        self._values = torch.from_numpy(table.values[table.outcome])

    def worlds(self, beliefs: Tensor, observed: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """All of them are looked at."""
        # In double precision no product of beliefs underflows, and 0 is what is impossible.
        each = parts(beliefs.double(), self._sizes)
        logs = multiplied_out(each, beliefs.double()).log().to(beliefs.dtype)
        wanted = observed[:, None, :]
        fits = ((wanted == UNOBSERVED) | (wanted == self._values)).all(dim=2)
        scores, places = logs.masked_fill(~fits, -torch.inf).topk(min(count, logs.shape[1]), dim=1)
        return self._worlds[places], scores


@final
class ExplanationNetwork(nn.Module, Explainer):
    """Autoregressive over symbols, given dimensions, beliefs and the symbols before.

    Learnt by joint matching. At test it is searched with a beam, and classes that no world with what was
    observed has are left out (by a SAT solver), so that no search ends without a world.
    Cost: a pass for each symbol, and at most that of `PartialWorlds.extend` for each.
    """

    def __init__(self, local: Local, feasible: Feasible, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self._sizes, self._domains, self._feasible = local.sizes, local.domains, feasible
        self._starts = local.starts.tolist()
        width = 2 * local.width + sum(local.domains) + len(local.domains) + len(local.sizes)
        self.layers = layers(width, hidden, local.width, generator)

    def matching_loss(
        self, predictor: Predictor, beliefs: Tensor, worlds: Tensor, outcomes: Tensor
    ) -> Tensor:
        """Scalar: the mean squared difference of log q(y | P) + log q(w | y, P) and log p(w | P)."""
        with torch.no_grad():
            wanted = -predictor(beliefs).log_prob(outcomes)
        total = beliefs.new_zeros(len(beliefs))
        for symbol, size in enumerate(self._sizes):
            own = worlds[:, symbol : symbol + 1]
            total = total + self._logs(beliefs, outcomes, worlds, symbol).gather(1, own)[:, 0]
            part = beliefs[:, self._starts[symbol] : self._starts[symbol] + size]
            wanted = wanted + part.gather(1, own)[:, 0].clamp_min(TINY).log()
        loss: Tensor = (total - wanted).square().mean()
        return loss

    @torch.no_grad()
    def worlds(self, beliefs: Tensor, observed: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """Found row by row."""
        found = [self._searched(beliefs[r], observed[r], count) for r in range(len(beliefs))]
        # A row without a world has one that is as good as none.
        most = max(1, *(len(scores) for _, scores in found))
        worlds = torch.zeros(len(found), most, len(self._sizes), dtype=torch.int64)
        scores = torch.full((len(found), most), -torch.inf, dtype=torch.float32)
        for row, (one, score) in enumerate(found):
            worlds[row, : len(one)], scores[row, : len(one)] = one, score
        return worlds, scores

    def _searched(self, beliefs: Tensor, observed: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """(K, n) worlds of one row and (K,) their log-probabilities, best first."""
        search = self._feasible.partial_worlds(beliefs, observed)
        states = torch.full((len(search), len(self._sizes)), UNOBSERVED)
        guided = torch.zeros(len(search), dtype=torch.float32)
        for symbol, size in enumerate(self._sizes):
            rows = beliefs.expand(len(states), -1)
            seen = observed.expand(len(states), -1)
            total = guided[:, None] + self._logs(rows, seen, states, symbol)
            places = search.extend(self._feasible.choices(symbol), total.double().numpy(), count)
            kept = torch.from_numpy(places)
            guided = total.flatten()[kept]
            states = states[kept // size]
            states[:, symbol] = kept % size
        starts = torch.tensor(self._starts[:-1])
        scores, order = beliefs[states + starts].log().sum(dim=1).sort(descending=True)
        return states[order], scores

    def _logs(self, beliefs: Tensor, observed: Tensor, chosen: Tensor, symbol: int) -> Tensor:
        """(B, classes) log-probabilities of a symbol, given those before it."""
        codes = [nn.functional.one_hot(observed[:, d] + 1, size + 1) for d, size in enumerate(self._domains)]
        for s, size in enumerate(self._sizes):
            known = chosen[:, s] + 1 if s < symbol else torch.zeros_like(chosen[:, s])
            codes.append(nn.functional.one_hot(known, size + 1))
        scores = self.layers(torch.cat([beliefs, *(c.to(beliefs.dtype) for c in codes)], dim=1))
        part = slice(self._starts[symbol], self._starts[symbol] + self._sizes[symbol])
        # What the beliefs say is where explanations begin.
        found: Tensor = scores[:, part] + beliefs[:, part].clamp_min(TINY).log()
        return torch.log_softmax(found, dim=1)
