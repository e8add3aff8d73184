"""NNF, SDD and DOT: read and written, against enumeration of all worlds; and mistakes with their lines."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nesy
from nesy.circuit.builder import CircuitBuilder
from nesy.circuit.circuit import Circuit
from nesy.circuit.formats import names_of_values, read_nnf, read_sdd, to_dot, to_nnf
from nesy.circuit.properties import verify
from nesy.compile.relations import compile_values
from nesy.errors import DataError
from nesy.grounding import ground
from nesy.logic.weighted_cnf import read_cnf
from tests.unit.circuit import enumeration
from tests.unit.circuit.generate import decision_circuit

C2D = """\
c (1 or 2), with 3 of no account
nnf 6 5 3
L 1
L -1
L 2
A 2 1 2
O 1 2 0 3
A 1 4
"""

D4 = """\
o 1 0
a 2 0
o 3 0
t 4 0
a 5 0
o 6 0
6 4 -5 6 0
6 4 5 0
5 6 0
3 5 -4 0
3 4 4 -5 0
o 7 0
7 4 2 3 0
7 4 1 -2 0
2 7 0
2 3 0
1 2 0
"""
"""d4's own, for (1 or 2), (-2 or 3), (4 or 5 or 6), (-4 or -5)."""

VTREE = "c a comment\nvtree 7\nL 0 2\nL 2 3\nL 4 4\nL 6 1\nI 5 4 6\nI 3 2 5\nI 1 0 3\n"
SDD = """\
sdd 12
L 1 0 2
L 3 2 3
L 5 4 -4
L 6 6 1
L 7 4 4
T 8
D 4 5 2 5 6 7 8
L 9 2 -3
F 10
D 2 3 2 3 4 9 10
L 11 0 -2
D 0 1 2 1 2 11 6
"""
"""The SDD library's own, for (1 or 2), (-2 or 3), (-3 or 4 or 1)."""


def models(circuit: Circuit) -> set[tuple[int, ...]]:
    """The worlds the one root holds in."""
    assert len(circuit.roots) == 1
    every = enumeration.worlds(circuit)
    return {w for w in every if enumeration.truth(circuit, w)[int(circuit.roots[0])]}


def satisfying(clauses: list[list[int]], variables: int) -> set[tuple[int, ...]]:
    return {
        world
        for world in product((0, 1), repeat=variables)
        if all(any((world[abs(x) - 1] == 1) == (x > 0) for x in clause) for clause in clauses)
    }


def test_c2d() -> None:
    circuit = read_nnf(C2D)
    assert models(circuit) == satisfying([[1, 2]], 3)
    verify(circuit)


def test_d4() -> None:
    circuit = read_nnf(D4)
    assert models(circuit) == satisfying([[1, 2], [-2, 3], [4, 5, 6], [-4, -5]], 6)
    verify(circuit)


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [("f 1 0\n", 2, set()), ("t 1 0\n", 1, {(0,), (1,)}), ("nnf 1 0 1\nO 0 0\n", None, set())],
)
def test_constants(text: str, variables: int | None, expected: set[tuple[int, ...]]) -> None:
    assert models(read_nnf(text, variables=variables)) == expected


def test_sdd() -> None:
    clauses = [[1, 2], [-2, 3], [-3, 4, 1]]
    circuit = read_sdd(SDD, vtree=VTREE)
    assert models(circuit) == satisfying(clauses, 4) == models(read_sdd(SDD))
    verify(circuit)
    assert models(read_sdd("sdd 1\nF 0\n", vtree=VTREE)) == set()


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_nnf_of_circuits_with_any_domains(seed: int) -> None:
    """Each world is one model of the Boolean variables, and no other is."""
    circuit = decision_circuit(Random(seed), roots=1, variables=2 + seed % 2, smooth=seed % 2 == 0)
    text = to_nnf(circuit)
    again = read_nnf(text)
    verify(again)
    expected = set()
    for world in models(circuit):
        bits: list[int] = []
        for value, size in zip(world, circuit.domains.tolist(), strict=True):
            bits += [value] if size == 2 else [int(value == v) for v in range(size)]
        expected.add(tuple(bits))
    # Columns beyond the last literal that the text mentions are part of the header all the same.
    assert models(again) == expected
    assert read_nnf(to_nnf(again)).size == again.size


def test_a_variable_that_nothing_mentions_has_one_value_all_the_same() -> None:
    builder = CircuitBuilder()
    text = to_nnf(builder.build([builder.input(3)], [3, 2]))
    assert models(read_nnf(text)) == {(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0)}


def test_deep_circuits_go_both_ways() -> None:
    depth = 20_000
    lines = ["o 1 0", *(f"o {n} 0" for n in range(2, depth)), f"t {depth} 0"]
    lines += [f"{n} {n + 1} {n} 0" for n in range(1, depth)]
    circuit = read_nnf("\n".join(lines))
    assert circuit.width == 2 * (depth - 1)
    assert read_nnf(to_nnf(circuit)).edges == circuit.edges


def test_several_roots_need_a_choice() -> None:
    program = ground(nesy.parse("0.3::a. 0.4::b. c :- a. c :- b. query(c)."))
    circuit, names = compile_values(program), names_of_values(program)
    with pytest.raises(DataError) as caught:
        to_nnf(circuit, names=names)
    assert caught.value.code == "several-roots"
    assert "1 (c=true)" in str(caught.value.hint)
    with pytest.raises(DataError, match="unknown-root"):
        to_nnf(circuit, 9)
    text = to_nnf(circuit, 1, names)
    assert models(read_nnf(text)) == satisfying([[1, 2]], 2)
    assert "c 1 = a true" in text.splitlines()


