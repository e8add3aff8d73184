"""Every pass on random circuits: values by plain arithmetic before and after, and properties."""

from __future__ import annotations

import time
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.passes import Flatten, Fold, Pass, Property, Prune, Share, Smooth, run_passes
from nesy.circuit.passes.pipeline import STANDARD
from nesy.circuit.properties import BrokenCircuitError
from tests.unit.circuit import enumeration
from tests.unit.circuit.arithmetic import root_values
from tests.unit.circuit.generate import arbitrary_circuit, carry_circuit, decision_circuit, parity_circuit

PASSES: list[Pass] = [Fold(), Prune(), Flatten(), Share(), Smooth(), Smooth(whole=True)]
SOUND = {Property.DECOMPOSABLE, Property.DETERMINISTIC}
seeds = st.integers(0, 2**32)
bounded = settings(max_examples=40, deadline=None, derandomize=True)


def distributions(random: Random, circuit: Circuit) -> list[float]:
    """A distribution for each variable, sometimes with zeros."""
    result: list[float] = []
    for size in circuit.domains.tolist():
        raw = [random.choice([0.0, random.random(), random.random()]) for _ in range(size)]
        raw[random.randrange(size)] += 0.5
        result += [x / sum(raw) for x in raw]
    return result


def with_constants(random: Random, circuit: Circuit) -> Circuit:
    """The same circuit where some inputs have become constants: no builder ever saw them."""
    kinds = circuit.kinds.copy()
    for node in np.flatnonzero(kinds == NodeKind.INPUT):
        if random.random() < 0.25:
            kinds[node] = random.choice([NodeKind.ZERO, NodeKind.ONE])
    return Circuit(kinds, circuit.columns, circuit.offsets, circuit.children, circuit.roots, circuit.domains)


def is_well_formed(circuit: Circuit) -> bool:
    owner = np.repeat(np.arange(circuit.size), np.diff(circuit.offsets))
    return bool(np.all(circuit.children < owner)) and circuit.offsets[-1] == circuit.edges


@pytest.mark.parametrize("step", PASSES, ids=str)
@bounded
@given(seed=seeds, smooth=st.booleans())
def test_values_and_properties_of_sound_circuits(step: Pass, seed: int, smooth: bool) -> None:
    random = Random(seed)
    circuit = decision_circuit(random, smooth=smooth)
    after = run_passes(circuit, [step], verified=SOUND)
    assert is_well_formed(after)
    weights = distributions(random, circuit)
    assert root_values(after, weights) == pytest.approx(root_values(circuit, weights), abs=1e-12)
    assert after.domains.tolist() == circuit.domains.tolist()
    assert enumeration.is_deterministic(after)
    assert enumeration.is_decomposable(after)


@pytest.mark.parametrize("step", [Fold(), Prune(), Flatten(), Share()], ids=str)
@bounded
@given(seed=seeds)
def test_values_of_any_circuit_with_any_weights(step: Pass, seed: int) -> None:
    random = Random(seed)
    circuit = with_constants(random, arbitrary_circuit(random, inner=14))
    after = step.run(circuit)
    assert is_well_formed(after)
    weights = [random.choice([0.0, 1.0, random.random(), 3.0]) for _ in range(circuit.width)]
    assert root_values(after, weights) == pytest.approx(root_values(circuit, weights), rel=1e-12)
    assert after.edges <= circuit.edges
    assert after.size <= circuit.size


@bounded
@given(seed=seeds)
def test_smooth_and_whole_roots_count_worlds(seed: int) -> None:
    circuit = decision_circuit(Random(seed), smooth=False)
    assert enumeration.is_smooth(Smooth().run(circuit))
    after = Smooth(whole=True).run(circuit)
    counts = [0] * len(circuit.roots)
    for world in enumeration.worlds(circuit):
        holds = enumeration.truth(circuit, world)
        counts = [n + holds[int(r)] for n, r in zip(counts, circuit.roots, strict=True)]
    assert root_values(after, [1.0] * circuit.width) == counts


@bounded
@given(seed=seeds)
def test_folding_leaves_no_constants_and_no_only_children(seed: int) -> None:
    random = Random(seed)
    after = Fold().run(with_constants(random, arbitrary_circuit(random, inner=14)))
    inner = after.kinds >= NodeKind.SUM
    assert (np.diff(after.offsets)[inner] >= 2).all()
    reader = np.repeat(after.kinds, np.diff(after.offsets))
    constant = after.kinds[after.children] <= NodeKind.ONE
    # 1 + x is no constant, though in a deterministic circuit x is then zero.
    assert not (constant & (reader == NodeKind.PRODUCT)).any()
    assert not (after.kinds[after.children] == NodeKind.ZERO).any()


