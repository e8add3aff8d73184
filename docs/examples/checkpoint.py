"""Checkpoints: what is needed to go on as if nothing had happened, bit for bit."""

from itertools import islice
from pathlib import Path

import torch
from points import batches, make_model

import nesy


def save(path: Path, step: int, model: nesy.Model, optimiser: torch.optim.Optimizer) -> None:
    """Into a file beside it first, so that a stop in the middle leaves the last checkpoint whole."""
    part = path.with_suffix(".part")
    state = {"step": step, "model": model.state_dict(), "optimiser": optimiser.state_dict()}
    torch.save({**state, "random": torch.get_rng_state()}, part)
    part.replace(path)


def train(path: Path, stop: int, steps: int = 40) -> nesy.Model:
    """Train up to step `stop`, from the checkpoint at `path` if there is one."""
    model = make_model()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    first = 0
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        first = state["step"]
    for a, b, sums in islice(batches(steps), first, stop):
        optimiser.zero_grad()
        model.loss(sums, a=a, b=b).backward()
        optimiser.step()
    save(path, stop, model, optimiser)
    return model


if __name__ == "__main__":
    train(Path("half.pt"), stop=20)
    train(Path("half.pt"), stop=40)
