"""A run at work: updates, the figures of each epoch, checkpoints, and going on where it was cut short."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import final

import torch
from torch import Tensor

from nesy.errors import ConfigError, ModelError
from nesy.logic.interrupts import held
from nesy.nn.training.checkpoints import Checkpoints, State
from nesy.nn.training.configuration.identity import check_same, fingerprint, identity
from nesy.nn.training.data import Examples, batches, shuffled
from nesy.nn.training.evaluation import held_out_figures
from nesy.nn.training.history import Epoch, as_state, best_of, from_state
from nesy.nn.training.logs import Logs
from nesy.nn.training.optimising import Schedule, make_optimiser
from nesy.nn.training.random_state import captured, restore
from nesy.nn.training.task import Task
from nesy.nn.training.watching import Watcher


class Interrupted(KeyboardInterrupt):
    """Training has been interrupted, and can go on from a checkpoint. path: where that is."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"interrupted; the checkpoint is `{path}`")
        self.path = path


@final
class _Asked(Exception):  # noqa: N818 - no error
    """An interrupt came, and was let through where a checkpoint can be written."""


@final
@dataclass
class Place:
    """Where a run is. epochs: how many have ended. step: how many updates of the next one have been made.

    steps: all updates. rate: the learning rate of the last. The rest is of the epoch that has not ended: the
    sum of the losses and the number of the examples trained on, and the time that took.
    """

    epochs: int = 0
    step: int = 0
    steps: int = 0
    rate: float = 0.0
    loss: float = 0.0
    examples: int = 0
    seconds: float = 0.0


