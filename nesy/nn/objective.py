"""A model and what it is trained on as one module: its `forward` is the loss."""

from __future__ import annotations

from typing import Any, Literal, final

from torch import Tensor, nn

from nesy.engines.inference import batch_mean
from nesy.errors import ModelError
from nesy.nn import losses
from nesy.nn.evidence import Evidence
from nesy.nn.model import Model
from nesy.nn.sequences import SequenceModel
from nesy.nn.targets import Targets, is_soft

Likelihood = Literal["engine", "joint", "per-output", "none"]
"""What is trained on: what the engine prefers, all targets together, each on its own, or none."""
LIKELIHOODS = ("engine", "joint", "per-output", "none")


@final
class Objective(nn.Module):
    """The loss of a model, as a module that is called like one.

    Wrappers such as `DistributedDataParallel` watch `forward` alone, so that this is what they take:
    `loss = wrapped(targets, a=..., b=...)`. The terms share one pass through the networks.

    likelihood: "engine" is `model.loss`; "joint" minus the log-probability of all targets together;
    "per-output" the sum over outputs of each one's own; "none" leaves it out. Soft targets are always
    trained on each output's cross-entropy.
    semantic: the weight of minus the log-probability that the rules' constraints hold.
    entropy: what is taken away for each nat of entropy of the networks' beliefs, the mean over symbols:
    positive weights keep the networks from fixing on one reading; negative ones make them decide.
    conditional_entropy: the same for the entropy of the worlds that the targets leave.
    batch_entropy: the same for the entropy of each network's mean belief over the batch: positive weights
    keep networks from leaving values out, and let each belief be certain.

    A `SequenceModel` has its engine's loss alone. Raises `ModelError`: unknown-likelihood, unsupported-term.
    """

    def __init__(
        self,
        model: Model | SequenceModel,
        likelihood: Likelihood = "engine",
        *,
        semantic: float = 0.0,
        entropy: float = 0.0,
        conditional_entropy: float = 0.0,
        batch_entropy: float = 0.0,
    ) -> None:
        super().__init__()
        weights = (semantic, entropy, conditional_entropy, batch_entropy)
        if likelihood not in LIKELIHOODS:
            raise ModelError(
                "unknown-likelihood",
                f"there is no likelihood {likelihood!r}",
                hint=f"one of {', '.join(LIKELIHOODS)}",
            )
        if isinstance(model, SequenceModel) and (likelihood != "engine" or any(weights)):
            raise ModelError(
                "unsupported-term",
                "a SequenceModel is trained on its engine's loss alone",
                hint="leave likelihood and the weights of other terms out",
            )
        self.model = model
        self._likelihood: Likelihood = likelihood
        self._semantic = semantic
        self._entropy = entropy
        self._conditional_entropy = conditional_entropy
        self._batch_entropy = batch_entropy

    def forward(self, targets: Any, /, *, evidence: Evidence = None, **inputs: Any) -> Tensor:
        """Scalar: the weighted terms, in nats; all but the batch's own entropy are means over the batch.

        Raises what `model.loss` does, and `EngineError` (unsupported-task) for a term that the engine cannot
        give.
        Cost: one call of each network, and that of the terms.
        """
        model = self.model
        if isinstance(model, SequenceModel):
            return model.loss(targets, **inputs)
        beliefs = model.beliefs(**inputs)
        total = self._of_targets(model, targets, beliefs, evidence)
        if self._semantic:
            total = total + self._semantic * batch_mean(losses.semantic(model.inference, beliefs))
        if self._entropy:
            total = total - self._entropy * batch_mean(losses.belief_entropy(model.symbols, beliefs))
        if self._batch_entropy:
            total = total - self._batch_entropy * losses.batch_entropy(model.symbols, beliefs)
        if self._conditional_entropy:
            total = total - self._conditional_entropy * batch_mean(
                self._left(model, targets, beliefs, evidence)
            )
        return total

    def _of_targets(self, model: Model, targets: Targets, beliefs: Tensor, evidence: Evidence) -> Tensor:
        if self._likelihood == "none":
            return beliefs.new_zeros(())
        if self._likelihood == "engine" or is_soft(targets):
            return model.loss_of(beliefs, targets, evidence)
        if self._likelihood == "joint":
            return -batch_mean(model.log_prob_of(beliefs, targets, evidence))
        found = model.marginals_of(beliefs, evidence)
        return batch_mean(losses.per_output(found, model.checked_targets(targets, beliefs)))

    def _left(self, model: Model, targets: Targets, beliefs: Tensor, evidence: Evidence) -> Tensor:
        if is_soft(targets):
            raise ModelError(
                "wrong-dtype",
                "the entropy given the targets needs targets that are observed or not",
                hint="give indices of values, or leave conditional_entropy out",
            )
        together = model.with_evidence(model.checked_targets(targets, beliefs), evidence)
        return losses.posterior_entropy(model.inference, model.symbols, beliefs, together)
