"""The entropy of the worlds that observations leave, from a compiled circuit."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from nesy.engines.exact import ExactInference
from nesy.logic.program import Symbol


def posterior_entropy(
    exact: ExactInference, symbols: Sequence[Symbol], beliefs: Tensor, targets: Tensor
) -> Tensor:
    """(B,): the entropy of the worlds that are left when the targets and the condition hold, in nats.

    It is log Z less the mean, over those worlds, of the log-probability of a world, both from one pass up and
    one down. 0 where the target is impossible.
    Cost: a forward and a backward pass; its gradient is a gradient of a gradient, several times as long.
    """
    wanted = torch.is_grad_enabled()
    with torch.enable_grad():
        leaf = beliefs if beliefs.requires_grad else beliefs.detach().requires_grad_()
        total: Tensor = exact.log_joint(leaf, targets)
        (decided,) = torch.autograd.grad(total.sum(), leaf, create_graph=wanted, materialize_grads=True)
    sizes = [len(symbol.values) for symbol in symbols]
    # What a symbol's values lack of one is left to the beliefs: nothing depends on it there.
    parts = torch.split(decided, sizes, dim=1) if sizes else ()
    free = [(1 - part.sum(dim=1, keepdim=True)).expand_as(part) for part in parts]
    posterior = decided + torch.cat(free, dim=1) * beliefs.exp() if sizes else decided
    logs = beliefs.masked_fill(beliefs == -float("inf"), 0.0)
    possible = total > -float("inf")
    found = total.masked_fill(~possible, 0.0) - (posterior * logs).sum(dim=1).masked_fill(~possible, 0.0)
    return found if wanted else found.detach()
