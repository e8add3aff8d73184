"""Cheapest ways: maps are what they say, rules and labels agree with every way there is, and a short run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from benchmarks.command_line import main
from benchmarks.path_planning.data import Maps, make_maps
from benchmarks.path_planning.experiment import build_model, program_of
from benchmarks.path_planning.judging import judge_ways
from benchmarks.path_planning.parts import in_order, parts_of
from benchmarks.path_planning.routes import cheapest_ways, distances, optimal
from benchmarks.path_planning.terrain import COSTS, KINDS, random_terrain
from benchmarks.path_planning.tiles import COLOURS, draw_tiles
from nesy.engines.sampling import Sampling
from nesy.grounding import Template, ground
from nesy.kernels.worlds.outputs import OutputEvaluator
from nesy.logic.program import GroundProgram

pytestmark = pytest.mark.usefixtures("one_thread")

Way = frozenset[tuple[int, int]]


def neighbours(tile: tuple[int, int], size: int) -> Iterator[tuple[int, int]]:
    for row in range(max(0, tile[0] - 1), min(size, tile[0] + 2)):
        for column in range(max(0, tile[1] - 1), min(size, tile[1] + 2)):
            if (row, column) != tile:
                yield row, column


@cache
def every_way(size: int) -> list[Way]:
    """All ways over a map that enter no tile twice, by search in depth."""
    goal, found = (size - 1, size - 1), []
    open_ways: list[tuple[tuple[int, int], ...]] = [((0, 0),)]
    while open_ways:
        way = open_ways.pop()
        if way[-1] == goal:
            found.append(frozenset(way))
            continue
        open_ways += [(*way, tile) for tile in neighbours(way[-1], size) if tile not in way]
    return found


def best_ways(costs: np.ndarray) -> tuple[int, list[Way]]:
    """What the cheapest ways cost, and all of them."""
    priced = [(sum(int(costs[t]) for t in way if t != (0, 0)), way) for way in every_way(len(costs))]
    least = min(cost for cost, _ in priced)
    return least, [way for cost, way in priced if cost == least]


def tiles_of(way: np.ndarray) -> Way:
    return frozenset(zip(*(places.tolist() for places in np.nonzero(way)), strict=True))


@cache
def grounded(size: int) -> GroundProgram:
    return ground(program_of(size), Template.parse("way(R, C)", None))


def worlds_of(program: GroundProgram, kinds: np.ndarray) -> np.ndarray:
    """Maps (S, N, N) as worlds (1, S, n) of the program's symbols."""
    places = [json.loads(f"[{s.name[len('kind(') : -len(',_)')]}]") for s in program.symbols]
    rows, columns = np.array(places).T
    found: np.ndarray = kinds[:, rows, columns][None]
    return found


def test_labels_are_the_cheapest_of_all_ways() -> None:
    costs = COSTS[random_terrain(20, 3, np.random.default_rng(0))]
    ways, least = cheapest_ways(costs), distances(costs)[:, -1, -1]
    for map_costs, way, cost in zip(costs, ways, least, strict=True):
        wanted, best = best_ways(map_costs)
        assert cost == wanted
        assert tiles_of(way) in best


def test_a_way_is_optimal_just_if_no_other_is_cheaper() -> None:
    rng = np.random.default_rng(1)
    (costs,) = COSTS[random_terrain(1, 3, rng)]
    marked = (np.arange(512)[:, None] >> np.arange(9) & 1).astype(bool).reshape(512, 3, 3)
    judged = optimal(marked, np.repeat(costs[None], 512, axis=0))
    _, best = best_ways(costs)
    assert {tiles_of(way) for way in marked[judged]} == set(best)


@pytest.mark.parametrize("size", [3, 6])
def test_the_rules_find_the_ways_that_labels_tell(size: int) -> None:
    kinds = np.random.default_rng(size).integers(len(KINDS), size=(300, size, size))
    program = grounded(size)
    assert [o.name for o in program.outputs] == [f"way({r},{c})" for r in range(size) for c in range(size)]
    found = OutputEvaluator(program).evaluate(worlds_of(program, kinds)).values[0]
    assert np.array_equal(found.reshape(-1, size, size), cheapest_ways(COSTS[kinds]))


def test_rules_and_data_name_terrain_in_the_same_order() -> None:
    (kinds,) = {symbol.values for symbol in grounded(3).symbols}
    assert tuple(str(kind) for kind in kinds) == KINDS


def test_every_tile_is_drawn_anew_and_colour_alone_does_not_tell_its_kind() -> None:
    learnt, unseen = (make_maps(20, 6, np.random.default_rng(s)) for s in np.random.SeedSequence(0).spawn(2))
    pictures = torch.cat([maps.pictures.flatten(0, 2).flatten(1) for maps in (learnt, unseen)])
    assert len(np.unique(pictures.numpy(), axis=0)) == len(pictures) == 2 * 20 * 36
    kinds = np.random.default_rng(0).integers(len(KINDS), size=2_000)
    colour = draw_tiles(kinds, np.random.default_rng(1)).mean(axis=(2, 3))
    nearest = ((colour[:, None] - COLOURS) ** 2).sum(axis=2).argmin(axis=1)
    assert 0.25 < (nearest == kinds).mean() < 0.65


