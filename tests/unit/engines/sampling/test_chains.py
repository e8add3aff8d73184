"""Hidden Markov models: of all transitions and emissions a world needs few; others must not matter."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from nesy.engines.exact import Exact
from nesy.engines.sampling import Sampling
from nesy.engines.sampling.program import Event, SampledProgram, event_of
from nesy.kernels.worlds.guided import Guided, guide, room
from nesy.kernels.worlds.particles import UNREAD
from nesy.logic.graph import Graph, Lit
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.engines import problems

FloatArray = NDArray[np.float64]

Z = 5.0
"""Standard errors that a mean may be off; the draws are seeded."""

STATES, STEPS = 4, 5

START = 0
"""The symbol of the first state."""

RED, BLUE = 0, 1
"""What a state is seen as."""

pytestmark = pytest.mark.usefixtures("one_thread")


def move(step: int, state: int) -> int:
    """The symbol that says which state follows a state, up to a step."""
    return 1 + (step - 1) * STATES + state


def show(step: int, state: int) -> int:
    """The symbol that says as what a state is seen at a step."""
    return 1 + (STEPS - 1) * STATES + step * STATES + state


def chain() -> GroundProgram:
    """A red chain: of each state all that matters is where it leads to, and that it is seen as red."""
    graph, seen = Graph(), []
    states: list[Lit] = [graph.leaf(START, s) for s in range(STATES)]
    for step in range(STEPS):
        if step:
            states = [
                graph.disjunction(
                    graph.conjunction([before, graph.leaf(move(step, s), t)])
                    for s, before in enumerate(states)
                )
                for t in range(STATES)
            ]
        seen.append(
            graph.disjunction(
                graph.conjunction([now, graph.leaf(show(step, s), RED)]) for s, now in enumerate(states)
            )
        )
    values = tuple(f"s{s}" for s in range(STATES))
    symbols = [Symbol(f"state {i}", values) for i in range(1 + (STEPS - 1) * STATES)]
    symbols += [Symbol(f"seen {i}", ("red", "blue")) for i in range(STEPS * STATES)]
    return GroundProgram(tuple(symbols), graph, (Output("last", values, tuple(states)),), tuple(seen))


def used(path: tuple[int, ...]) -> list[tuple[int, int]]:
    """The symbols that a path of states needs, and their values."""
    found = [(START, path[0])]
    found += [(move(step, s), t) for step, (s, t) in enumerate(pairwise(path), 1)]
    return found + [(show(step, s), RED) for step, s in enumerate(path)]


def by_paths(program: GroundProgram, row: FloatArray) -> tuple[float, FloatArray]:
    """P(all red), and P(all red and v) for each value v: by enumeration of all paths of states."""
    probability, together = 0.0, np.zeros(program.width)
    for path in product(range(STATES), repeat=STEPS):
        places = [program.offsets[symbol] + value for symbol, value in used(path)]
        weight = float(np.exp(row[places].sum()))
        conditional = np.exp(row)
        for symbol, _ in used(path):
            conditional[program.offsets[symbol] : program.offsets[symbol + 1]] = 0.0
        conditional[places] = 1.0
        probability += weight
        together += weight * conditional
    return probability, together


def drawn(
    program: GroundProgram, event: Event, row: FloatArray, seed: int, filters: int, words: int = 1
) -> Guided:
    sampled = SampledProgram(program)
    way = sampled.stages(event)
    found = room(way, program.width, filters, words)
    guide(sampled.plan.layout, way, np.exp(row), np.array([seed], dtype=np.uint64), words, found)
    return found


def test_a_particle_reads_its_own_transitions_alone() -> None:
    program = chain()
    sampled = SampledProgram(program)
    found = drawn(program, sampled.condition, problems.beliefs(program, 1, 0)[0], 3, 2)
    worlds = np.full((len(program.symbols), found.worlds.shape[1]), UNREAD)
    worlds[sampled.stages(sampled.condition).symbols] = found.worlds
    for particle in worlds.T[found.weights > 0]:
        path = [particle[START]]
        for step in range(1, STEPS):
            path.append(particle[move(step, path[-1])])
        read = [(symbol, value) for symbol, value in enumerate(particle.tolist()) if value != UNREAD]
        # Which state comes last is not asked, but it has to be seen.
        assert read == sorted(used(tuple(path)))


def test_reading_is_unbiased() -> None:
    """Of a thousand paths, 64 particles find few: neither they nor what is made of them may be off."""
    program = chain()
    row = problems.beliefs(program, 1, 1)[0]
    probability, together = by_paths(program, row)
    condition = SampledProgram(program).condition
    draws = [drawn(program, condition, row, seed, 2) for seed in range(400)]
    assert 0.1 < np.mean([d.covered.mean() for d in draws]) < 0.9
    estimates = np.array([np.exp(d.log_probability).mean() for d in draws])
    assert abs(estimates.mean() - probability) <= Z * estimates.std(ddof=1) / 20
    values = np.array([(np.exp(d.log_probability)[:, None] * d.values).mean(axis=0) for d in draws])
    assert (abs(values.mean(axis=0) - together) <= Z * values.std(axis=0, ddof=1) / 20 + 1e-12).all()


def test_once_all_worlds_are_found_nothing_is_estimated() -> None:
    program = chain()
    row = problems.beliefs(program, 1, 2, sharpness=0.3)[0]
    probability, together = by_paths(program, row)
    found = drawn(program, SampledProgram(program).condition, row, 0, 2, 2000)
    np.testing.assert_allclose(np.exp(found.log_probability), probability, rtol=1e-9)
    np.testing.assert_allclose(found.values[0], together / probability, atol=1e-9)
    assert (found.covered > 1 - 1e-9).all()


def test_beliefs_that_are_certain_are_not_drawn() -> None:
    program = chain()
    row = problems.beliefs(program, 1, 3)[0]
    for symbol in (START, move(2, 1)):
        row[program.offsets[symbol] : program.offsets[symbol + 1]] = [-np.inf, 0.0, -np.inf, -np.inf]
    with np.errstate(invalid="ignore"):
        probability, _ = by_paths(program, row)
    found = drawn(program, SampledProgram(program).condition, row, 0, 8, 8)
    estimates = np.exp(found.log_probability)
    assert abs(estimates.mean() - probability) <= Z * estimates.std(ddof=1) / np.sqrt(8) + 1e-9


def test_a_chain_that_is_never_red_says_so() -> None:
    program = chain()
    row = problems.beliefs(program, 1, 4)[0]
    for state in range(STATES):
        start = program.offsets[show(2, state)]
        row[start : start + 2] = [-np.inf, 0.0]
    found = drawn(program, SampledProgram(program).condition, row, 0, 2)
    assert found.log_probability.tolist() == [-np.inf, -np.inf]
    assert not found.values.any()


def test_targets_that_need_their_own_symbols_are_read_after_the_condition() -> None:
    program = chain()
    row = problems.beliefs(program, 1, 5)[0]
    sampled = SampledProgram(program)
    found = [
        drawn(program, event_of([*sampled.condition, int(code)]), row, 0, 4, 16) for code in sampled.values[0]
    ]
    whole = drawn(program, sampled.condition, row, 0, 4, 16)
    total = sum(np.exp(f.log_probability).mean() for f in found)
    assert total == pytest.approx(np.exp(whole.log_probability).mean(), rel=0.02)


def test_gradients_point_where_the_exact_one_does() -> None:
    """What a world has no use for was noise once: 0.97 for a chain of ten steps."""
    program = chain()
    scores = torch.from_numpy(problems.beliefs(program, 8, 0)).requires_grad_()
    sizes = [len(symbol.values) for symbol in program.symbols]
    rows = torch.cat([part.log_softmax(dim=1) for part in scores.split(sizes, dim=1)], dim=1)
    targets = torch.arange(8)[:, None] % STATES
    engines = Sampling(2000), Exact()
    losses = [engine.prepare(program).loss(rows, targets) for engine in engines]
    found, wanted = (torch.autograd.grad(x, scores, retain_graph=True)[0].flatten() for x in losses)
    assert torch.cosine_similarity(found, wanted, dim=0) >= 0.99
