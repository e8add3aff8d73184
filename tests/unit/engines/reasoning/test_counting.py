"""Counts of worlds: exact ones, and what approximate ones promise."""

from __future__ import annotations

from pathlib import Path

import pytest

import nesy
from nesy.engines.inference import Guarantee
from nesy.engines.reasoning import Hashing, counting, hashing
from nesy.errors import CompilationError

RING = "\n".join(
    [
        *(f"1/3::c({i},r); 1/3::c({i},g); 1/3::c({i},b). e({i},{(i + 1) % 12})." for i in range(12)),
        ":- e(X, Y), c(X, C), c(Y, C).",
    ]
)
COLOURINGS = 2**12 + 2
"""The chromatic polynomial of a cycle of n nodes with three colours: 2^n + 2 for even n."""


def test_exact() -> None:
    found = nesy.count(nesy.parse(RING))
    assert (found.value, found.guarantee, found.tolerance) == (COLOURINGS, Guarantee.EXACT, None)
    assert (int(found), str(found)) == (COLOURINGS, str(COLOURINGS))


def test_more_than_could_be_listed() -> None:
    assert nesy.count(nesy.parse("".join(f"0.5::f({i}).\n" for i in range(200)))).value == 2**200


def test_contradictions_have_no_world() -> None:
    rules = nesy.parse("0.5::a. evidence(a). :- a.")
    for method in ("exact", "auto"):
        assert nesy.count(rules, method=method).value == 0  # type: ignore[arg-type]


def test_projected() -> None:
    rules = nesy.parse(RING)
    assert nesy.count(rules, project=["c(0,C)", "c(2,C)"]).value == 9
    assert nesy.count(rules, project=["c(0,C)", "c(1,C)"]).value == 6


def test_too_many_to_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LISTABLE", 8)
    with pytest.raises(nesy.NesyError, match="too-many-models"):
        nesy.count(nesy.parse(RING), project=["c(0,C)", "c(2,C)"])
    assert nesy.count(nesy.parse(RING), project=["c(0,C)", "c(1,C)"]).value == 6


def test_approximate() -> None:
    pytest.importorskip("pyapproxmc", reason="an extra")
    options = Hashing(tolerance=0.5, confidence=0.9, seed=3)
    found = nesy.count(nesy.parse(RING), method="approximate", hashing=options)
    assert found.guarantee is Guarantee.ESTIMATE
    assert COLOURINGS / 1.5 <= found.value <= COLOURINGS * 1.5
    assert str(found) == f"about {found.value} (within a factor of 1.5, with probability 0.9 at least)"


def test_few_worlds_are_counted_exactly_by_hashing_too() -> None:
    pytest.importorskip("pyapproxmc", reason="an extra")
    rules = nesy.parse(RING)
    found = nesy.count(rules, project=["c(0,C)", "c(1,C)"], method="approximate")
    assert (found.value, found.guarantee) == (6, Guarantee.EXACT)
    contradiction = nesy.parse("0.5::a. evidence(a). :- a.")
    assert nesy.count(contradiction, method="approximate").value == 0
    assert nesy.count(rules, project=[], method="approximate").value == 1
    assert nesy.count(contradiction, project=[], method="approximate").value == 0


def test_auto_turns_to_hashing_where_memory_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyapproxmc", reason="an extra")

    def out_of_memory(*_: object) -> int:
        raise CompilationError("out-of-memory", "too large")

    monkeypatch.setattr(counting, "_compiled", out_of_memory)
    assert nesy.count(nesy.parse(RING), method="auto").guarantee is Guarantee.ESTIMATE
    with pytest.raises(nesy.NesyError, match="out-of-memory"):
        nesy.count(nesy.parse(RING))


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "find_spec", lambda _: None)
    with pytest.raises(nesy.NesyError, match="missing-package"):
        nesy.count(nesy.parse(RING), method="approximate")


def test_a_counter_that_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("raise SystemExit('no luck today')")
    monkeypatch.setattr(hashing, "find_spec", lambda _: True)
    monkeypatch.setattr(hashing, "WORKER", worker)
    with pytest.raises(nesy.NesyError, match="counter-failed") as caught:
        nesy.count(nesy.parse(RING), method="approximate")
    assert caught.value.message == "ApproxMC ended with code 1: no luck today"


@pytest.mark.parametrize("options", [{"tolerance": 0}, {"confidence": 1.0}, {"confidence": 0.0}])
def test_options_that_mean_nothing(options: dict[str, float]) -> None:
    with pytest.raises(nesy.NesyError, match="invalid-option"):
        Hashing(**options)  # type: ignore[arg-type]


def test_methods() -> None:
    with pytest.raises(nesy.NesyError, match="invalid-option"):
        nesy.count(nesy.parse(RING), method="quick")  # type: ignore[arg-type]
