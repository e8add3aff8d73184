"""A configuration's rules, networks and data, made ready: the model and what it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import final

import torch
from torch import nn

from nesy.engines.inference import Engine
from nesy.engines.registry import resolve
from nesy.errors import ConfigError, NesyError, Span
from nesy.language import load
from nesy.language.syntax import Program
from nesy.nn.model import Model
from nesy.nn.network import Network, Scale, as_network
from nesy.nn.objective import Objective
from nesy.nn.training.configuration.config import Config, Named, NetworkConfig
from nesy.nn.training.configuration.imports import called, made
from nesy.nn.training.configuration.places import Keys
from nesy.nn.training.data import Part, checked_parts
from nesy.nn.training.random_state import seed_all

DTYPES: Mapping[str, torch.dtype] = {"float32": torch.float32, "float64": torch.float64}
SCALES = {"probabilities": Scale.PROBABILITIES, "logits": Scale.LOGITS, "log_probs": Scale.LOG_PROBS}


@final
@dataclass(frozen=True, eq=False)
class Task:
    """What is trained, on what, where, and in what precision. parts: the data's, by name."""

    config: Config
    program: Program
    model: Model
    objective: Objective
    parts: Mapping[str, Part]
    device: torch.device
    dtype: torch.dtype

    def part(self, *names: str) -> Part:
        """The first part of these names that there is. Raises `ConfigError` (no-such-part)."""
        for name in names:
            if name in self.parts:
                return self.parts[name]
        raise ConfigError(
            "no-such-part",
            f"the data has no part {' or '.join(names)}",
            span=self.config.places.of(("data", "function")),
            hint=f"`{self.config.data.path}` returned {', '.join(self.parts)}",
        )


def prepare(config: Config) -> Task:
    """The model of a configuration as training begins, and its data.

    Every random number that networks and data draw while they are made is fixed by the seed.
    Raises `NesyError`: what `nesy.load` and `nesy.Model` raise; `ConfigError`: what `imports.made` raises,
    wrong-data, invalid-options, unavailable-device.
    Cost: that of the data, and of grounding and compiling the template.
    """
    device = _device(config)
    dtype = DTYPES[config.dtype]
    seed_all(config.seed)
    networks = {name: _network(config, name, network) for name, network in config.networks.items()}
    program = _program(config)
    model = _model(config, program, networks).to(device, dtype)
    loss = config.loss
    objective = Objective(
        model,
        loss.likelihood,
        semantic=loss.semantic,
        entropy=loss.entropy,
        conditional_entropy=loss.conditional_entropy,
        batch_entropy=loss.batch_entropy,
    )
    # The data last, because they may take long: mistakes are found before. They draw from the seed as well.
    seed_all(config.seed)
    where = config.places.of(("data", "function"))
    parts = checked_parts(made(config.data, config.folder, where), where)
    return Task(config, program, model, objective, parts, device, dtype)


def _program(config: Config) -> Program:
    files = [config.folder / path for path in config.allow_files]
    with _blaming(config, ("rules",)):
        return load(config.folder / config.rules, allow_files=files, allow_python=config.allow_python)


def _model(config: Config, program: Program, networks: Mapping[str, nn.Module | Network]) -> Model:
    template = config.template
    engine = _engine(config.engine, config)
    output = list(template.output) or None
    with _blaming(config):
        return Model(program, networks, template.query, output, engine, semantics=template.semantics)


@contextmanager
def _blaming(config: Config, keys: Keys | None = None) -> Iterator[None]:
    """A block whose mistakes stand in the configuration, unless they have a place in the rules.

    keys: what is to blame; None: what the mistake's code says.
    """
    try:
        yield
    except NesyError as error:
        # The query is read as a text of its own, and that is a line of the configuration.
        if error.span is not None and error.span.source.text != config.template.query:
            raise
        span = config.places.of(_blamed(error.code) if keys is None else keys)
        raise _placed(error, span or error.span) from error


def _blamed(code: str) -> Keys:
    """The part of a configuration that a model's complaint is about."""
    if code == "unknown-semantics":
        return ("template", "semantics")
    return ("networks",) if "network" in code or "module" in code else ("template", "query")


def _placed(error: NesyError, span: Span | None) -> NesyError:
    """The same mistake with its place in the configuration."""
    return type(error)(error.code, error.message, span=span, hint=error.hint, others=error.others)


def _engine(named: Named, config: Config) -> Engine:
    with _blaming(config, ("engine", "name")):
        engine = resolve(named.name)
    if not named.options:
        return engine
    span = config.places.of(("engine", "options"))
    known: list[str] = (
        [f.name for f in dataclasses.fields(engine)] if dataclasses.is_dataclass(engine) else []
    )
    for key in named.options:
        if key not in known:
            raise ConfigError(
                "invalid-options",
                f"the engine {named.name} has no option {key}",
                span=config.places.of(("engine", "options", key)),
                hint=f"its options are {', '.join(known) or 'none'}",
            )
    with _blaming(config, ("engine", "options")):
        found: Engine = called(type(engine), named.options, f"the engine {named.name}", span)
        return found


def _network(config: Config, name: str, network: NetworkConfig) -> nn.Module | Network:
    span = config.places.of(("networks", name, "class"))
    found: nn.Module | Network = made(network.build, config.folder, span)
    with _blaming(config, ("networks", name, "class")):
        as_network(name, found)
    if network.returns is None:
        return found
    if isinstance(found, Network):
        raise ConfigError(
            "said-twice",
            f"`{network.build.path}` says itself what it returns",
            span=config.places.of(("networks", name, "returns")),
            hint="leave `returns` out, or return the module alone",
        )
    return Network(found, SCALES[network.returns])


def _device(config: Config) -> torch.device:
    span = config.places.of(("device",))
    try:
        device = torch.device(config.device)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as reason:
        first = str(reason).strip().partition("\n")[0]
        raise ConfigError(
            "unavailable-device",
            f"there is no device {config.device} here: {first}",
            span=span,
            hint='device = "cpu", or "cuda" where torch sees a GPU',
        ) from reason
    return device
