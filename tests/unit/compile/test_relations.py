from __future__ import annotations

from itertools import pairwise, product
from random import Random

import pytest

import nesy
from nesy.circuit.circuit import Circuit, NodeKind
from nesy.circuit.properties import is_decomposable, is_deterministic
from nesy.compile.relations import compile_joint, compile_values
from nesy.grounding import ground
from nesy.logic.graph import FALSE, Graph
from nesy.logic.program import GroundProgram, Output, Symbol
from tests.unit.circuit import enumeration
from tests.unit.circuit.arithmetic import root_values
from tests.unit.compile.programs import addition, random_program
from tests.unit.compile.worlds import models, random_weights, weight, worlds

SEEDS = range(60)


class Expected:
    """A program's answers by enumeration, at random weights."""

    def __init__(self, program: GroundProgram, rng: Random) -> None:
        sizes = [len(s.values) for s in program.symbols]
        self.every = worlds(sizes)
        self.weights = random_weights(rng, sizes)
        self.columns = [x for row in self.weights for x in row]
        self.condition = (1 << len(self.every)) - 1
        for literal in program.condition:
            self.condition &= models(program.graph, literal, self.every)
        self.outputs = [[models(program.graph, x, self.every) for x in o.literals] for o in program.outputs]

    def of(self, mask: int) -> float:
        return weight(mask & self.condition, self.every, self.weights)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("conditioned", [False, True])
def test_the_values_of_outputs(seed: int, conditioned: bool) -> None:
    rng = Random(seed)
    program = random_program(rng, conditioned=conditioned)
    expected = Expected(program, rng)
    circuit = compile_values(program)
    masks = [mask for output in expected.outputs for mask in output]
    wanted = [expected.of(mask) for mask in [*masks, -1]]
    assert root_values(circuit, expected.columns) == pytest.approx(wanted, abs=1e-12)
    assert_sound(circuit)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unobserved", [False, True])
def test_the_joint_relation(seed: int, unobserved: bool) -> None:
    rng = Random(seed)
    program = random_program(rng, conditioned=seed % 2 == 0)
    expected = Expected(program, rng)
    circuit = compile_joint(program, unobserved=unobserved)
    assert_sound(circuit)
    sizes = [len(o.domain) + unobserved for o in program.outputs]
    for targets in product(*map(range, sizes)):
        mask = -1
        indicators: list[float] = []
        for values, target, size in zip(expected.outputs, targets, sizes, strict=True):
            indicators += [float(v == target) for v in range(size)]
            if target < len(values):
                mask &= values[target]
        found = root_values(circuit, [*expected.columns, *indicators])
        assert found == pytest.approx([expected.of(mask), expected.of(-1)], abs=1e-12)


def assert_sound(circuit: Circuit) -> None:
    assert is_decomposable(circuit)
    assert enumeration.is_deterministic(circuit)


def one_coin(*literals: int) -> GroundProgram:
    graph = Graph()
    coin = graph.leaf(0, 1)
    chosen = tuple(coin * x if abs(x) == 1 and x != FALSE else FALSE for x in literals)
    outputs = (Output("y", tuple(range(len(literals))), chosen),)  # type: ignore[arg-type]
    return GroundProgram((Symbol("coin", ("false", "true")),), graph, outputs)


def test_an_output_of_one_value() -> None:
    program = one_coin(1)
    assert root_values(compile_values(program), [0.3, 0.7]) == pytest.approx([0.7, 1.0])
    assert root_values(compile_joint(program, unobserved=False), [0.3, 0.7, 1.0])[0] == pytest.approx(0.7)
    partial = compile_joint(program, unobserved=True)
    assert root_values(partial, [0.3, 0.7, 1.0, 0.0])[0] == pytest.approx(0.7)
    assert root_values(partial, [0.3, 0.7, 0.0, 1.0])[0] == pytest.approx(1.0)


def test_an_output_that_holds_in_no_world() -> None:
    program = one_coin(FALSE, FALSE)
    assert root_values(compile_values(program), [0.3, 0.7]) == [0.0, 0.0, 1.0]
    assert root_values(compile_joint(program, unobserved=False), [0.3, 0.7, 1.0, 0.0])[0] == 0.0
    assert root_values(compile_joint(program, unobserved=True), [0.3, 0.7, 0.0, 0.0, 1.0])[
        0
    ] == pytest.approx(1.0)


def sizes_of(program: GroundProgram) -> tuple[int, int, int]:
    return (
        compile_values(program).size,
        compile_joint(program, unobserved=False).size,
        compile_joint(program, unobserved=True).size,
    )


def test_addition_grows_by_the_same_amount_for_each_digit() -> None:
    # Of fewer digits another order of decision may give the smaller circuit.
    sizes = [sizes_of(addition(digits)) for digits in range(4, 9)]
    for family in zip(*sizes, strict=True):
        steps = {b - a for a, b in pairwise(family)}
        assert len(steps) == 1
        assert steps.pop() < 500


@pytest.mark.parametrize("seed", range(6))
def test_names_and_the_order_of_clauses_hardly_change_the_size(seed: int) -> None:
    plain = sizes_of(addition(4))
    disguised = sizes_of(addition(4, disguise=Random(seed)))
    for ours, theirs in zip(plain, disguised, strict=True):
        assert theirs <= 1.2 * ours
        assert ours <= 1.2 * theirs


def test_addition_is_deterministic_and_adds() -> None:
    program = addition(2)
    circuit = compile_values(program)
    assert is_deterministic(circuit)
    by_name = {s.name: i for i, s in enumerate(program.symbols)}
    places = [
        next(i for name, i in by_name.items() if f"({key}," in name)
        for key in ("x(1)", "x(0)", "y(1)", "y(0)")
    ]
    for first, second in [(0, 0), (99, 99), (47, 58), (5, 95)]:
        weights = [0.0] * program.width
        digits = [first // 10, first % 10, second // 10, second % 10]
        for symbol, digit in zip(places, digits, strict=True):
            weights[program.offsets[symbol] + digit] = 1.0
        roots = root_values(circuit, weights)
        read = []
        for output in program.outputs:
            values, roots = roots[: len(output.domain)], roots[len(output.domain) :]
            read.append(output.domain[values.index(1.0)])
        assert read[0] + 10 * read[1] + 100 * read[2] == first + second  # type: ignore[operator]


def test_the_condition_is_a_query_with_both_its_answers() -> None:
    text = "0.3::a. 0.6::b. c :- a. c :- b. evidence(c). query(a)."
    circuit = compile_values(ground(nesy.parse(text)))
    last = circuit.roots[-1]
    assert circuit.kinds[last] == NodeKind.SUM
    assert sorted(circuit.children_of(last)) == sorted(circuit.roots[:2])
    found = root_values(circuit, [0.7, 0.3, 0.4, 0.6])
    assert found == pytest.approx([0.42, 0.3, 0.72])


@pytest.mark.parametrize("query", ["c", "\\+c"])
def test_the_condition_is_the_only_answer_it_leaves(query: str) -> None:
    text = f"0.3::a. 0.6::b. c :- a. c :- b. d :- {query}. evidence(c). query(d)."
    found = root_values(compile_values(ground(nesy.parse(text))), [0.7, 0.3, 0.4, 0.6])
    assert sorted(found[:2]) == pytest.approx([0.0, 0.72])
    assert found[-1] == pytest.approx(0.72)
