"""Gradients of many events at once: the same as event by event, and in the mean those of enumeration."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from nesy.engines.sampling import counting
from nesy.engines.sampling.counting import Counter
from nesy.engines.sampling.estimating import reinforce
from nesy.engines.sampling.program import SampledProgram
from nesy.engines.sampling.terms import Terms, summed, terms_of
from nesy.engines.sampling.totals import totals_of
from nesy.logic.program import GroundProgram
from tests.oracles.ground import Assignments
from tests.unit.engines import problems
from tests.unit.engines.problems import addition, carry_chain, random_program

FloatArray = NDArray[np.float64]

Z = 5.0
"""Standard errors that a mean may be off: once in 1.7 million comparisons; the draws are seeded."""

PROGRAMS = {"addition": addition(), "carry chain": carry_chain(3), "random": random_program(3)}

pytestmark = pytest.mark.usefixtures("one_thread")


def asked(program: GroundProgram, batch: int, seed: int) -> tuple[SampledProgram, FloatArray, Terms]:
    """Targets output by output, some not observed, of a batch of random beliefs."""
    rng, sampled = np.random.default_rng(seed), SampledProgram(program)
    targets = np.stack([rng.integers(-1, len(o.literals), size=batch) for o in program.outputs], axis=1)
    return sampled, np.exp(problems.beliefs(program, batch, seed)), terms_of(sampled, targets, "per-output")


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("samples", [64, 200, 2048, 5000])
def test_they_are_the_sums_of_the_gradients_of_single_events(name: str, samples: int) -> None:
    sampled, rows, terms = asked(PROGRAMS[name], 5, samples)
    seeds = np.arange(5, dtype=np.uint64)
    counter = Counter(sampled, samples)
    totals, used = totals_of("reinforce", counter, rows, terms, seeds)
    single = reinforce(counter, rows, terms, seeds)
    assert used == "reinforce"
    for found, wanted in (
        (totals.gradient, summed(terms, terms.factors[:, None] * single.scores)),
        (totals.log_probability, single.log_probability),
        (totals.error, single.error),
        (totals.hits, single.hits),
        (totals.effective, single.effective),
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)
    assert np.abs(totals.gradient).max() > 0.1


def test_a_symbol_moves_only_for_events_that_depend_on_it() -> None:
    program = carry_chain(3)
    sampled, rows, _ = asked(program, 1, 0)
    terms = terms_of(sampled, np.array([[3, -1, -1, -1]]), "per-output")
    totals, _ = totals_of("reinforce", Counter(sampled, 512), rows, terms, np.zeros(1, np.uint64))
    assert (totals.gradient[0, :20] != 0).all()
    assert (totals.gradient[0, 20:] == 0).all()


def test_noise_is_as_large_as_it_says_though_events_share_worlds() -> None:
    program, repeats = carry_chain(2), 300
    sampled, rows, terms = asked(program, 1, 4)
    # The same example, again and again.
    terms = Terms(
        list(terms.events) * repeats,
        np.arange(repeats + 1) * len(terms.events),
        np.tile(terms.factors, repeats),
        np.tile(terms.observed, repeats),
    )
    seeds = np.random.default_rng(0).integers(1 << 60, size=repeats).astype(np.uint64)
    counter = Counter(sampled, 2048)
    totals, _ = totals_of("reinforce", counter, np.repeat(rows, repeats, axis=0), terms, seeds)
    wanted = sum(
        factor * gradient(program, rows[0], program_event)
        for factor, program_event in zip(terms.factors, events_of(program, 4), strict=False)
    )
    off = totals.gradient.mean(axis=0) - wanted
    spread = totals.gradient.std(axis=0)
    # A share of hits stands below the fraction: its bias is of the order of 1 / samples.
    assert (np.abs(off) < Z * spread / np.sqrt(repeats) + 3e-3).all()
    error = ((totals.gradient - wanted) ** 2).sum(axis=1).mean()
    assert 0.7 * error <= totals.noise.mean() <= 1.5 * error


def events_of(program: GroundProgram, seed: int) -> list[tuple[int, int]]:
    """The outputs and values that `asked` asks for of one example, in the order of its terms."""
    rng = np.random.default_rng(seed)
    targets = [int(rng.integers(-1, len(o.literals), size=1)[0]) for o in program.outputs]
    return [(output, value) for output, value in enumerate(targets) if value >= 0]


def gradient(program: GroundProgram, row: FloatArray, event: tuple[int, int]) -> FloatArray:
    """By enumeration: the gradient of the logarithm of one output's probability, in normalised beliefs."""
    oracle = Assignments(program)
    weights = oracle.weights(np.log(row)[None])[0] * oracle.truths[event[0]][event[1]]
    together = np.zeros(program.width)
    for symbol, start in enumerate(program.offsets[:-1]):
        np.add.at(together, start + oracle.values[:, symbol], weights)
    found: FloatArray = together / weights.sum() - row
    return found


def test_draws_are_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    sampled, rows, terms = asked(carry_chain(2), 9, 1)
    made = []
    for threads in (1, 3):
        monkeypatch.setattr(counting, "threads_for", lambda _, count=threads: count)
        made.append(totals_of("reinforce", Counter(sampled, 256), rows, terms, np.arange(9, dtype=np.uint64)))
    for one, other in zip(vars(made[0][0]).values(), vars(made[1][0]).values(), strict=True):
        np.testing.assert_array_equal(one, other)
