"""Evidence that changes from example to example: answers conditioned on outputs that are observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union, final

import torch
from torch import Tensor

from nesy.engines.inference import Inference
from nesy.errors import EngineError, ModelError
from nesy.kernels.arrays import log_ratio
from nesy.logic.program import Output
from nesy.nn.targets import UNOBSERVED, checked_targets

Evidence = Union[Tensor, Mapping[str, Tensor], None]
"""Indices of observed values: (B, k) for all that may be observed, or (B,) by name; -1 is not observed."""


@final
class Conditioned:
    """The answers of an inference whose last outputs are there to be conditioned on.

    Cost: `log_prob` twice that of the inference; `marginals` once for each value of each output.
    """

    def __init__(self, inference: Inference, outputs: Sequence[Output], observable: Sequence[Output]) -> None:
        self._inference = inference
        self._outputs = tuple(outputs)
        self._observable = tuple(observable)

    def checked(self, evidence: Evidence, batch: int) -> Tensor | None:
        """(B, k) int64; None where nothing is given.

        Raises `ModelError`: undeclared-evidence, unknown-evidence; wrong-dtype, wrong-shape,
        target-out-of-range.
        """
        if evidence is None:
            return None
        if not self._observable:
            raise ModelError(
                "undeclared-evidence",
                "evidence is given, but the model was made without any",
                hint="say what may be observed when it is made: Model(..., evidence={'digit(a, D)': 'D'})",
            )
        if isinstance(evidence, Mapping):
            evidence = self._side_by_side(evidence, batch)
        return checked_targets(evidence, self._observable, batch)

    def log_prob(self, beliefs: Tensor, targets: Tensor, observed: Tensor | None) -> Tensor:
        """(B,): log P(targets | evidence). Raises `EngineError` (impossible-observation)."""
        if not self._observable:
            found: Tensor = self._inference.log_prob(beliefs, targets)
            return found
        if observed is None:
            return self._joint(beliefs, targets, targets.new_full((len(targets), 1), UNOBSERVED))
        alone = self._alone(beliefs, observed)
        conditioned: Tensor = log_ratio(self._joint(beliefs, targets, observed), alone)
        return conditioned

    def marginals(self, beliefs: Tensor, observed: Tensor | None) -> list[Tensor]:
        """For each output, the log-probability of each of its values, (B, values).

        Raises `EngineError` (impossible-observation).
        """
        if observed is None:
            answers = self._inference.marginals(beliefs)[: len(self._outputs)]
            return [answer.log_probs for answer in answers]
        alone = self._alone(beliefs, observed)
        return [self._values(beliefs, observed, alone, i) for i in range(len(self._outputs))]

    def _values(self, beliefs: Tensor, observed: Tensor, alone: Tensor, output: int) -> Tensor:
        values, batch = len(self._outputs[output].domain), beliefs.shape[0]
        targets = observed.new_full((values * batch, len(self._outputs)), UNOBSERVED)
        targets[:, output] = torch.arange(values, device=targets.device).repeat_interleave(batch)
        joint = self._joint(beliefs.repeat(values, 1), targets, observed.repeat(values, 1))
        found: Tensor = log_ratio(joint.view(values, batch), alone).T
        return found

    def _alone(self, beliefs: Tensor, observed: Tensor) -> Tensor:
        """(B,): the log-probability of the evidence."""
        nothing = observed.new_full((len(observed), len(self._outputs)), UNOBSERVED)
        found = self._joint(beliefs, nothing, observed)
        impossible = (found == -float("inf")).nonzero()
        if len(impossible):
            raise EngineError(
                "impossible-observation",
                f"the evidence of example {int(impossible[0])} of the batch has probability zero",
                hint="the rules and the networks exclude it; -1 leaves a value unobserved",
            )
        return found

    def _joint(self, beliefs: Tensor, targets: Tensor, observed: Tensor) -> Tensor:
        found: Tensor = self._inference.log_prob(
            beliefs, torch.cat([targets, observed.expand(-1, len(self._observable))], dim=1)
        )
        return found

    def _side_by_side(self, evidence: Mapping[str, Tensor], batch: int) -> Tensor:
        names = [o.name for o in self._observable]
        for name, column in evidence.items():
            if name not in names:
                raise ModelError(
                    "unknown-evidence",
                    f"the model was made without evidence called {name}",
                    hint=f"what may be observed is {', '.join(names[:8])}",
                )
            if not isinstance(column, Tensor) or column.shape != (batch,):
                shown = tuple(column.shape) if isinstance(column, Tensor) else type(column).__name__
                raise ModelError(
                    "wrong-shape",
                    f"the evidence {name} is {shown}, expected a tensor of shape ({batch},)",
                    hint="give the index of a value for each example, -1 where there is none",
                )
        given = next(iter(evidence.values()), torch.empty(0, dtype=torch.int64))
        nothing = given.new_full((batch,), UNOBSERVED)
        return torch.stack([evidence.get(name, nothing) for name in names], dim=1)
