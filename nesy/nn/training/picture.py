"""The learning curve as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from nesy.circuit.formats.whole_files import whole_file
from nesy.nn.training.history import Epoch
from nesy.nn.training.packages import needed


def draw_history(path: Path, history: Sequence[Epoch]) -> None:
    """Loss, and beside it accuracy where examples are held out, epoch by epoch, as PNG; whole or not at all.

    Raises `ConfigError` (missing-package) without matplotlib. Cost: some tenths of a second.
    """
    figure = needed("matplotlib.figure", "to draw the learning curve", "train").Figure(figsize=(9, 3.5))
    epochs = [line.epoch for line in history]
    losses = figure.add_subplot(1, 2, 1)
    losses.plot(epochs, [line.train_loss for line in history], marker=".", label="training")
    losses.set(xlabel="epoch", ylabel="loss (nats)")
    judged = [line for line in history if line.held_out_loss is not None]
    if judged:
        where = [line.epoch for line in judged]
        losses.plot(where, [line.held_out_loss for line in judged], marker=".", label="held out")
        accuracy = figure.add_subplot(1, 2, 2)
        accuracy.plot(where, [line.held_out_accuracy for line in judged], marker=".", color="tab:green")
        accuracy.set(xlabel="epoch", ylabel="held-out accuracy", ylim=(-0.02, 1.02))
    losses.legend()
    for axes in figure.axes:
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    data = io.BytesIO()
    # A figure made without pyplot is drawn by Agg, which needs no screen.
    figure.savefig(data, format="png", dpi=120, bbox_inches="tight")
    with whole_file(path) as file:
        file.write(data.getbuffer())
