"""Outputs given a condition that random worlds seldom meet: from guided draws of worlds that do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.typing import NDArray

from nesy.engines.sampling.counting import Counter, Seeds
from nesy.engines.sampling.estimates import FloatArray
from nesy.engines.sampling.program import SampledProgram, event_of
from nesy.kernels.worlds.evaluator import WorldEvaluator
from nesy.kernels.worlds.guided import Guided, fill_rest
from nesy.kernels.worlds.particles import UNREAD


@final
@dataclass(frozen=True)
class Literals:
    """The values of all outputs, side by side: what decides them in worlds, and the program they are of."""

    values: WorldEvaluator
    program: SampledProgram

    @cached_property
    def groups(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """(G, n), (K,): sets of symbols; and which of them each literal, given the condition, depends on."""
        program = self.program
        events = [event_of([code, *program.condition]) for codes in program.values for code in codes.tolist()]
        return program.depend_alike(events)


def shares_given(
    counter: Counter, literals: Literals, probabilities: FloatArray, seeds: Seeds
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """(B, K) and (B, K): the probability of each literal given the condition, and its standard error.

    And (B,) bool, whether any world met the condition.
    Cost: that of guided draws of the condition, and O(edges * S) for each example.
    """
    found = _given(counter, probabilities, seeds)
    shape = len(found), sum(map(len, counter.program.values))
    shares, errors = np.zeros(shape), np.ones(shape)
    for row, (guided, own, seed) in enumerate(zip(found, probabilities, seeds, strict=True)):
        worlds = _completed(counter, guided, own, seed)
        shares[row], errors[row] = _weighed(guided, literals.values.evaluate(worlds.T))
    alive = np.array([(g.log_probability > -np.inf).any() for g in found], dtype=np.bool_)
    return shares, errors, alive


def slopes_given(
    counter: Counter, literals: Literals, probabilities: FloatArray, seeds: Seeds, factors: FloatArray
) -> FloatArray:
    """(B, V): the gradient in the beliefs of the sum of factors (B, K) times the shares' logarithms.

    Each is the mean of grad log p(w) over worlds that also give the literal, less that over all of them, by
    weight, of the particles of `shares_given`. A symbol that literal and condition do not depend on is left
    out.
    Cost: as there, and O(particles * symbols) for each set of symbols that some literals depend on.
    """
    found, slopes = _given(counter, probabilities, seeds), np.zeros(probabilities.shape)
    starts = counter.program.starts[:, None]
    for row, (guided, own, seed) in enumerate(zip(found, probabilities, seeds, strict=True)):
        worlds = _completed(counter, guided, own, seed)
        weights, places = _weights(guided), starts + worlds
        holds = literals.values.evaluate(worlds.T)
        shares = holds @ weights
        moved = (factors[row] != 0) & (shares > 0)
        each = np.where(moved, factors[row], 0.0) / np.where(moved, shares, 1.0)
        for depends, own_literals in zip(literals.groups[0], _members(literals), strict=True):
            kept = own_literals[moved[own_literals]]
            if len(kept):
                pull = weights * (each[kept] @ holds[kept] - factors[row, kept].sum())
                pulls = np.broadcast_to(pull, places[depends].shape)
                slopes[row] += np.bincount(places[depends].ravel(), pulls.ravel(), len(own))
    return slopes


def _members(literals: Literals) -> list[NDArray[np.int64]]:
    """The literals of each group."""
    sets, group = literals.groups
    return [np.flatnonzero(group == g) for g in range(len(sets))]


def _given(counter: Counter, probabilities: FloatArray, seeds: Seeds) -> list[Guided]:
    """Guided draws of the condition, for each example."""
    events = [counter.program.condition] * len(probabilities)
    return counter.guided(probabilities, events, np.arange(len(probabilities)), seeds)


def _weights(guided: Guided) -> FloatArray:
    """(particles,): what each counts among those of all filters; the sum is 1, or 0 where all are dead."""
    logs = guided.log_probability
    if np.isneginf(logs).all():
        return np.zeros(len(guided.weights))
    filters = np.exp(logs - logs.max())
    own = len(guided.weights) // len(logs)
    found: FloatArray = guided.weights * np.repeat(filters / (filters.sum() * own), own)
    return found


def _completed(
    counter: Counter, guided: Guided, probabilities: FloatArray, seed: np.uint64
) -> NDArray[np.int32]:
    """(n, particles): the worlds, with those symbols that the condition left unread."""
    program, own = counter.program, guided.worlds.shape[1] // len(guided.log_probability)
    worlds = np.full((len(program.starts), guided.worlds.shape[1]), UNREAD, np.int32)
    worlds[program.stages(program.condition).symbols] = guided.worlds
    other = np.array([seed + np.uint64(1 << 41)], dtype=np.uint64)
    fill_rest(program.plan.layout, probabilities, other, own, worlds)
    return worlds


def _weighed(guided: Guided, holds: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """(K,) and (K,): the share of each literal among particles, by weight, and its standard error."""
    logs = guided.log_probability
    if np.isneginf(logs).all():
        return np.zeros(len(holds)), np.ones(len(holds))
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    each = (holds * guided.weights).reshape(len(holds), len(logs), -1).mean(axis=2)
    share = each @ weights
    # What filters differ by; and never less than what so few independent worlds would be off by.
    spread = np.sqrt((((each - share[:, None]) * weights) ** 2).sum(axis=1))
    effective = float((weights @ guided.effective) / (weights**2).sum())
    smoothed = (share * effective + 1) / (effective + 2)
    return np.minimum(share, 1.0), np.maximum(spread, np.sqrt(smoothed * (1 - smoothed) / (effective + 2)))
