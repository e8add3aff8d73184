"""What training may minimise, from the beliefs of one pass through the networks.

All are in nats, and for whole batches. Which of them an engine can give is stated with each.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nesy.engines import entropy
from nesy.engines.exact import ExactInference
from nesy.engines.inference import Inference
from nesy.errors import EngineError
from nesy.logic.program import Symbol


def per_output(log_probs: Sequence[Tensor], targets: Tensor) -> Tensor:
    """(B,): minus the sum, over the observed outputs, of each target's own log-probability.

    log_probs: (B, values) for each output. targets: (B, m) indices, -1 where not observed.
    """
    terms = []
    for logs, target in zip(log_probs, targets.T, strict=True):
        chosen = logs.gather(1, target.clamp(min=0)[:, None]).squeeze(1)
        terms.append(torch.where(target >= 0, -chosen, 0.0))
    return torch.stack(terms).sum(dim=0)


def cross_entropy(log_probs: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
    """(B,): the cross-entropy of distributions over outputs, summed over them.

    log_probs, targets: (B, values) for each output. What a target gives no weight counts nothing, however
    improbable.
    """
    terms = []
    for logs, target in zip(log_probs, targets, strict=True):
        target = target.to(logs.device, logs.dtype)  # noqa: PLW2901 - the same, where it is needed
        counted = target > 0
        terms.append(-(target * logs.masked_fill(~counted, 0.0)).sum(dim=1))
    return torch.stack(terms).sum(dim=0)


def semantic(inference: Inference, beliefs: Tensor) -> Tensor:
    """(B,): the semantic loss: minus the log-probability that the rules' constraints and evidence hold.

    Exact engine. Raises `EngineError` (unsupported-task) for others.
    """
    found: Tensor = -_exact(inference, "the semantic loss").log_condition(beliefs)
    return found


def belief_entropy(symbols: Sequence[Symbol], beliefs: Tensor) -> Tensor:
    """(B,): the entropy of the networks' beliefs, the mean over their symbols. Every engine.

    0 where there are no networks. Gradient 0 at a belief of exactly 0.
    """
    columns = [column for symbol in symbols for column in [symbol.call is not None] * len(symbol.values)]
    count = sum(symbol.call is not None for symbol in symbols)
    mine = beliefs[:, torch.tensor(columns, dtype=torch.bool, device=beliefs.device)]
    possible = mine > -float("inf")
    terms = mine.exp() * mine.masked_fill(~possible, 0.0)
    return -terms.sum(dim=1) / max(count, 1)


def batch_entropy(symbols: Sequence[Symbol], beliefs: Tensor) -> Tensor:
    """Scalar: the entropy of a network's mean belief, over the batch and all of its symbols. Every engine.

    The mean over networks, each kind of values on its own; 0 where there are no networks. Largest where
    every value is believed equally often, however certain each belief is (Manhaeve, Dumancic, Kimmig,
    Demeester and De Raedt 2021). Gradient 0 at a value that no belief holds possible.
    """
    of_network: dict[tuple[str, tuple[str, ...]], list[Tensor]] = {}
    parts = torch.split(beliefs, [len(symbol.values) for symbol in symbols], dim=1) if symbols else ()
    for symbol, part in zip(symbols, parts, strict=True):
        if symbol.call is not None:
            of_network.setdefault((symbol.call.network, symbol.values), []).append(part)
    if not of_network:
        return beliefs.new_zeros(())
    stacked = [torch.cat(own) for own in of_network.values()]
    means = [own.exp().sum(dim=0) / max(len(own), 1) for own in stacked]
    terms = [-(mean * mean.masked_fill(mean == 0, 1.0).log()).sum() for mean in means]
    return torch.stack(terms).mean()


def posterior_entropy(
    inference: Inference, symbols: Sequence[Symbol], beliefs: Tensor, targets: Tensor
) -> Tensor:
    """(B,): the entropy of the worlds that are left when the targets and the constraints hold. Exact engine.

    It is log Z less the mean, over those worlds, of the log-probability of a world, both from one pass up and
    one down. 0 where the target is impossible. Raises `EngineError` (unsupported-task).
    Cost: a forward and a backward pass; its gradient is a gradient of a gradient, several times as long.
    """
    exact = _exact(inference, "the entropy given the target")
    return entropy.posterior_entropy(exact, symbols, beliefs, targets)


def _exact(inference: Inference, what: str) -> ExactInference:
    if not isinstance(inference, ExactInference):
        raise EngineError(
            "unsupported-task",
            f"{what} needs the exact engine, and this is {type(inference).__name__}",
            hint="make the model with engine='exact' and semantics='probability'",
        )
    return inference
