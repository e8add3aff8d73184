"""Every compiler on random programs: values by enumeration of all worlds, and the properties they promise."""

from __future__ import annotations

import importlib.util
from random import Random

import pytest

import nesy
from nesy.circuit.exact_values import exact_values
from nesy.circuit.passes import Smooth
from nesy.circuit.properties import verify
from nesy.compile.backends import clausal, compiler_named, names
from nesy.compile.counting import count_models
from nesy.engines.exact import Exact
from nesy.errors import CompilationError, EngineError
from nesy.logic.cnf_program import cnf_program
from nesy.logic.program import GroundProgram
from nesy.logic.weighted_cnf import WeightedCnf
from tests.unit.circuit.arithmetic import root_values
from tests.unit.compile.programs import random_program
from tests.unit.compile.worlds import models, random_weights, weight, worlds
from tests.unit.installed import install

PACKAGES = {"native": "nesy", "d4": "py_d4", "pysdd": "pysdd"}
COMPILERS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            importlib.util.find_spec(package) is None, reason=f"{package} is not installed"
        ),
    )
    for name, package in PACKAGES.items()
]
SEEDS = range(6)
ROUNDING = 1e-12


def holds(program: GroundProgram, literals: list[int]) -> list[int]:
    """For each literal the worlds where it and the condition hold; and last those of the condition."""
    every = worlds([len(s.values) for s in program.symbols])
    condition = (1 << len(every)) - 1
    for literal in program.condition:
        condition &= models(program.graph, literal, every)  # type: ignore[arg-type]
    return [*(models(program.graph, x, every) & condition for x in literals), condition]  # type: ignore[arg-type]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("conditioned", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_values(compiler: str, conditioned: bool, seed: int) -> None:
    rng = Random(seed)
    program = random_program(rng, conditioned=conditioned)
    circuit = compiler_named(compiler).compile_values(program)
    sizes = [len(s.values) for s in program.symbols]
    assert circuit.domains.tolist() == sizes
    # Determinism is true of these by construction over the clauses' variables, which are gone.
    verify(circuit, deterministic=False)
    every = worlds(sizes)
    expected = holds(program, [x for o in program.outputs for x in o.literals])
    for _ in range(3):
        weights = random_weights(rng, sizes)
        found = root_values(circuit, [w for row in weights for w in row])
        assert found == pytest.approx([weight(m, every, weights) for m in expected], abs=ROUNDING)


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("unobserved", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_joint(compiler: str, unobserved: bool, seed: int) -> None:
    rng = Random(seed)
    program = random_program(rng, conditioned=True)
    circuit = compiler_named(compiler).compile_joint(program, unobserved=unobserved)
    sizes = [len(s.values) for s in program.symbols]
    every = worlds(sizes)
    beliefs = random_weights(rng, sizes)
    for _ in range(4):
        indicators: list[float] = []
        literals: list[int] = []
        for output in program.outputs:
            size = len(output.domain) + unobserved
            value = rng.randrange(size)
            indicators += [float(v == value) for v in range(size)]
            literals += output.literals[value : value + 1]
        *single, condition = holds(program, literals)
        together = condition
        for mask in single:
            together &= mask
        found = root_values(circuit, [w for row in beliefs for w in row] + indicators)
        wanted = [weight(m, every, beliefs) for m in (together, condition)]
        assert found == pytest.approx(wanted, abs=ROUNDING)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_exact_engine_takes_any(compiler: str) -> None:
    text = "0.3::a; 0.4::b; 0.2::c. 0.5::d. e :- a. e :- d, \\+ b. query(e). evidence(\\+ c)."
    answer = nesy.solve(nesy.parse(text), Exact(compiler=compiler))
    # Given not c: a with 3/8; else, with 1/8 neither a nor b, d with 1/2.
    assert answer["e"].probability == pytest.approx(3 / 8 + 1 / 16, abs=ROUNDING)


def test_the_names_there_are() -> None:
    assert {"native", "d4", "pysdd"} <= set(names())
    with pytest.raises(EngineError) as caught:
        compiler_named("d5")
    assert caught.value.code == "unknown-compiler"
    assert "native" in str(caught.value.hint)


def test_a_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clausal, "find_spec", lambda _: None)
    with pytest.raises(EngineError) as caught:
        compiler_named("d4").compile_values(random_program(Random(0), conditioned=False))
    assert caught.value.code == "missing-compiler"
    assert "nesy[compilers]" in str(caught.value.hint)


def test_a_compiler_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "run_d4.py").write_text("raise SystemExit('out of ideas')")
    monkeypatch.setattr(clausal, "WORKERS", tmp_path)
    monkeypatch.setattr(clausal, "find_spec", lambda _: True)
    with pytest.raises(CompilationError, match="out of ideas") as caught:
        compiler_named("d4").compile_values(random_program(Random(0), conditioned=False))
    assert caught.value.code == "compiler-failed"


def install_compilers(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    install(monkeypatch, "nesy.compile.backends.registry:COMPILERS", *entries)


def test_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    install_compilers(
        monkeypatch,
        ("mine", "nesy.compile.backends.native:Native"),
        ("lost", "nesy.nowhere:X"),
        ("other", "builtins:dict"),
    )
    assert "mine" in names()
    assert compiler_named("mine").name == "native"
    for broken in ("lost", "other"):
        with pytest.raises(EngineError, match="invalid-compiler"):
            compiler_named(broken)


def test_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    install_compilers(monkeypatch, ("d4", "elsewhere:D4"))
    with pytest.raises(EngineError, match="duplicate-compiler"):
        names()
    assert compiler_named("native").name == "native"


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("compiler", [c for c in COMPILERS if c.values != ("native",)])
def test_larger_clauses_are_counted_alike(compiler: str, seed: int) -> None:
    """Beyond enumeration: exact counts of random 3-CNF by compilers that share nothing but the clauses."""
    rng = Random(seed)
    clauses = [tuple(v * rng.choice([1, -1]) for v in rng.sample(range(1, 27), 3)) for _ in range(44)]
    cnf = WeightedCnf(26, tuple(clauses))
    circuit = compiler_named(compiler).compile_values(cnf_program(cnf).program)
    counted = exact_values(Smooth(whole=True).run(circuit), [1] * 52)
    assert counted == [count_models(cnf)]
    assert counted[0] > 0
