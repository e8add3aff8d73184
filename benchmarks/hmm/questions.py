"""What is asked of the rules: the last state, to train on; filtering and smoothing, to be told about all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

import nesy
from benchmarks.hmm.tables import STATES
from nesy.language.syntax import Program

Tables = Literal["known", "learnt"]

_HERE = Path(__file__).parent


def rules(tables: Tables) -> Program:
    """The rules, with the tables known, or with moves to be learnt."""
    return nesy.load(_HERE / f"{tables}.nesy")


def last_state(tables: Tables, network: nn.Module, length: int, engine: str = "exact") -> nesy.Model:
    """The model that is trained: the last of `length` states, together with all pictures.

    Cost: a circuit of about 200 nodes for each picture.
    """
    networks = {"digit_net": nesy.logits(network)}
    return nesy.Model(rules(tables), networks, f"last({length}, S)", "S", engine)


def every_state(
    tables: Tables, network: nn.Module, length: int, question: Literal["filtered", "smoothed"]
) -> nesy.Model:
    """The model that filters or smooths: an output for each of `length` times; `states` reads it.

    Cost: a circuit of about 200 nodes for each picture.
    """
    query = f"{question}({length}, T, S)"
    return nesy.Model(rules(tables), {"digit_net": nesy.logits(network)}, query, "S")


def states(model: nesy.Model, beliefs: Tensor) -> Tensor:
    """(B, m, S): the log-probability of each state, given the pictures, for each of a model's m outputs.

    The rules say how likely a state is together with the pictures: what is known of it once they have been
    seen is that, divided by its sum over states.
    """
    joint = torch.stack(model.marginals_of(beliefs), dim=1)
    return joint.log_softmax(dim=2)


def conditional_loss(model: nesy.Model) -> Callable[..., Tensor]:
    """Minus the log-probability of the last state, given all pictures, as an objective for training."""

    def loss(targets: Tensor, **inputs: Tensor) -> Tensor:
        found = states(model, model.beliefs(**inputs))
        return nn.functional.nll_loss(found.flatten(0, 1), targets.flatten())

    return loss


def told(model: nesy.Model, beliefs: Tensor, concepts: dict[str, Tensor]) -> Tensor:
    """(B, V): beliefs as they would be if the network read every digit right."""
    parts = list(torch.split(beliefs, [len(symbol.values) for symbol in model.symbols], dim=1))
    for place, symbol in enumerate(model.symbols):
        if symbol.name in concepts:
            certain = nn.functional.one_hot(concepts[symbol.name], len(symbol.values))
            parts[place] = certain.to(beliefs.dtype).log()
    return torch.cat(parts, dim=1)


def moves(model: nesy.Model) -> Tensor:
    """(S, S) float64: the chance of each state after each, as it has been learnt so far."""
    found = torch.zeros(STATES, STATES, dtype=torch.float64)
    for row, symbol in _rows(model).items():
        for column, chance in enumerate(model.learned.probabilities()[symbol].values()):
            found[row, column] = chance
    return found


def take_moves(model: nesy.Model, learnt: nesy.Model) -> None:
    """Give one model what another has learnt of the moves; they may speak of states in another order."""
    weights = dict(zip(_rows(learnt), learnt.learned.weights, strict=True))
    with torch.no_grad():
        for row, own in zip(_rows(model), model.learned.weights, strict=True):
            own.copy_(weights[row])


def _rows(model: nesy.Model) -> dict[int, str]:
    """A learnable symbol for each state that chances are learnt of, in the order of the parameters."""
    found: dict[int, str] = {}
    for symbol in model.learned.probabilities():
        row = int(symbol.removeprefix("move(").split(",")[0])
        found.setdefault(row, symbol)
    return found
