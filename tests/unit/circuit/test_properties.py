from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.circuit.builder import ONE, CircuitBuilder
from nesy.circuit.exclusion import Exclusion
from nesy.circuit.properties import (
    BrokenCircuitError,
    is_decomposable,
    is_deterministic,
    is_smooth,
    supports,
    verify,
)
from tests.unit.circuit import enumeration
from tests.unit.circuit.generate import (
    addition_circuit,
    arbitrary_circuit,
    carry_circuit,
    decision_circuit,
    parity_circuit,
)

seeds = st.integers(0, 2**32)
bounded = settings(max_examples=80, deadline=None, derandomize=True)


@bounded
@given(seeds)
def test_arbitrary_circuits_are_judged_as_enumeration_does(seed):
    circuit = arbitrary_circuit(Random(seed))
    assert is_decomposable(circuit) == enumeration.is_decomposable(circuit)
    assert is_smooth(circuit) == enumeration.is_smooth(circuit)
    # The prover may miss a proof, and may never find a false one.
    assert not is_deterministic(circuit) or enumeration.is_deterministic(circuit)


@bounded
@given(seeds)
def test_every_pair_proved_exclusive_is(seed):
    circuit = arbitrary_circuit(Random(seed))
    prover = Exclusion(circuit, supports(circuit))
    together = {
        (a, b)
        for world in enumeration.worlds(circuit)
        for holds in [enumeration.truth(circuit, world)]
        for a in range(circuit.size)
        for b in range(a)
        if holds[a] and holds[b]
    }
    for a in range(circuit.size):
        for b in range(a):
            assert not (prover.between(a, b) and (a, b) in together)


@bounded
@given(seeds, st.booleans())
def test_decision_circuits_are_proved(seed, smooth):
    circuit = decision_circuit(Random(seed), smooth=smooth)
    assert enumeration.is_deterministic(circuit)
    assert is_deterministic(circuit)
    assert is_decomposable(circuit)
    verify(circuit)


@bounded
@given(seeds)
def test_smooth_decision_circuits_are_smooth(seed):
    verify(decision_circuit(Random(seed)), smooth=True)


@pytest.mark.parametrize(
    "circuit", [addition_circuit(), carry_circuit(2), carry_circuit(15), parity_circuit(6)]
)
def test_circuits_told_apart_by_derived_values_are_proved(circuit):
    verify(circuit, smooth=True)


def test_deep_circuits_meet_no_recursion_limit():
    verify(parity_circuit(5_000), smooth=True)


def test_hundreds_of_children_over_many_variables_are_told_apart():
    builder = CircuitBuilder()
    # "The first true bit is bit i", for 400 bits: no single variable tells more than one child from the rest.
    children = [
        builder.product([*(builder.input(2 * j) for j in range(i)), builder.input(2 * i + 1)])
        for i in range(400)
    ]
    assert is_deterministic(builder.build([builder.sum(children)], [2] * 400))


def test_an_overlap_names_the_node():
    builder = CircuitBuilder()
    overlap = builder.sum([builder.input(0), builder.input(2)])
    circuit = builder.build([builder.product([overlap, builder.input(4)])], [2, 2, 2])
    with pytest.raises(BrokenCircuitError, match="SUM node 2 adds children not proved") as caught:
        verify(circuit)
    assert caught.value.node == 2


def test_one_child_twice_is_an_overlap():
    builder = CircuitBuilder()
    twice = builder.sum([builder.input(0), builder.input(0)])
    assert not is_deterministic(builder.build([twice], [2]))


def test_entangled_and_rough_circuits_are_named():
    builder = CircuitBuilder()
    entangled = builder.product([builder.sum([builder.input(0), builder.input(1)]), builder.input(0)])
    with pytest.raises(BrokenCircuitError, match="multiplies children that share a variable"):
        verify(builder.build([entangled], [2]))
    rough = builder.sum([builder.product([builder.input(0), builder.input(2)]), builder.input(1)])
    circuit = builder.build([rough], [2, 2])
    verify(circuit)
    with pytest.raises(BrokenCircuitError, match="adds children over different variables"):
        verify(circuit, smooth=True)


def test_a_sum_with_the_constant_one_is_an_overlap():
    builder = CircuitBuilder()
    assert not is_deterministic(builder.build([builder.sum([ONE, builder.input(0)])], [2]))


def test_an_exhausted_prover_says_no():
    circuit = parity_circuit(6)
    even, odd = circuit.roots.tolist()
    variables = supports(circuit)
    assert Exclusion(circuit, variables).between(even, odd)
    assert not Exclusion(circuit, variables, limit=1).between(even, odd)
