"""Accelerate: `prepare` wraps the objective, whose forward is the loss."""

import torch
from accelerate import Accelerator
from points import accuracy, batches, make_model

import nesy


def train(steps: int = 80) -> float:
    accelerator = Accelerator(cpu=True)
    model = make_model()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    data = torch.utils.data.DataLoader(list(batches(steps)), batch_size=None)
    objective, optimiser, data = accelerator.prepare(nesy.Objective(model), optimiser, data)
    for a, b, sums in data:
        optimiser.zero_grad()
        accelerator.backward(objective(sums, a=a, b=b))
        optimiser.step()
    return accuracy(model)


if __name__ == "__main__":
    print(f"sums right: {train():.3f}")