def test_inputs_and_concepts_are_those_that_the_rules_name() -> None:
    maps = make_maps(4, 3, np.random.default_rng(0))
    model = build_model(Knowing(maps), 3, Sampling(64, estimator="reinforce"))
    assert set(maps.concepts(slice(None))) == {symbol.name for symbol in model.symbols}
    assert maps.inputs(slice(0, 2))["tile"].shape == (2, 3, 3, 3, 8, 8)
    assert torch.equal(maps.targets.reshape(4, 3, 3).bool(), torch.from_numpy(maps.ways))


def test_who_reads_every_tile_right_finds_the_optimal_way() -> None:
    maps = make_maps(8, 4, np.random.default_rng(3))
    model = build_model(Knowing(maps), 4, Sampling(64, estimator="reinforce"))
    judged = judge_ways(model, maps, batch=3)
    assert judged.task_accuracy == judged.same_way_accuracy == judged.concept_accuracy == 1.0
    assert judged.task_calibration_error == judged.concept_calibration_error == pytest.approx(0.0, abs=1e-6)
    wrong = Maps(maps.pictures, np.roll(maps.kinds, 1, axis=0), np.roll(maps.ways, 1, axis=0))
    assert judge_ways(model, wrong, batch=8).task_accuracy < 1.0


def test_ways_are_put_in_order_by_what_touches() -> None:
    maps = make_maps(10, 9, np.random.default_rng(0))
    for way in maps.ways:
        tiles = in_order(way)
        assert tiles[0].tolist() == [0, 0]
        assert tiles[-1].tolist() == [8, 8]
        assert (np.abs(np.diff(tiles, axis=0)).max(axis=1) == 1).all()
        assert tiles_of(way) == {(int(r), int(c)) for r, c in tiles}
        assert len(tiles) == way.sum()


def test_parts_of_maps_are_maps_whose_cheapest_way_is_the_part() -> None:
    maps = make_maps(8, 9, np.random.default_rng(0))
    parts = parts_of(maps, 4)
    assert len(parts) >= 8
    assert np.array_equal(parts.ways, cheapest_ways(parts.costs))
    knowing = Knowing(maps)
    read = knowing(parts.inputs(slice(None))["tile"].flatten(0, 2)).argmax(dim=1)
    assert torch.equal(read, torch.from_numpy(parts.kinds).flatten())
    assert len(parts_of(maps, 10)) == 0


class Knowing(nn.Module):
    """Reads tiles by having seen them: logits (n, K) for pictures (n, 3, 8, 8) of some maps."""

    def __init__(self, maps: Maps) -> None:
        super().__init__()
        self.seen = maps.inputs(slice(None))["tile"].flatten(0, 2)
        self.kinds = torch.from_numpy(maps.kinds).flatten()

    def forward(self, tiles: Tensor) -> Tensor:
        same = (tiles[:, None] == self.seen).flatten(2).all(dim=2)
        return 50.0 * nn.functional.one_hot(self.kinds[same.int().argmax(dim=1)], len(KINDS)).float()


def test_a_short_run_learns_and_records_all_figures(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    options = "--size 4 --maps 256 --epochs 3 --samples 64 --tested 50"
    assert main(["path_planning", *options.split(), "--json", str(path)]) == 0
    record = json.loads(path.read_text())
    assert record["engine"] == "sampling"
    assert record["options"]["size"] == record["options"]["part"] == 4
    assert record["options"]["batch_entropy"] == 0.0
    assert record["test_examples"] == 50
    assert "no terrain is ever given" in record["protocol"]
    for name in ("task_accuracy", "same_way_accuracy", "concept_accuracy"):
        assert 0 <= record[name] <= 1
    for name in ("task_calibration_error", "concept_calibration_error", "examples_with_misses"):
        assert record[name] >= 0
    for name in ("train_seconds", "peak_memory", "examples_per_second", "ground_nodes", "ground_edges"):
        assert record[name] > 0
    # Blind guesses read a fifth of the tiles right.
    assert record["concept_accuracy"] > 0.3


def test_validating_by_parts_of_maps_leaves_the_test_maps_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    options = "--size 5 --part 3 --maps 16 --epochs 1 --samples 64 --tested 5 --validate"
    assert main(["path_planning", *options.split(), "--json", str(path)]) == 0
    record = json.loads(path.read_text())
    assert record["held_out_examples"] == 5
    assert record["options"]["batch_entropy"] > 0
    assert "test maps not used" in record["protocol"]
    assert "cut into parts of 3 by 3" in record["protocol"]
    assert record["judging_ground_edges"] > record["ground_edges"] > 0