def test_dot_names_what_there_is() -> None:
    program = ground(nesy.parse("""0.3::p("say \\"hi\\""). query(p("say \\"hi\\""))."""))
    text = to_dot(compile_values(program), names_of_values(program))
    assert text.startswith("digraph circuit {")
    assert 'label="p(\\"say \\\\\\"hi' in text
    plain = to_dot(decision_circuit(Random(1)))
    assert 'label="x1=0"' in plain
    assert "r0 -> n" in plain


MALFORMED = [
    ("", None),
    ("hello\n", 1),
    ("nnf 1 0\nA 0\n", 1),
    ("nnf 1 0 -1\nA 0\n", 1),
    ("nnf 1 0 99999999999\nA 0\n", 1),
    ("nnf 1 0 2000000000\nA 0\n", 1),
    ("nnf 2 0 1\nL 1\n", 2),
    ("nnf 0 0 1\n", 1),
    ("nnf 1 0 1\nL 2\n", 2),
    ("nnf 1 0 1\nL x\n", 2),
    ("nnf 2 1 1\nL 1\nA 1 1\n", 3),
    ("nnf 2 1 1\nL 1\nA 2 0\n", 3),
    ("nnf 2 1 1\nL 1\nA\n", 3),
    ("o 1\n", 1),
    ("o 1 0\no 1 0\n", 2),
    ("o 1 0\n1 2 0\n", 2),
    ("o 1 0\nt 2 0\n1 2 3\n", 3),
    ("o 1 0\no 2 0\n1 2 0\n2 1 0\n", 1),
    ("o 1 0\no 2 0\no 3 0\n1 2 0\n2 3 0\n3 2 0\n", 1),
    ("o 1 0\nt 2 0\n", 1),
    ("o 1 0\nt 2 0\n1 2 " + "9" * 5000 + " 0\n", 3),
]


@pytest.mark.parametrize(("text", "line"), MALFORMED)
def test_malformed_nnf(text: str, line: int | None) -> None:
    with pytest.raises(DataError) as caught:
        read_nnf(text)
    assert caught.value.code == "malformed-nnf"
    assert (caught.value.span.line if caught.value.span else None) == line


@pytest.mark.parametrize(
    ("text", "vtree", "code"),
    [
        ("", None, "malformed-sdd"),
        ("sdd 2\nT 0\n", None, "malformed-sdd"),
        ("sdd 1\nL 0 0 0\n", None, "malformed-sdd"),
        ("sdd 2\nT 0\nT 0\n", None, "malformed-sdd"),
        ("sdd 1\nD 0 1 1 1 2\n", None, "malformed-sdd"),
        ("sdd 1\nD 0 1 7 1 2\n", None, "malformed-sdd"),
        ("sdd 1\nL 0 2 9\n", VTREE, "malformed-sdd"),
        ("sdd 1\nT 0\n", "vtree 1\nI 0 1 2\n", "malformed-vtree"),
        ("sdd 1\nT 0\n", "vtree 2\nL 0 1\nL 1 1\n", "malformed-vtree"),
    ],
)
def test_malformed_sdd(text: str, vtree: str | None, code: str) -> None:
    with pytest.raises(DataError) as caught:
        read_sdd(text, vtree=vtree)
    assert caught.value.code == code


def test_builder_agrees_on_what_an_imported_circuit_is() -> None:
    builder = CircuitBuilder()
    both = builder.product([builder.input(0), builder.input(3)])
    root = builder.sum([builder.input(1), both])
    assert models(builder.build([root], [2, 2])) == models(
        read_nnf("nnf 5 4 2\nL 1\nL -1\nL 2\nA 2 1 2\nO 1 2 0 3\n")
    )


READERS = {
    "c2d": (read_nnf, C2D),
    "d4": (read_nnf, D4),
    "sdd": (read_sdd, SDD),
    "vtree": (lambda text: read_sdd(SDD, vtree=text), VTREE),
    "cnf": (read_cnf, "c p weight 1 0.5 0\np cnf 3 2\n1 -2 0\nw 3 1/3\n2 3 0\nc weights 1 2 3 4 5 6\n"),
}


@pytest.mark.parametrize("kind", READERS)
def test_any_text_is_read_or_refused(kind: str) -> None:
    """Words replaced, dropped and doubled: a result or a `DataError`, and nothing else."""
    read, text = READERS[kind]
    random = Random(kind)
    words = [
        "0",
        "1",
        "-1",
        "7",
        "99999999999999999999",
        "L",
        "A",
        "O",
        "o",
        "t",
        "x",
        "\n",
        "-",
        "1e9",
        "%",
        "é",
        "p",
    ]
    refused = 0
    for _ in range(400):
        parts = text.replace("\n", " \n ").split(" ")
        for _ in range(random.randint(1, 3)):
            at = random.randrange(len(parts))
            parts[at : at + 1] = random.choice([[], [parts[at]] * 2, [random.choice(words)]])
        try:
            read(" ".join(parts))
        except DataError:
            refused += 1
    assert 100 < refused < 400
