"""The parts of a run put together: maps, model, training by their ways, and the ways of new maps judged."""

from __future__ import annotations

import time
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, final

import numpy as np
from rich.console import Console
from torch import Tensor, nn

import nesy
from benchmarks.learning.judging import evaluating
from benchmarks.learning.running import RunOptions, begin, fit_watched, run_figures
from benchmarks.learning.train import Training
from benchmarks.path_planning.data import Maps, make_maps
from benchmarks.path_planning.judging import Judged, judge_ways
from benchmarks.path_planning.networks import TileNetwork
from benchmarks.path_planning.parts import parts_of
from nesy.engines.inference import Engine
from nesy.engines.sampling import NoHitsWarning, Sampling
from nesy.engines.sampling.engine import SamplingInference
from nesy.language.syntax import Program

RULES = Path(__file__).with_name("rules.nesy")
"""Cheapest ways, for maps of any size."""

WATCHED = 20
"""On how many of the maps it learns from a run looks at its own accuracy."""

JUDGED_TILES = 30_000
"""How many tiles go through the network at once where nothing is learnt: bounds the memory that takes."""


@final
@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is, in full.

    size: rows and columns of a map. part: of those maps that are learnt from: where it is less than the size,
    parts of maps around parts of ways. maps, tested: how many there are to learn from, and to judge by.
    samples: worlds that are drawn for each map and step. validate: judged by held-out maps, not by test maps.
    batch_entropy: the weight of the entropy of what the network reads on the whole, over a batch.
    """

    size: int
    part: int
    maps: int
    tested: int
    samples: int
    validate: bool
    batch_entropy: float
    run: RunOptions


@final
@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run gave. learning, judging: the model of the maps learnt from, and that of whole maps.

    missed: how many of the examples of all steps had a tile of whose target no world was drawn.
    """

    learning: nesy.Model
    judging: nesy.Model
    examples: int
    training: Training
    compile_seconds: float
    judged: Judged
    missed: int


def run_experiment(settings: Settings, console: Console) -> Outcome:
    """Learn terrain from ways, then find the ways of new maps."""
    begin(settings.run)
    size, part = settings.size, settings.part
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(settings.run.seed).spawn(3)]
    maps = make_maps(settings.maps, size, rngs[0])
    learnt = maps if part == size else parts_of(maps, part)
    network, engine = TileNetwork(), engine_of(settings)
    start = time.perf_counter()
    learning = build_model(network, part, engine)
    judging = learning if part == size else build_model(network, size, engine)
    compile_seconds = time.perf_counter() - start
    training, missed = _train(learning, learnt, settings, console)
    unseen = make_maps(settings.tested, size, rngs[1 if settings.validate else 2])
    judged = judge_ways(judging, unseen, max(1, JUDGED_TILES // size**2))
    return Outcome(learning, judging, len(learnt), training, compile_seconds, judged, missed)


def engine_of(settings: Settings) -> str | Engine:
    """The engine that a run asks for; `sampling` with the run's worlds, tile by tile.

    Worlds seldom have all of a way right at once: each tile has a likelihood of its own. Its gradient is that
    of the score function, as a way depends on every tile of the map.
    """
    if settings.run.engine != "sampling":
        return settings.run.engine
    return Sampling(settings.samples, settings.run.seed, estimator="reinforce", likelihood="per-output")


def program_of(size: int) -> Program:
    """The rules, for maps of a size."""
    return nesy.load(RULES, facts=[nesy.facts("size", [(size,)])])


def build_model(network: nn.Module, size: int, engine: str | Engine) -> nesy.Model:
    """The model for maps of a size, 3 or more: an output for each tile, whether the way leads over it."""
    return nesy.Model(program_of(size), {"tile_net": nesy.logits(network)}, query="way(R, C)", engine=engine)


def figures(settings: Settings, outcome: Outcome) -> dict[str, Any]:
    """What is recorded: accuracies are fractions, times in seconds, memory in bytes.

    task_accuracy is the share of optimal ways; same_way_accuracy that of those equal to the labelled way.
    """
    judged = asdict(outcome.judged)
    return {
        "held_out_examples" if settings.validate else "test_examples": judged.pop("examples"),
        **judged,
        **run_figures(outcome.learning, outcome.training, outcome.compile_seconds),
        **_ground_size("ground", outcome.learning),
        **(_ground_size("judging_ground", outcome.judging) if settings.part < settings.size else {}),
        "train_examples": outcome.examples,
        "train_maps": settings.maps,
        "examples_with_misses": outcome.missed,
    }


def protocol(settings: Settings) -> str:
    """How the data were made, in words."""
    kind, part = "held-out" if settings.validate else "test", settings.part
    cut = f", cut into parts of {part} by {part} around parts of ways" if part < settings.size else ""
    return (
        f"{settings.maps:,} random maps of {settings.size} by {settings.size} tiles to learn from{cut},"
        f" supervised by which tiles lie on the cheapest way and by nothing else; {settings.tested:,} {kind}"
        f" maps to judge by; every tile of every map is drawn anew, maps to learn from, held-out and test"
        f" maps from seeds of their own, spawned from {settings.run.seed}; no terrain is ever given"
        + ("; test maps not used" if settings.validate else "")
    )


def _ground_size(name: str, model: nesy.Model) -> dict[str, int | None]:
    """How large the rules are that worlds are put through, where the engine draws any."""
    drawing = model.inference if isinstance(model.inference, SamplingInference) else None
    return {f"{name}_nodes": drawing and drawing.nodes, f"{name}_edges": drawing and drawing.edges}


def _train(model: nesy.Model, maps: Maps, settings: Settings, console: Console) -> tuple[Training, int]:
    watched = slice(0, WATCHED)
    targets = maps.targets[watched]

    def accuracy() -> float:
        with evaluating(model):
            return float((model.predict(**maps.inputs(watched)) == targets).all(dim=1).double().mean())

    loss = _Counting(nesy.Objective(model, batch_entropy=settings.batch_entropy))
    training = fit_watched(model, maps, settings.run, console, accuracy, loss)
    return training, loss.missed


@final
class _Counting:
    """An objective, with the examples counted that its engine's warnings are about."""

    def __init__(self, objective: nesy.Objective) -> None:
        self._objective = objective
        self.missed = 0

    def __call__(self, targets: Tensor, **inputs: Tensor) -> Tensor:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NoHitsWarning)
            loss: Tensor = self._objective(targets, **inputs)
        found = getattr(self._objective.model.inference, "diagnostics", None)
        self.missed += 0 if found is None else found.without_hits
        return loss
