"""What is known of each epoch, as a table that is always whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, final

from nesy.circuit.formats.whole_files import write_text


@final
@dataclass(frozen=True, slots=True)
class Epoch:
    """One line of the log.

    epoch: counted from 1. steps: updates since training began. train_loss: the mean over the examples as they
    were trained on. held_out_*: after the epoch; None where no examples are held out. learning_rate: of the
    last update. seconds: within updates.
    """

    epoch: int
    steps: int
    train_loss: float
    held_out_loss: float | None
    held_out_accuracy: float | None
    learning_rate: float
    seconds: float
    examples_per_second: float

    def shown(self) -> str:
        """The line as people read it."""
        parts = [f"epoch {self.epoch}", f"loss {self.train_loss:.4f}"]
        if self.held_out_loss is not None and self.held_out_accuracy is not None:
            parts += [f"held-out loss {self.held_out_loss:.4f}", f"accuracy {self.held_out_accuracy:.4f}"]
        return "  ".join([*parts, f"{self.seconds:.1f} s", f"{self.examples_per_second:.0f} examples/s"])

    def better_than(self, other: Epoch | None) -> bool:
        """Whether more of the held-out examples are right, or as many with less loss."""
        if self.held_out_accuracy is None or self.held_out_loss is None:
            return False
        if other is None or other.held_out_accuracy is None or other.held_out_loss is None:
            return True
        mine = (self.held_out_accuracy, -self.held_out_loss)
        return mine > (other.held_out_accuracy, -other.held_out_loss)


def best_of(history: Sequence[Epoch]) -> Epoch | None:
    """The first of the best epochs by the held-out examples; None where there are none."""
    best = None
    for epoch in history:
        if epoch.better_than(best):
            best = epoch
    return best


def write_history(path: Path, history: Sequence[Epoch]) -> None:
    """A CSV file with a line for each epoch, written anew: no resumed run can leave a line twice."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Epoch))
    writer.writerows(asdict(epoch).values() for epoch in history)
    write_text(path, text.getvalue())


def as_state(history: Sequence[Epoch]) -> list[dict[str, Any]]:
    """The lines as a checkpoint keeps them."""
    return [asdict(epoch) for epoch in history]


def from_state(state: Sequence[Mapping[str, Any]]) -> list[Epoch]:
    """The lines that a checkpoint has kept."""
    return [Epoch(**line) for line in state]
