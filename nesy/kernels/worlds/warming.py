"""All compiled code about worlds, run once on something small."""

from __future__ import annotations

from typing import Any

import numpy as np

from nesy.kernels.worlds.bits import fill_literals, fill_values
from nesy.kernels.worlds.dependence import Dependence
from nesy.kernels.worlds.guided import fill_rest, guide, room
from nesy.kernels.worlds.plan import WorldPlan
from nesy.kernels.worlds.scores import Scores, Weighted, score
from nesy.kernels.worlds.stages import StagePlanner, lay_out
from nesy.kernels.worlds.tallies import Draws, Events, Tally, tally, tally_clamped, tally_values
from nesy.logic.graph import Graph


def exercise() -> None:
    """Load the compiled code; on a computer that never did so, compile it: some twenty seconds."""
    graph = Graph()
    literal = graph.conjunction([graph.leaf(0, 1), graph.disjunction([graph.leaf(0, 0), graph.leaf(1, 1)])])
    plan = WorldPlan(graph, [literal], [2, 2])
    dependence, layout, codes = Dependence(plan), plan.layout, plan.literals
    worlds = np.zeros((1, 2), np.int64)
    fill_literals(layout, codes, worlds, (0, 1), np.empty((1, 1), np.uint64))
    fill_values(layout, codes, np.array([0, 1]), worlds, (0, 1), np.full((1, 1), -1, np.int64))
    beliefs, seeds, one = np.full((1, 4), 0.5), np.zeros(1, np.uint64), np.array([0, 1])
    draws = Draws(np.arange(2), beliefs, seeds, 1)
    events = Events(codes, one, one, dependence.of_rows(codes >> 1))
    tally(layout, draws, events, (0, 1), _empty())
    tally_clamped(layout, draws, events, dependence.above, (0, 1), _empty())
    tally_values(layout, draws, codes, codes, (0, 1), np.zeros((1, 2), np.int64))
    weighted = Weighted(codes, one, one, np.ones(1), np.zeros(1, np.int64), dependence.of_rows(codes >> 1))
    score(layout, draws, weighted, (0, 1), Scores(_empty().hits, np.zeros((1, 4)), np.zeros((1, 1, 4))))
    stages = StagePlanner(plan, dependence).stages(codes.tolist())
    found = room(stages, 4, 2, 1)
    guide(layout, stages, beliefs[0], seeds, 1, found)
    fill_rest(layout, beliefs[0], seeds, 64, found.worlds)


def entries() -> tuple[Any, ...]:
    """The compiled functions that others call."""
    drawn = tally, tally_clamped, tally_values, score, guide
    return fill_literals, fill_values, lay_out, fill_rest, *drawn


def _empty() -> Tally:
    return Tally(np.zeros((1, 1, 4), np.int64), np.zeros((1, 1), np.int64), np.zeros((1, 1, 4), np.int64))
