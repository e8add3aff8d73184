"""What a run of training is: everything that decides its result, and where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, final

from nesy.errors import ConfigError
from nesy.nn.objective import LIKELIHOODS, Likelihood
from nesy.nn.training.configuration.places import Keys, Places

Options = Mapping[str, object]
"""Arguments by name, as they stand in the configuration."""
SCALES = ("probabilities", "logits", "log_probs")
"""What a network may return; see `nesy.logits` and `nesy.log_probs`."""
DTYPES = ("float32", "float64")
STEPPED = ("step", "epoch")


@final
@dataclass(frozen=True, slots=True)
class Imported:
    """Something that a Python module holds, called with options. path: `module:name`."""

    path: str
    options: Options = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """A network: what makes it, and what it returns; None where that says so itself (`nesy.logits`)."""

    build: Imported
    returns: str | None = None


@final
@dataclass(frozen=True, slots=True)
class TemplateConfig:
    """The question that is trained on, as `nesy.Model` takes it."""

    query: str
    output: tuple[str, ...] = ()
    semantics: str = "probability"


@final
@dataclass(frozen=True, slots=True)
class Named:
    """An engine or an optimiser: its name and its options."""

    name: str
    options: Options = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """A schedule of `torch.optim.lr_scheduler`.

    per: what it counts, "step" or "epoch"; None: as torch's documentation says.
    """

    name: str
    options: Options = field(default_factory=dict)
    per: str | None = None


@final
@dataclass(frozen=True, slots=True)
class LossConfig:
    """What is minimised, as `nesy.Objective` takes it."""

    likelihood: Likelihood = "engine"
    semantic: float = 0.0
    entropy: float = 0.0
    conditional_entropy: float = 0.0
    batch_entropy: float = 0.0


@final
@dataclass(frozen=True, slots=True)
class WriteConfig:
    """Where a run is written, and what.

    keep: how many checkpoints are kept, beside the best. every_steps: one is written after so many steps, and
    at the end of every epoch; None: only there.
    """

    folder: Path = Path("run")
    keep: int = 3
    every_steps: int | None = None
    picture: bool = True
    tensorboard: bool = False


@final
@dataclass(frozen=True)
class Config:
    """A run of training. `read_config` takes it from a TOML file; paths are relative to `folder`.

    networks: by the names that the rules use. data: a function; see `nesy.nn.training.data`.
    seed: of all random numbers that the run draws.
    allow_files, allow_python: what the rules may reach, as for `nesy.load`.
    Raises `ConfigError` (wrong-value), with the place in the file where there is one.
    """

    rules: Path
    networks: Mapping[str, NetworkConfig]
    data: Imported
    template: TemplateConfig
    optimiser: Named
    epochs: int
    batch_size: int
    schedule: ScheduleConfig | None = None
    engine: Named = Named("exact")
    loss: LossConfig = LossConfig()
    seed: int = 0
    dtype: str = "float32"
    device: str = "cpu"
    write: WriteConfig = WriteConfig()
    allow_files: tuple[Path, ...] = ()
    allow_python: bool = False
    folder: Path = Path()
    places: Places = field(default=Places(), compare=False, repr=False)

    def __post_init__(self) -> None:
        self._at_least(("epochs",), self.epochs, 1)
        self._at_least(("batch_size",), self.batch_size, 1)
        self._at_least(("seed",), self.seed, 0)
        self._at_least(("write", "keep"), self.write.keep, 1)
        if self.write.every_steps is not None:
            self._at_least(("write", "every_steps"), self.write.every_steps, 1)
        self._one_of(("dtype",), self.dtype, DTYPES)
        self._one_of(("loss", "likelihood"), self.loss.likelihood, LIKELIHOODS)
        for name, network in self.networks.items():
            if network.returns is not None:
                self._one_of(("networks", name, "returns"), network.returns, SCALES)
        if self.schedule is not None and self.schedule.per is not None:
            self._one_of(("schedule", "per"), self.schedule.per, STEPPED)

    @property
    def run_folder(self) -> Path:
        """Where the run is written."""
        return self.folder / self.write.folder

    def _at_least(self, keys: Keys, value: int, least: int) -> None:
        if value < least:
            self._refuse(keys, value, f"give {least} or more")

    def _one_of(self, keys: Keys, value: str, allowed: tuple[str, ...]) -> None:
        if value not in allowed:
            self._refuse(keys, repr(value), f"one of {', '.join(allowed)}")

    def _refuse(self, keys: Keys, value: object, hint: str) -> NoReturn:
        raise ConfigError("wrong-value", f"{'.'.join(keys)} is {value}", span=self.places.of(keys), hint=hint)
