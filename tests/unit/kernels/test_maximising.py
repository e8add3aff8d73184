"""Worlds traced back through circuits, against all worlds."""

from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from nesy.algebra import BOOLEAN, BUILTIN, MAX_LOG, MAX_MIN, MAX_PRODUCT, REAL, TROPICAL, top_k
from nesy.circuit.builder import ZERO, CircuitBuilder
from nesy.circuit.passes import Smooth
from nesy.errors import EngineError
from nesy.kernels import reference
from nesy.kernels.maximising import UNDECIDED, maximising_worlds
from tests.unit.circuit.generate import addition_circuit, carry_circuit, decision_circuit


def value_in(circuit, inputs, world, algebra, root):
    """The value of a root where every variable takes the value that a world says."""
    starts = np.cumsum(circuit.domains) - circuit.domains
    only = np.full((circuit.width, 1), algebra.zero, dtype=algebra.dtype)
    only[starts + world, 0] = inputs[starts + world]
    return reference.evaluate(circuit, only, algebra)[root, 0]


@pytest.mark.parametrize("algebra", [MAX_PRODUCT, MAX_LOG, TROPICAL, MAX_MIN, BOOLEAN], ids=lambda a: a.name)
def test_the_world_has_the_value_and_none_is_better(algebra):
    random = Random(3)
    circuits = [decision_circuit(random, smooth=False) for _ in range(15)]
    for circuit in [*circuits, carry_circuit(1), addition_circuit()]:
        whole = Smooth(whole=True).run(circuit)
        p = np.random.default_rng(0).choice([0.0, 0.2, 0.5, 0.9], (circuit.width, 3))
        inputs = algebra.from_probability(p.ravel()).reshape(p.shape)
        values = reference.evaluate(whole, inputs, algebra)
        for root in range(0, len(whole.roots), 5):
            worlds = maximising_worlds(whole, inputs, algebra, root)
            for column, (world, value) in enumerate(zip(worlds.T, values[root], strict=True)):
                if value == algebra.zero:
                    assert (world == UNDECIDED).all()
                    continue
                assert (world >= 0).all()
                found = value_in(whole, inputs[:, column], world, algebra, root)
                np.testing.assert_allclose(float(found), float(value), rtol=1e-12)


def test_no_world_of_a_small_circuit_is_better():
    circuit = Smooth(whole=True).run(decision_circuit(Random(1), smooth=False))
    inputs = np.random.default_rng(5).uniform(0.1, 1, (circuit.width, 1))
    values = [
        value_in(circuit, inputs[:, 0], np.array(world), MAX_PRODUCT, 0)
        for world in product(*(range(d) for d in circuit.domains))
    ]
    world = maximising_worlds(circuit, inputs, MAX_PRODUCT)[:, 0]
    assert value_in(circuit, inputs[:, 0], world, MAX_PRODUCT, 0) == pytest.approx(max(values))


def test_what_is_not_mentioned_is_undecided():
    builder = CircuitBuilder()
    circuit = builder.build([builder.input(1), ZERO], [2, 3])
    inputs = np.full((5, 1), 0.5)
    assert maximising_worlds(circuit, inputs, MAX_PRODUCT).tolist() == [[1], [UNDECIDED]]
    assert maximising_worlds(circuit, inputs, MAX_PRODUCT, 1).tolist() == [[UNDECIDED], [UNDECIDED]]


def test_algebras_that_add_have_no_such_world():
    for algebra in (REAL, top_k(1), *(a for a in BUILTIN if not a.laws.selective)):
        with pytest.raises(EngineError, match="not-selective"):
            maximising_worlds(addition_circuit(), np.ones((20, 1)), algebra)