@bounded
@given(seed=seeds)
def test_impossible_values_are_pruned(seed: int) -> None:
    random = Random(seed)
    circuit = decision_circuit(random)
    weights = distributions(random, circuit)
    impossible = tuple(c for c, w in enumerate(weights) if w == 0.0)
    after = Prune(impossible).run(circuit)
    assert root_values(after, weights) == pytest.approx(root_values(circuit, weights), abs=1e-12)
    assert not set(after.columns.tolist()) & set(impossible)


@bounded
@given(seed=seeds)
def test_sharing_leaves_no_two_equal_nodes(seed: int) -> None:
    circuit = arbitrary_circuit(Random(seed), inner=20)
    # Two copies side by side: every node is there twice.
    both = Circuit(
        kinds=np.tile(circuit.kinds, 2),
        columns=np.tile(circuit.columns, 2),
        offsets=np.append(circuit.offsets, circuit.offsets[1:] + circuit.edges),
        children=np.append(circuit.children, circuit.children + circuit.size),
        roots=np.append(circuit.roots, circuit.roots + circuit.size),
        domains=circuit.domains,
    )
    after = Share().run(both)
    contents = [
        (int(after.kinds[n]), int(after.columns[n]), tuple(sorted(after.children_of(n).tolist())))
        for n in range(after.size)
    ]
    assert len(set(contents)) == after.size <= circuit.size
    half = len(circuit.roots)
    assert after.roots[:half].tolist() == after.roots[half:].tolist()


def test_flattening_merges_private_nodes_and_no_others() -> None:
    kind, none = NodeKind, -1
    # 5 = (0 + 1) + 2, where 0 + 1 is private; 7 = 3 + 6 and 8 = 6 + 0, where 6 has two readers.
    circuit = Circuit(
        kinds=np.array([kind.INPUT] * 4 + [kind.SUM] * 5, dtype=np.int8),
        columns=np.array([0, 1, 2, 3] + [none] * 5),
        offsets=np.array([0, 0, 0, 0, 0, 2, 4, 6, 8, 10]),
        children=np.array([0, 1, 4, 2, 1, 2, 3, 6, 6, 0]),
        roots=np.array([5, 7, 8]),
        domains=np.array([4]),
    )
    after = Flatten().run(circuit)
    below = [sorted(after.columns[after.children_of(int(r))].tolist()) for r in after.roots]
    assert below == [[0, 1, 2], [none, 3], [none, 0]]


def test_smoothing_a_long_chain_of_gaps_stays_small() -> None:
    """Each of n branches lacks about n variables: written out that is n squared edges."""
    n = 512
    builder = CircuitBuilder()
    branches, prefix = [], 1
    for v in range(n):
        branches.append(builder.product([prefix, builder.input(2 * v + 1)]))
        prefix = builder.sum([builder.product([prefix, builder.input(2 * v)])])
    circuit = builder.build([builder.sum(branches)], [2] * n)
    after = Smooth().run(circuit)
    assert after.edges < circuit.edges + 6 * n + 2 * n * 9
    run_passes(after, [], verified={Property.SMOOTH})


def test_deep_circuits_meet_no_recursion_limit() -> None:
    circuit = parity_circuit(3_000)
    for step in [*PASSES, *STANDARD]:
        assert step.run(circuit).size > 0


def test_the_pipeline_finds_a_pass_that_breaks_a_property() -> None:
    class Rough:
        keeps = frozenset(Property)
        gives: frozenset[Property] = frozenset()

        def run(self, circuit: Circuit) -> Circuit:
            builder = CircuitBuilder()
            root = builder.sum([builder.input(0), builder.input(2)])
            return builder.build([root], [2, 2])

    with pytest.raises(BrokenCircuitError):
        run_passes(parity_circuit(2), [Rough()], verified=SOUND)


def test_large_circuits_take_seconds_at_most() -> None:
    """A bound that only a slip to something quadratic, or to a numpy call per node, would miss."""
    circuit = carry_circuit(400)
    assert circuit.edges > 300_000
    start = time.process_time()
    for step in PASSES:
        step.run(circuit)
    assert time.process_time() - start < 15
