"""Maps read region by region, and by what the rules allow together."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
import torch
from torch import Tensor, nn

import nesy
from benchmarks.colouring.data import COLOURS, Indices, Map, random_map
from benchmarks.learning.judging import peak_memory
from nesy.engines.sat.inference import SatInference
from nesy.language.syntax import Program

RULES = Path(__file__).with_name("rules.nesy")
"""What a map's colours must obey."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full. noise: the deviation of each channel of a patch, whose colours are 0 or 1."""

    maps: int
    regions: int
    noise: float
    seed: int


@final
@dataclass(frozen=True, eq=False)
class Reading:
    """A map as read. alone: each region's most probable colour; joint: the most probable proper colouring.

    optimal: whether the latter is proven to be it. Processor times: to make the model, and to search.
    """

    map: Map
    alone: Indices
    joint: Indices
    optimal: bool
    building_seconds: float
    search_seconds: float


@final
class PatchNetwork(nn.Module):
    """Log-likelihoods of the four colours for patches (N, 3): the noise is known, so nothing is learnt."""

    colours: Tensor

    def __init__(self, noise: float) -> None:
        super().__init__()
        self.noise = noise
        self.register_buffer("colours", torch.from_numpy(COLOURS))

    def forward(self, patches: Tensor) -> Tensor:
        """(N, 4): up to a constant for each patch."""
        apart = (patches[:, None] - self.colours).square().sum(dim=2)
        return -apart / (2 * self.noise**2)


def run_experiment(settings: Settings) -> list[Reading]:
    """Draw maps and read each."""
    rng = np.random.default_rng(settings.seed)
    maps = [random_map(settings.regions, settings.noise, rng) for _ in range(settings.maps)]
    return [read_map(each, settings.noise) for each in maps]


def program_of(drawn: Map) -> Program:
    """The rules, for a map."""
    regions = nesy.facts("region", [(region,) for region in range(len(drawn.colours))])
    borders = nesy.facts("border", [(int(a), int(b)) for a, b in drawn.borders])
    return nesy.load(RULES, facts=[regions, borders])


def read_map(drawn: Map, noise: float) -> Reading:
    """A map's colours from its patches."""
    start = time.process_time()
    model = nesy.Model(
        program_of(drawn),
        {"colour_net": nesy.logits(PatchNetwork(noise))},
        query="colour(V, C)",
        output="C",
        engine="sat",
    )
    built = time.process_time()
    assert isinstance(model.inference, SatInference)
    with torch.no_grad():
        beliefs = model.beliefs(patch=torch.from_numpy(drawn.patches)[None])
        worlds = model.inference.best_worlds(beliefs)
    searched = time.process_time()
    return Reading(
        map=drawn,
        alone=beliefs.reshape(-1, len(COLOURS)).argmax(dim=1).numpy(),
        joint=worlds.values[0, 0].numpy(),
        optimal=bool(worlds.optimal[0, 0]),
        building_seconds=built - start,
        search_seconds=searched - built,
    )


def figures(readings: list[Reading]) -> dict[str, Any]:
    """What is recorded: fractions of maps and regions, processor times in milliseconds, memory in bytes."""
    maps = [reading.map for reading in readings]
    truth, alone, joint = (
        np.stack(each) for each in zip(*((r.map.colours, r.alone, r.joint) for r in readings), strict=True)
    )
    return {
        "maps": len(maps),
        "mean_borders": float(np.mean([len(each.borders) for each in maps])),
        "task_accuracy": float((joint == truth).all(axis=1).mean()),
        "concept_accuracy": float((joint == truth).mean()),
        "violations": sum(r.map.violations(r.joint) for r in readings),
        "optimal": float(np.mean([r.optimal for r in readings])),
        "alone_task_accuracy": float((alone == truth).all(axis=1).mean()),
        "alone_concept_accuracy": float((alone == truth).mean()),
        "alone_violations": sum(r.map.violations(r.alone) for r in readings),
        "building_milliseconds": round(1e3 * float(np.mean([r.building_seconds for r in readings])), 3),
        "search_milliseconds": round(1e3 * float(np.mean([r.search_seconds for r in readings])), 3),
        "peak_memory": peak_memory(),
    }


def report(found: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    return [
        f"joint            {found['concept_accuracy']:.2%} of regions right, {found['task_accuracy']:.1%} of"
        f" {found['maps']} maps; violations {found['violations']}; proven the most probable:"
        f" {found['optimal']:.1%}",
        f"region by region {found['alone_concept_accuracy']:.2%} of regions,"
        f" {found['alone_task_accuracy']:.1%} of maps; violations {found['alone_violations']}",
        f"a map            {found['building_milliseconds']:.1f} ms to ground and encode,"
        f" {found['search_milliseconds']:.1f} ms to search",
    ]
