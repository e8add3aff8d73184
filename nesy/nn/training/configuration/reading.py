"""A configuration from a TOML file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from nesy.errors import ConfigError
from nesy.nn.objective import Likelihood
from nesy.nn.training.configuration.config import (
    Config,
    Imported,
    LossConfig,
    Named,
    NetworkConfig,
    ScheduleConfig,
    TemplateConfig,
    WriteConfig,
)
from nesy.nn.training.configuration.section import Section
from nesy.nn.training.configuration.toml import read_toml


def read_config(path: str | os.PathLike[str]) -> Config:
    """The configuration that a TOML file holds; relative paths in it start in its own folder.

    Raises `LanguageError` for a file that cannot be read, `ConfigError`: malformed-config, missing-key,
    wrong-type, unknown-key, wrong-value, each with its line and column.
    """
    values, places = read_toml(path)
    top = Section(values, places)
    config = Config(
        rules=Path(top.needed("rules", str, 'rules = "rules.nesy"')),
        networks=_networks(top.below("networks")),
        data=_data(_table(top, "data", '[data] with function = "data:make"')),
        template=_template(_table(top, "template", '[template] with query = "sum(a, b, S)"')),
        optimiser=_named(_table(top, "optimiser", '[optimiser] with name = "Adam"'), '"Adam"'),
        schedule=_schedule(top.below("schedule")),
        engine=_engine(top.below("engine")),
        loss=_loss(top.below("loss")),
        epochs=top.needed("epochs", int, "epochs = 20"),
        batch_size=top.needed("batch_size", int, "batch_size = 64"),
        seed=top.default("seed", int, 0),
        dtype=top.default("dtype", str, "float32"),
        device=top.default("device", str, "cpu"),
        write=_write(top.below("write")),
        allow_files=tuple(Path(name) for name in top.texts("allow_files")),
        allow_python=top.default("allow_python", bool, False),
        folder=Path(path).parent,
        places=places,
    )
    top.end()
    return config


def _table(top: Section, key: str, example: str) -> Section:
    found = top.below(key)
    if found is None:
        raise ConfigError(
            "missing-key",
            f"the configuration has no table [{key}]",
            span=top.places.of((key,)),
            hint=f"for example {example}",
        )
    return found


def _networks(section: Section | None) -> dict[str, NetworkConfig]:
    if section is None:
        return {}
    return {name: _network(section, name) for name in section.values}


def _network(section: Section, name: str) -> NetworkConfig:
    if isinstance(section.values[name], str):
        return NetworkConfig(Imported(section.needed(name, str, "")))
    found = section.below(name)
    assert found is not None, "the name is there"
    path = found.needed("class", str, 'class = "networks:Net"')
    network = NetworkConfig(Imported(path, found.default("options", dict, {})), found.given("returns", str))
    found.end()
    return network


def _data(section: Section) -> Imported:
    path = section.needed("function", str, 'function = "data:make"')
    made = Imported(path, section.default("options", dict, {}))
    section.end()
    return made


def _template(section: Section) -> TemplateConfig:
    query = section.needed("query", str, 'query = "sum(a, b, S)"')
    outputs = section.texts("output")
    made = TemplateConfig(query, outputs, section.default("semantics", str, "probability"))
    section.end()
    return made


def _named(section: Section, example: str) -> Named:
    made = Named(section.needed("name", str, f"name = {example}"), section.default("options", dict, {}))
    section.end()
    return made


def _engine(section: Section | None) -> Named:
    return Named("exact") if section is None else _named(section, '"exact"')


def _schedule(section: Section | None) -> ScheduleConfig | None:
    if section is None:
        return None
    name = section.needed("name", str, 'name = "OneCycleLR"')
    made = ScheduleConfig(name, section.default("options", dict, {}), section.given("per", str))
    section.end()
    return made


def _loss(section: Section | None) -> LossConfig:
    if section is None:
        return LossConfig()
    made = LossConfig(
        cast("Likelihood", section.default("likelihood", str, "engine")),
        section.default("semantic", float, 0.0),
        section.default("entropy", float, 0.0),
        section.default("conditional_entropy", float, 0.0),
        section.default("batch_entropy", float, 0.0),
    )
    section.end()
    return made


def _write(section: Section | None) -> WriteConfig:
    otherwise = WriteConfig()
    if section is None:
        return otherwise
    made = WriteConfig(
        Path(section.default("folder", str, str(otherwise.folder))),
        section.default("keep", int, otherwise.keep),
        section.given("every_steps", int),
        section.default("picture", bool, otherwise.picture),
        section.default("tensorboard", bool, otherwise.tensorboard),
    )
    section.end()
    return made
