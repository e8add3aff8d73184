"""DistributedDataParallel: torchrun --nproc-per-node 2 distributed.py

Each process trains on its share of every batch. DDP averages gradients where its own `forward` is called,
and the loss is the forward of an objective.
"""

import os

import torch
import torch.distributed as dist
from points import accuracy, batches, make_model
from torch.nn.parallel import DistributedDataParallel

import nesy


def train(steps: int = 80) -> nesy.Model:
    rank, processes = dist.get_rank(), dist.get_world_size()
    model = make_model()
    objective = DistributedDataParallel(nesy.Objective(model))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.03)
    for a, b, sums in batches(steps):
        optimiser.zero_grad()
        share = slice(rank, None, processes)
        objective(sums[share], a=a[share], b=b[share]).backward()
        optimiser.step()
    return model


if __name__ == "__main__":
    dist.init_process_group("gloo")
    model = train(int(os.environ.get("STEPS", "80")))
    if dist.get_rank() == 0:
        print(f"sums right: {accuracy(model):.3f}")
        if "OUT" in os.environ:
            gradients = {name: p.grad for name, p in model.named_parameters()}
            torch.save((model.state_dict(), gradients), os.environ["OUT"])
    dist.destroy_process_group()
