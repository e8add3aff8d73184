"""torch.compile: an objective is compiled as one graph, the circuit being one operation in it."""

import torch
from points import accuracy, batches, make_model

import nesy


def train(steps: int = 80, backend: str = "inductor") -> float:
    model = make_model()
    objective = torch.compile(nesy.Objective(model), backend=backend)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for a, b, sums in batches(steps):
        optimiser.zero_grad()
        objective(sums, a=a, b=b).backward()
        optimiser.step()
    return accuracy(model)


if __name__ == "__main__":
    print(f"sums right: {train():.3f}")
