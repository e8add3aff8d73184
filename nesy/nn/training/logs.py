"""What a run writes beside its checkpoints: a table, a picture, and what TensorBoard reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, final

from nesy.nn.training.configuration.config import Config
from nesy.nn.training.history import Epoch, write_history
from nesy.nn.training.packages import needed
from nesy.nn.training.picture import draw_history

TABLE = "log.csv"
PICTURE = "learning_curve.png"
EVENTS = "tensorboard"


@final
class Logs:
    """The logs of one run. Table and picture are written anew after every epoch, so they are always whole.

    Raises `ConfigError` (missing-package), before anything is trained, for what cannot be written.
    """

    def __init__(self, config: Config) -> None:
        self._folder = config.run_folder
        self._picture = config.write.picture
        self._events: Any = None
        if self._picture:
            span = config.places.of(("write", "picture"))
            purpose = "to draw the learning curve (picture = false leaves it out)"
            needed("matplotlib.figure", purpose, "train", span)
        if config.write.tensorboard:
            span = config.places.of(("write", "tensorboard"))
            purpose = "to write its logs (tensorboard = false leaves them out)"
            needed("tensorboard", purpose, "tensorboard", span)
        self._wanted = config.write.tensorboard

    def open(self, done: int) -> None:
        """Begin, or go on after so many epochs: what TensorBoard has been told of later ones is put aside.

        The folder must be there.
        """
        for unfinished in [*self._folder.glob(f".{TABLE}.*"), *self._folder.glob(f".{PICTURE}.*")]:
            unfinished.unlink()
        if self._wanted:
            module = needed("torch.utils.tensorboard", "to write its logs", "tensorboard")
            self._events = module.SummaryWriter(str(self._folder / EVENTS), purge_step=done + 1)

    def write(self, history: Sequence[Epoch]) -> None:
        """The logs of all epochs so far. Raises `DataError` (file-not-writable)."""
        write_history(self._folder / TABLE, history)
        if self._picture and history:
            draw_history(self._folder / PICTURE, history)

    def add_events(self, line: Epoch) -> None:
        """Tell TensorBoard of an epoch that has ended."""
        if self._events is None:
            return
        for name, value in asdict(line).items():
            if name != "epoch" and value is not None:
                self._events.add_scalar(name, value, line.epoch)
        self._events.flush()

    def close(self) -> None:
        """Nothing more is written."""
        if self._events is not None:
            self._events.close()


def clear_logs(folder: Path) -> None:
    """Remove what an earlier run has logged."""
    for path in [folder / TABLE, folder / PICTURE, *(folder / EVENTS).glob("events.out.tfevents.*")]:
        path.unlink(missing_ok=True)
