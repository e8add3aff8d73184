"""A reader trained on pictures with labels, one at a time: what solving boards starts from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

import torch
from rich.console import Console
from torch import Tensor

import nesy
from benchmarks.datasets.images import Images
from benchmarks.learning.running import RunOptions, fit
from benchmarks.learning.train import Training
from benchmarks.sudoku.networks import CellNetwork

RULES = Path(__file__).with_name("reading.nesy")
"""A picture and its digit; where boards are smaller, with as many digits as they have."""

BATCH = 2_000
"""How many pictures are read at once when they are counted."""


@final
@dataclass(frozen=True, eq=False)
class Labelled:
    """Pictures with their digits as targets, less one: (E, 1)."""

    pixels: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def inputs(self, chosen: Tensor | slice) -> dict[str, Tensor]:
        """Some pictures, (B, 1, H, W)."""
        return {"picture": self.pixels[chosen]}


def labelled(images: Images, values: int) -> Labelled:
    """The images of the digits from 1 to `values`."""
    kept = (images.digits >= 1) & (images.digits <= values)
    return Labelled(images.pixels[kept], images.digits[kept][:, None] - 1)


def train_reader(network: CellNetwork, pictures: Labelled, options: RunOptions, console: Console) -> Training:
    """Train a network to tell the digits on pictures, by the exact engine whatever the boards' is."""
    rules = RULES.read_text(encoding="utf-8").replace("1..9", f"1..{network.values}")
    model = nesy.Model(nesy.parse(rules), {"digit_net": nesy.logits(network)}, "reads(D)", "D")
    return fit(model, pictures, options, console)


def share_read(network: CellNetwork, pictures: Labelled) -> float:
    """The share of pictures whose digit is read right."""
    network.eval()
    with torch.no_grad():
        read = torch.cat([network(batch).argmax(dim=1) for batch in torch.split(pictures.pixels, BATCH)])
    return float((read == pictures.targets[:, 0]).double().mean())
