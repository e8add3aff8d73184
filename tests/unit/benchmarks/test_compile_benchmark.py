"""The works of the compile benchmark, the reader of Bayesian networks, and processes with a time limit."""

from __future__ import annotations

import gzip
import time
from itertools import product
from pathlib import Path

import pytest

import nesy
from benchmarks.compile.isolated import isolated
from benchmarks.compile.programs import addition, grid, markov, random_cnf
from benchmarks.datasets.bayesian_networks import find_network, read_network
from nesy.errors import DataError
from nesy.grounding import ground

SPRINKLER = """network unknown {
}
variable Rain {
  type discrete [ 2 ] { yes, no };
}
variable Wet {
  type discrete [ 3 ] { Dry, Damp, Soaked };
}
probability ( Rain ) {
  table 0.2, 0.8;
}
probability ( Wet | Rain ) {
  (yes) 0.1, 0.3, 0.6;
  (no) 0.333, 0.333, 0.333;
}
"""


def test_a_network_becomes_rules_with_its_marginals(tmp_path: Path) -> None:
    path = tmp_path / "sprinkler.bif.gz"
    path.write_bytes(gzip.compress(SPRINKLER.encode()))
    network = read_network(path)
    assert network.values == {"Rain": ("yes", "no"), "Wet": ("Dry", "Damp", "Soaked")}
    solution = nesy.solve(nesy.parse(network.rules()))
    assert solution["value('Rain',yes)"].probability == pytest.approx(0.2)
    assert solution["value('Wet','Soaked')"].probability == pytest.approx(0.2 * 0.6 + 0.8 / 3, abs=1e-8)


@pytest.mark.parametrize(
    ("found", "instead", "reason"),
    [
        ("(no) 0.333, 0.333, 0.333;", "", "one row for each combination"),
        ("(yes) 0.1, 0.3, 0.6;", "(yes) 0.4, 0.6;", "one probability for each value"),
        ("Wet | Rain", "Wet | Snow", "not declared"),
        ("probability ( Rain ) {\n  table 0.2, 0.8;\n}", "", "one table for each variable"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(
    tmp_path: Path, found: str, instead: str, reason: str
) -> None:
    assert found in SPRINKLER
    path = tmp_path / "broken.bif"
    path.write_text(SPRINKLER.replace(found, instead), encoding="ascii")
    with pytest.raises(DataError, match=reason) as refused:
        read_network(path)
    assert refused.value.code == "corrupt-data"


def test_a_missing_network_says_where_it_was_sought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NESY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="nowhere-to-be-found") as refused:
        find_network("nowhere-to-be-found")
    assert refused.value.code == "missing-data"
    assert str(tmp_path) in str(refused.value)


def test_added_digits_have_the_given_sum() -> None:
    """Against all pairs of two-digit numbers, weighted by the digits' probabilities in the text."""
    text = addition(2)
    chance = {}
    for line in text.splitlines():
        for part in line.rstrip(".").split("; ") if "::" in line else ():
            weight, atom = part.split("::")
            image, digit = atom.removeprefix("digit(").removesuffix(")").split(", ")
            chance[image, int(digit)] = float(weight)
    total = [int(d) for d in text.rsplit("[", 1)[1].split("]")[0].split(",")]
    wanted = sum(d * 10**i for i, d in enumerate(total))
    expected = sum(
        chance["a0", p] * chance["a1", q] * chance["b0", r] * chance["b1", s]
        for p, q, r, s in product(range(10), repeat=4)
        if p + r + 10 * (q + s) == wanted
    )
    (answer,) = nesy.solve(nesy.parse(text)).values()
    assert expected > 0
    assert answer.probability == pytest.approx(expected)


def test_works_grow_with_their_size() -> None:
    for make, sizes in ((addition, (2, 4)), (markov, (2, 4)), (grid, (2, 3))):
        small, large = (ground(nesy.parse(make(n))) for n in sizes)
        assert len(small.symbols) < len(large.symbols)


def test_clauses_are_the_same_from_the_same_seed() -> None:
    drawn = random_cnf(20, 10, 3)
    assert drawn == random_cnf(20, 10, 3)
    assert drawn != random_cnf(20, 10, 4)
    assert all(len({abs(x) for x in clause}) == 3 for clause in drawn.clauses)
    assert len(drawn.program().condition) == 10
    assert drawn.dimacs().splitlines()[0] == "p cnf 20 10"


def sleeping(seconds: float) -> dict[str, float]:
    time.sleep(seconds)
    return {"slept": seconds}


def test_a_measurement_that_takes_too_long_is_ended() -> None:
    assert isolated(sleeping, 60.0, limit=0.5) == {"failed": "over 0.5 s"}
    assert isolated(sleeping, 0.01, limit=60.0) == {"slept": 0.01}
