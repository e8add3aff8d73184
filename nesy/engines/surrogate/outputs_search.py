"""The most probable outputs, by a beam over the dimensions of modules."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor

from nesy.engines.surrogate.answering import Answering
from nesy.engines.surrogate.groups import Arrangement, Group
from nesy.engines.surrogate.networks import UNOBSERVED


@final
class OutputSearch:
    """Goes through outputs in the order of modules; each is predicted given those before."""

    def __init__(self, arrangement: Arrangement, answering: Answering, sizes: list[int], beam: int) -> None:
        self._arrangement, self._answering = arrangement, answering
        self._sizes, self._beam = sizes, beam

    def most_probable(self, beliefs: Tensor) -> Tensor:
        """(B, m): the most probable outputs that the beam finds.

        Cost: a pass for each output and each of the combinations in the beam.
        """
        rows, m = len(beliefs), len(self._sizes)
        targets = torch.full((rows, 1, m), UNOBSERVED)
        scores = torch.zeros(rows, 1, dtype=torch.float32)
        for output in self._order():
            size, kept = self._sizes[output], scores.shape[1]
            asked = targets[:, :, None, :].repeat(1, 1, size, 1)
            asked[..., output] = torch.arange(size)
            flat = asked.reshape(-1, m)
            logs = self._answering.log_prob(beliefs.repeat_interleave(kept * size, dim=0), flat)
            scores, places = logs.reshape(rows, -1).topk(min(self._beam, kept * size), dim=1)
            targets = asked.reshape(rows, -1, m)[torch.arange(rows)[:, None], places]
        return targets[:, 0]

    def _order(self) -> list[int]:
        groups: list[Group] = list(self._arrangement.groups)
        own = [output for group in groups for module in group.modules for output in module.outputs]
        return own + [c.output for c in self._arrangement.conjunctions]
