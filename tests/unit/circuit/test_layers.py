from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nesy.circuit.builder import ONE, ZERO, CircuitBuilder
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.layers import Layers, lower
from tests.unit.circuit.arithmetic import root_values
from tests.unit.circuit.generate import addition_circuit, arbitrary_circuit, carry_circuit, decision_circuit


def counted(layers: Layers, inputs: list[int]) -> list[int]:
    """The roots' values in whole numbers, row by row, as the groups say."""
    rows = [*inputs, 0, 1]
    for group in layers.groups:
        assert group.start == len(rows)
        for i in range(group.stop - group.start):
            terms = range(group.offsets[i], group.offsets[i + 1])
            products = []
            for t in terms:
                factors = group.factors[group.factor_offsets[t] : group.factor_offsets[t + 1]]
                assert (factors < group.start).all()
                products.append(int(np.prod([rows[f] for f in factors])))
            rows.append(sum(products))
    assert len(rows) == layers.rows
    return [rows[r] for r in layers.roots]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.booleans())
def test_layers_compute_the_circuit(seed, orderly):
    random = Random(seed)
    circuit = decision_circuit(random, smooth=False) if orderly else arbitrary_circuit(random)
    # Fewer roots leave nodes that nothing reaches, and that read some of those that count.
    circuit = replace(circuit, roots=circuit.roots[: random.randint(1, 3)])
    inputs = [random.randint(0, 3) for _ in range(circuit.width)]
    assert counted(lower(circuit), inputs) == root_values(circuit, inputs)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_uses_list_each_factor_once(seed):
    layers = lower(arbitrary_circuit(Random(seed)))
    offsets, terms = layers.uses
    found = sorted(
        (row, int(t)) for row in range(layers.rows) for t in terms[offsets[row] : offsets[row + 1]]
    )
    expected = sorted(
        (int(row), group.first_term + t)
        for group in layers.groups
        for t in range(group.terms)
        for row in group.factors[group.factor_offsets[t] : group.factor_offsets[t + 1]]
    )
    assert found == expected
    owners = [
        int(r)
        for g in layers.groups
        for r, n in zip(range(g.start, g.stop), g.arities, strict=True)
        for _ in range(n)
    ]
    assert layers.row_of_term.tolist() == owners


def test_products_of_one_sum_have_no_rows():
    circuit = carry_circuit(3)
    layers = lower(circuit)
    assert {g.kind for g in layers.groups} == {NodeKind.SUM}
    assert len(layers.groups) == 4
    assert layers.rows == circuit.width + 2 + 7
    products = circuit.kinds == NodeKind.PRODUCT
    assert (layers.row_of_node[products] == -1).all()


def test_sums_stand_in_ascending_arity():
    # 0 + 0 and 9 + 9 are the only ways to their sums: products, and roots.
    sums, products = lower(addition_circuit()).groups
    assert (sums.kind, products.kind) == (NodeKind.SUM, NodeKind.PRODUCT)
    assert sums.arities.tolist() == sorted([*range(2, 10), 10, *range(2, 10)])
    assert products.arities.tolist() == [1, 1]


def test_shared_products_and_roots_keep_their_rows():
    builder = CircuitBuilder()
    shared = builder.product([builder.input(0), builder.input(2)])
    first = builder.sum([shared, builder.input(1)])
    second = builder.sum([shared, builder.product([builder.input(1), builder.input(2)])])
    own = builder.product([builder.input(1), builder.input(3)])
    circuit = builder.build([first, second, own], [2, 2])
    rows = lower(circuit).row_of_node
    assert sum(rows[circuit.kinds == NodeKind.PRODUCT] >= 0) == 2


def test_constants_are_rows():
    builder = CircuitBuilder()
    layers = lower(builder.build([ZERO, ONE, builder.input(1)], [2]))
    assert layers.groups == ()
    assert counted(layers, [5, 7]) == [0, 1, 7]


def test_sums_and_products_of_nothing_are_constants():
    empty = Circuit(
        kinds=np.array([NodeKind.SUM, NodeKind.PRODUCT, NodeKind.SUM], dtype=np.int8),
        columns=np.full(3, -1),
        offsets=np.array([0, 0, 0, 2]),
        children=np.array([0, 1]),
        roots=np.array([0, 1, 2]),
        domains=np.array([2]),
    )
    assert counted(lower(empty), [5, 7]) == [0, 1, 1]


def test_nodes_that_no_root_reaches_are_left_out():
    circuit = addition_circuit()
    one = Circuit(
        circuit.kinds, circuit.columns, circuit.offsets, circuit.children, circuit.roots[:1], circuit.domains
    )
    assert lower(one).rows == 20 + 2 + 1


def test_readers_that_no_root_reaches_do_not_count():
    builder = CircuitBuilder()
    inner = builder.product([builder.input(0), builder.input(2)])
    reached = builder.sum([builder.input(1), builder.input(2)])
    unreached = builder.sum([inner, builder.input(3)])
    circuit = builder.build([reached, unreached, inner], [2, 2])
    # The builder flattens products, so a product of a product is made by hand: the sum that is a root here.
    kinds = circuit.kinds.copy()
    node = circuit.roots[0]
    kinds[node] = NodeKind.PRODUCT
    children = circuit.children.copy()
    children[circuit.offsets[node]] = circuit.roots[2]
    nested = replace(circuit, kinds=kinds, children=children, roots=circuit.roots[:1])
    assert counted(lower(nested), [2, 3, 5, 7]) == root_values(nested, [2, 3, 5, 7])