@final
class Run:
    """Training, ready to begin. `history` has a line for each epoch that has ended."""

    def __init__(self, task: Task, checkpoints: Checkpoints, watcher: Watcher) -> None:
        """Raises `ConfigError`: what the optimiser, the schedule and the logs raise."""
        config = task.config
        self.task = task
        self.history: list[Epoch] = []
        self._checkpoints = checkpoints
        self._watcher = watcher
        self._part = task.part("train")
        self._steps_per_epoch = math.ceil(len(self._part) / config.batch_size)
        self._optimiser = make_optimiser(config, task.model)
        self._schedule = Schedule(config, self._optimiser, self._steps_per_epoch)
        self._logs = Logs(config)
        # Of the rules as they were read: they may change while a run goes on.
        self._identity = identity(task)
        self._place = Place()
        # Where the losses are, so that no step has to wait for its own.
        self._loss = torch.zeros((), dtype=torch.float64, device=task.device)

    def resume(self) -> None:
        """Be where the newest checkpoint was that can be read; at the beginning where there is none.

        Raises `NesyError`: no-usable-checkpoint, changed-config, checkpoint-mismatch.
        """
        found = self._checkpoints.newest(self._watcher.say)
        if found is None:
            self._watcher.say("there is no checkpoint yet: starting at the beginning")
            return
        path, state = found
        check_same(state["config"], self.task, f"`{path}`")
        with _fitting(self.task, path):
            self.task.model.load_state_dict(state["model"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._schedule.load_state_dict(state["schedule"])
        self._place = Place(**state["place"])
        self._loss.fill_(self._place.loss)
        self.history = from_state(state["history"])
        # The last, because nothing above may draw after it.
        restore(state["random"], self.task.model.inference)
        self._watcher.say(f"going on from `{path}`: {self._what_is_next()}")

    def _what_is_next(self) -> str:
        place = self._place
        if place.epochs >= self.task.config.epochs:
            return "all epochs have ended"
        return f"epoch {place.epochs + 1}, after {place.step} of {self._steps_per_epoch} steps"

    def go_on(self) -> None:
        """Train until the last epoch has ended.

        Raises `Interrupted`, `ConfigError` (unusable-folder), `ModelError` (diverged), and what the model and
        its engine raise.
        """
        self._make_folder()
        self._checkpoints.tidy()
        self._logs.open(self._place.epochs)
        # A run may have been cut short between its log and its checkpoint.
        self._logs.write(self.history)
        self._watcher.begin(self.task.config.epochs, self._steps_per_epoch)
        try:
            with held() as let_through:
                self._epochs(lambda: _check(let_through))
        except _Asked:
            raise Interrupted(self._save(best=False)) from None
        finally:
            self._watcher.end()
            self._logs.close()

    def _make_folder(self) -> None:
        folder = self._checkpoints.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as reason:
            raise ConfigError(
                "unusable-folder",
                f"the folder `{folder}` cannot be made: {(reason.strerror or str(reason)).lower()}",
                span=self.task.config.places.of(("write", "folder")),
                hint="write to a folder that can be, or is there",
            ) from reason

    def _epochs(self, check: Callable[[], None]) -> None:
        while self._place.epochs < self.task.config.epochs:
            self._train_epoch(check)
            self._end_epoch(check)

    def _train_epoch(self, check: Callable[[], None]) -> None:
        """The updates that are left of the epoch."""
        config, place = self.task.config, self._place
        self.task.model.train()
        order = shuffled(len(self._part), config.seed, place.epochs)
        begun = time.perf_counter()
        for batch in batches(self._part, config.batch_size, place.step, order):
            self._update(batch.to(self.task.device, self.task.dtype))
            place.step += 1
            place.steps += 1
            place.examples += len(batch)
            self._watcher.step(place.epochs + 1, place.step)
            place.seconds += time.perf_counter() - begun
            every = config.write.every_steps
            if every is not None and place.steps % every == 0 and place.step < self._steps_per_epoch:
                self._save(best=False)
            check()
            begun = time.perf_counter()

    def _update(self, batch: Examples) -> None:
        if batch.targets is None:
            raise ConfigError(
                "wrong-data",
                "the examples to train on have no targets",
                span=self.task.config.places.of(("data", "function")),
                hint="give (inputs, targets) in every part but predict",
            )
        self._optimiser.zero_grad()
        loss: Tensor = self.task.objective(batch.targets, **batch.inputs)
        loss.backward()  # type: ignore[no-untyped-call]
        self._place.rate = self._schedule.rate
        self._optimiser.step()
        self._schedule.updated()
        self._loss += loss.detach().double() * len(batch)

    def _end_epoch(self, check: Callable[[], None]) -> None:
        """Its figures, its line in the logs, and a checkpoint."""
        place = self._place
        self._check_numbers()
        loss, accuracy = self._judged(check)
        line = Epoch(
            epoch=place.epochs + 1,
            steps=place.steps,
            train_loss=float(self._loss) / place.examples,
            held_out_loss=loss,
            held_out_accuracy=accuracy,
            learning_rate=place.rate,
            seconds=place.seconds,
            examples_per_second=place.examples / place.seconds,
        )
        self._schedule.epoch_ended()
        self.history.append(line)
        self._place = Place(place.epochs + 1, 0, place.steps, place.rate)
        self._loss.zero_()
        self._logs.write(self.history)
        self._logs.add_events(line)
        self._save(best=best_of(self.history) is line)
        self._watcher.epoch(line)

    def _judged(self, check: Callable[[], None]) -> tuple[float | None, float | None]:
        """The loss and the accuracy of the held-out examples, where there are any."""
        held_out = self.task.parts.get("held_out")
        if held_out is None or not len(held_out):
            return None, None
        return held_out_figures(self.task, held_out, check)

    def _save(self, *, best: bool) -> Path:
        self._check_numbers()
        self._place.loss = float(self._loss)
        kept = self._identity
        state: State = {
            "config": dict(kept),
            "fingerprint": fingerprint(kept),
            "place": asdict(self._place),
            "history": as_state(self.history),
            "model": self.task.model.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "random": captured(self.task.model.inference),
        }
        return self._checkpoints.save(state, self._place.steps, best=best)

    def _check_numbers(self) -> None:
        """What is no number is not written: the checkpoints before it are worth more.

        A loss alone does not tell: that of an impossible target is infinite, and may be so rightly.
        """
        kept = all(bool(p.isfinite().all()) for p in self.task.model.parameters())
        if not kept or bool(self._loss.isnan()):
            raise ModelError(
                "diverged",
                f"by step {self._place.steps} parameters or losses are no finite numbers any more",
                hint="lower the learning rate; the checkpoints are those of before",
            )


def load_model(task: Task, state: State, path: Path) -> None:
    """Give a model the parameters of a checkpoint. Raises `ConfigError` (checkpoint-mismatch)."""
    with _fitting(task, path):
        task.model.load_state_dict(state["model"])


@contextmanager
def _fitting(task: Task, path: Path) -> Iterator[None]:
    """A block where a checkpoint is loaded that may be of other networks."""
    try:
        yield
    except (RuntimeError, ValueError, KeyError) as reason:
        raise ConfigError(
            "checkpoint-mismatch",
            f"the networks are not those of `{path}`: {' '.join(str(reason).split())[:300]}",
            span=task.config.places.of(("networks",)),
            hint="the code of the networks has changed: take the code of before, or start anew (--restart)",
        ) from reason


def _check(let_through: Callable[[], None]) -> None:
    try:
        let_through()
    except KeyboardInterrupt:
        raise _Asked from None
