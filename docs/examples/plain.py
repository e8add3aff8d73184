"""Plain PyTorch: a model is a module, and its loss a scalar."""

import torch
from points import accuracy, batches, make_model


def train(steps: int = 80) -> float:
    model = make_model()
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for a, b, sums in batches(steps):
        optimiser.zero_grad()
        model.loss(sums, a=a, b=b).backward()
        optimiser.step()
    return accuracy(model)


if __name__ == "__main__":
    print(f"sums right: {train():.3f}")
